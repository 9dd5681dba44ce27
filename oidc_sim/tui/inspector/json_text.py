"""JSON laid out and coloured by what each piece is; nested members can be folded away.

The tones differ in weight and slant too, so that they survive ``NO_COLOR``.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from oidc_sim.text.marks import ELLIPSIS
from oidc_sim.tui.bars.lines import Line, Span, Tone, line
from oidc_sim.tui.cells import Printable, printable_lines

_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_TOKEN = re.compile(
    rf"(?P<name>{_STRING})(?=:)|(?P<string>{_STRING})|(?P<number>-?\d[\d.eE+-]*+)"
    r"|(?P<word>true|false|null)|(?P<plain>[^\"\dtfn-]++|.)"
)
_TONES = {
    "name": Tone.NAME,
    "string": Tone.STRING,
    "number": Tone.NUMBER,
    "word": Tone.WORD,
    "plain": Tone.PLAIN,
}


def laid_out(value: Any, *, is_folded: bool = False) -> str:
    """JSON with a member a line; folded, what lies in members is only counted."""
    if not is_folded or not isinstance(value, dict | list):
        return json.dumps(value, indent=2, ensure_ascii=False)
    start, end = "{}" if isinstance(value, dict) else "[]"
    members = ",\n".join(_members(value))
    return f"{start}\n{members}\n{end}" if members else start + end


def json_lines(text: str) -> Iterator[Line]:
    """The lines of a text that ``laid_out`` made, in colours; a long one goes on a little further in."""
    for shown in printable_lines(text):
        indent = len(shown) - len(shown.lstrip(" "))
        yield line(*_spans(shown), hang=indent + 2)


def _members(value: dict[str, Any] | list[Any]) -> Iterator[str]:
    if isinstance(value, list):
        yield from (f"  {_folded(it)}" for it in value)
        return
    for name, it in value.items():
        yield f"  {json.dumps(name, ensure_ascii=False)}: {_folded(it)}"


def _folded(value: Any) -> str:
    if isinstance(value, dict) and value:
        return f"{{{ELLIPSIS} {len(value):,} member{'s' if len(value) > 1 else ''}}}"
    if isinstance(value, list) and value:
        return f"[{ELLIPSIS} {len(value):,} item{'s' if len(value) > 1 else ''}]"
    return json.dumps(value, ensure_ascii=False)


def _spans(shown: Printable) -> Iterator[Span]:
    for token in _TOKEN.finditer(shown):
        yield Span(Printable(token[0]), _TONES[token.lastgroup or "plain"])
