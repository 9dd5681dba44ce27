"""Lines about one request and its response, as HTTP, as curl, and as a diff against the true response.

Bodies are laid out as JSON where that loses nothing, with secrets cut and everything printable. Tones
differ in weight and slant too, so that they survive ``NO_COLOR``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import Any

from oidc_sim.evidence.har import head_bytes
from oidc_sim.record.exchange import Exchange
from oidc_sim.text.redact import as_sent, redact, redact_header, redact_text
from oidc_sim.text.redact.marks import ELLIPSIS
from oidc_sim.tui.bars.page import (
    BLANK,
    RULE,
    Line,
    Tone,
    TonedText,
    fact,
    line,
    muted,
    plain,
    rule,
    stranger,
    toned,
)
from oidc_sim.tui.cells import Printable, joined, printable, printable_bytes, printable_lines
from oidc_sim.tui.glyphs import Role, fine_clock, milliseconds
from oidc_sim.tui.lists.requests import role_of
from oidc_sim.wire.curl import as_curl

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
    """A text of ``laid_out`` as coloured lines; a long line goes on a little further in."""
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


def _spans(shown: Printable) -> Iterator[TonedText]:
    for token in _TOKEN.finditer(shown):
        yield TonedText(Printable(token[0]), _TONES[token.lastgroup or "plain"])


MAX_LINES = 400
"""Lines shown of a body, more than anybody reads; the rest is counted."""
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


def _text(body: bytes, *, is_folded: bool) -> str | None:
    """JSON with a member a line; None for what is no JSON, or would lose something on the way.

    A name that stands twice and a number that Python reads otherwise are the very faults that a
    person looks for, so such a body stays as it came.
    """
    if len(body) > _MAX_LAID_OUT:
        return None
    try:
        value = json.loads(
            body, object_pairs_hook=_members, parse_float=_refuse, parse_constant=_refuse
        )
        return laid_out(value, is_folded=is_folded)
    except (ValueError, RecursionError):
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice")
    return members


def _refuse(text: str) -> Any:
    raise ValueError(text)


_FILE_NAMES = 2
"""Lines at the start of a unified diff that name files."""
_HANG = 2
_BY_HAND = "edited by hand"


def difference_lines(
    exchange: Exchange, true: Sequence[Printable], sent: Sequence[Printable]
) -> Iterator[Line]:
    """The fault's name, or a note that the answer was edited, and the diff; nothing for a true answer.

    ``true`` and ``sent`` are the lines of the two responses, secrets cut.
    """
    fault = exchange.fault
    if fault is not None:
        yield line(TonedText(joined(printable("fault: "), printable(fault)), Role.FAULT))
    elif exchange.true_response:
        yield line(TonedText(printable(_BY_HAND), Role.HELD))
    else:
        return
    if not true:
        yield BLANK
        return
    yield muted("- the true response, + what was sent instead")
    diff = [*unified_diff(true, sent, lineterm="")][_FILE_NAMES:]
    yield from map(_line, diff)
    if not diff:
        yield muted("no difference: it was only late, or cut on its way")
    yield BLANK
    yield rule(printable("as sent"), RULE)


def _line(text: str) -> Line:
    mark, rest = text[:1], Printable(text[1:])
    if mark == "@":
        return line(TonedText(Printable(text), Tone.MUTED))
    tone = {"+": Role.GOOD, "-": Role.BAD}.get(mark, Tone.PLAIN)
    return line(TonedText(joined(printable(f"{mark} "), rest), tone), hang=_HANG)


def exchange_facts(exchange: Exchange, waiting: Printable | None) -> list[Line]:
    """Number, operation, time and outcome; ``waiting`` says what an unanswered request waits for."""
    status = exchange.status or "···"
    outcome = joined(printable(f"{status}  "), waiting or stranger(exchange.outcome))
    took = [printable(", took "), milliseconds(exchange.took_s), _MS] if waiting is None else []
    return [
        fact("request", printable(f"#{exchange.number}  "), _endpoint(exchange)),
        *([fact("operation", printable(exchange.operation))] if exchange.operation else []),
        fact("at", fine_clock(exchange.at), *took),
        fact("outcome", toned(outcome, role_of(exchange) if waiting is None else Role.HELD)),
        fact("bytes", printable(_sizes(exchange))),
    ]


def request_lines(exchange: Exchange, *, is_folded: bool = False) -> list[Line]:
    """The request: first line, headers as they came, body."""
    return [
        _start(_endpoint(exchange)),
        *(_header(name, redact_header(name, value)) for name, value in exchange.request_headers),
        BLANK,
        *body_lines(exchange.request_body, is_folded=is_folded),
    ]


def response_lines(exchange: Exchange, *, is_folded: bool = False) -> list[Line]:
    """The response: what a fault changed in it, status line, headers in order, body."""
    head, body = exchange.response_head, exchange.response_body
    true = true_response(exchange)
    changed = difference_lines(exchange, _texts(*true) if true else (), _texts(head, body))
    return [*changed, *_as_sent(exchange, is_folded=is_folded)]


def true_response(exchange: Exchange) -> tuple[bytes, bytes] | None:
    """Head and body of the response without the fault; None where there was no fault."""
    if not exchange.true_response:
        return None
    head, end, body = exchange.true_response.partition(b"\r\n\r\n")
    return head + end, body


def not_yet_lines(waiting: Printable) -> list[Line]:
    """Lines in place of a response, for a request that is held or delayed by a fault."""
    return [plain("Not answered yet:"), line(toned(waiting, Role.HELD))]


def _texts(head: bytes, body: bytes) -> list[Printable]:
    if not head:
        return []
    return [one.text for one in (*head_lines(head), BLANK, *body_lines(body))]


def _as_sent(exchange: Exchange, *, is_folded: bool) -> list[Line]:
    if not exchange.response_head and exchange.fault:
        return [plain("The client got no response.")]
    if not exchange.response_head:
        return [
            plain("Refused before the service saw it:"),
            line(
                toned(
                    joined(printable(f"{exchange.status}  "), stranger(exchange.outcome)), Role.BAD
                )
            ),
        ]
    return [
        *head_lines(exchange.response_head),
        BLANK,
        *body_lines(exchange.response_body, is_folded=is_folded),
    ]


def head_lines(head: bytes) -> list[Line]:
    """A response's head without the empty line at its end."""
    status, *headers = head.rstrip(b"\r\n").split(b"\r\n")
    split = (header.partition(b": ") for header in headers)
    return [
        _start(printable_bytes(status)),
        *(_header(name, redact_header(name, value)) for name, _, value in split),
    ]


