"""Finds what was issued here by its mark, and cuts stretches of bytes (T-40).

Every code, secret and token carries ``SIMULATED``: a stranger may put one into a path, a name or a member
that nobody knows, and there it is known by that alone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

MARK = "SIMULATED"
"""In every code, secret and token that could be taken for a live one."""
ELLIPSIS = "..."
"""Three dots of ASCII, because a curl command is made of it too."""
_SHOWN = 4
_SHORTEST = 3 * _SHOWN
"""Length up to which no character of a secret is shown."""
_SHORTEST_ISSUED = 24
"""Characters: all that is issued is longer, and so the word itself may be said."""
_RUN = re.compile(rb"(?:[A-Za-z0-9_.+:%~/-]|\\/)++=*+")
"""Characters of base64, a JWT or a token, also percent-encoded, or with JSON's escaped slash."""


def cut(secret: str) -> str:
    """Keep the first and last four characters: enough to tell two secrets apart. What is cut stays so."""
    if len(secret) <= _SHORTEST:
        is_cut = secret[_SHOWN:-_SHOWN] == ELLIPSIS
        return secret if is_cut else ELLIPSIS
    return secret[:_SHOWN] + ELLIPSIS + secret[-_SHOWN:]


def marked_runs(data: bytes) -> Iterator[tuple[int, int]]:
    """Find where something that was issued here begins and ends."""
    if MARK.encode() not in data and b"%" not in data:
        return
    for run in _RUN.finditer(data):
        if len(run[0]) >= _SHORTEST_ISSUED and MARK.encode() in unquote_to_bytes(run[0]):
            yield run.span()


class Span(NamedTuple):
    """A stretch that is not shown as it is."""

    start: int
    end: int
    shown: bytes


def cut_span(data: bytes, start: int, end: int) -> Span:
    """Make the span of a secret, of which its ends are shown."""
    return Span(start, end, cut(data[start:end].decode("latin-1")).encode("latin-1"))


def replaced(data: bytes, spans: Iterable[Span]) -> bytes:
    """Replace each stretch; of two that overlap, the rest of the later one is left out."""
    pieces: list[bytes] = []
    at = 0
    for start, end, shown in sorted(spans, key=lambda it: (it.start, -it.end)):
        if end <= at:
            continue
        pieces += [data[at:start], shown] if start >= at else []
        at = end
    return b"".join([*pieces, data[at:]]) if at else data
