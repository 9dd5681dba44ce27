"""A body as a person reads it: JSON laid out, secrets cut, everything printable."""

import json
from typing import Any

from oidc_sim.text.redact import redact
from oidc_sim.tui.bars.lines import Line, line
from oidc_sim.tui.cells import printable_bytes
from oidc_sim.tui.inspector.facts import muted
from oidc_sim.tui.inspector.json_text import json_lines, laid_out

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