def curl_lines(exchange: Exchange, url: str) -> list[Line]:
    """The request as a command, with what the keys do."""
    return [
        line(curl_of(exchange, url), hang=2),
        BLANK,
        muted("Y copies it; Y again copies it with the secrets in full."),
    ]


def curl_of(exchange: Exchange, url: str, *, shows_secrets: bool = False) -> Printable:
    """The command on one line; ``url`` is the server's base URL."""
    return printable(
        as_curl(
            exchange.method,
            url + exchange.target,
            exchange.request_headers,
            exchange.request_body,
            shows_secrets=shows_secrets,
        )
    )


def _sizes(exchange: Exchange) -> str:
    asked = f"{head_bytes(exchange):,} + {len(exchange.request_body):,}"
    given = f"{len(exchange.response_head):,} + {len(exchange.response_body):,}"
    return f"in {asked}, out {given} (head + body)"


_MS = printable(" ms")


def _endpoint(exchange: Exchange) -> Printable:
    target = printable_bytes(redact(as_sent(exchange.target)))
    return joined(printable(f"{redact_text(exchange.method)} "), target)


def _start(text: Printable) -> Line:
    return line(TonedText(text, Tone.STRONG), hang=2)


def _header(name: bytes, value: bytes) -> Line:
    label = TonedText(printable(f"{printable_bytes(redact(name))}: "), Tone.MUTED)
    return line(label, printable_bytes(value), hang=2)
