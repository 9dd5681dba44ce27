"""A body as a person reads it: JSON laid out, secrets cut, everything printable.

JSON laid out and coloured by what each piece is; nested members can be folded away.

The tones differ in weight and slant too, so that they survive ``NO_COLOR``.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from oidc_sim.text.redact import redact
from oidc_sim.text.redact.marks import ELLIPSIS
from oidc_sim.tui.bars.lines import Line, Span, Tone, line
from oidc_sim.tui.cells import Printable, printable_bytes, printable_lines
from oidc_sim.tui.inspector.facts import muted

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
    members = ",\n".join(_json_members(value))
    return f"{start}\n{members}\n{end}" if members else start + end


def json_lines(text: str) -> Iterator[Line]:
    """The lines of a text that ``laid_out`` made, in colours; a long one goes on a little further in."""
    for shown in printable_lines(text):
        indent = len(shown) - len(shown.lstrip(" "))
        yield line(*_spans(shown), hang=indent + 2)


def _json_members(value: dict[str, Any] | list[Any]) -> Iterator[str]:
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


MAX_LINES = 400
"""More than anybody reads; the rest is counted."""
_MAX_LAID_OUT = 16 * 1024
"""Bytes of JSON that are laid out; real bodies are below 8 KiB (T-31)."""


def body_lines(body: bytes, *, is_folded: bool = False) -> list[Line]:
    """The lines of a body, its secrets cut to their ends; folded, only the outermost members of JSON."""
    if not body:
        return [muted("(no body)")]
    shown = redact(body)
    text = _text(shown, is_folded=is_folded)
    if text is None:
        lines = [line(printable_bytes(part)) for part in shown.split(b"\n")]
    else:
        lines = [*json_lines(text)]
    if len(lines) <= MAX_LINES:
        return lines
    return [*lines[:MAX_LINES], muted(f"{len(lines) - MAX_LINES:,} more lines")]


class _NotPlainError(ValueError):
    """JSON that Python would not give back as it came."""


def _text(body: bytes, *, is_folded: bool) -> str | None:
    """JSON with a member a line; None for what is no JSON, or would lose something on the way.

    A name that stands twice and a number that Python reads otherwise are the very faults that a
    person looks for, so such a body stays as it came.
    """
    if len(body) > _MAX_LAID_OUT:
        return None
    try:
        value = json.loads(
            body,
            object_pairs_hook=_members,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        return laid_out(value, is_folded=is_folded)
    except (ValueError, RecursionError):
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _NotPlainError
    return members


def _refuse(text: str) -> Any:
    raise _NotPlainError(text)
