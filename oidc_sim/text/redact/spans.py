"""Stretches of bytes and what is shown instead of them."""

from collections.abc import Iterable
from typing import NamedTuple

from oidc_sim.text.marks import cut


class Span(NamedTuple):
    """A stretch that is not shown as it is."""

    start: int
    end: int
    shown: bytes


def cut_span(data: bytes, start: int, end: int) -> Span:
    """A secret, of which its ends are shown."""
    return Span(start, end, cut(data[start:end].decode("latin-1")).encode("latin-1"))


def replaced(data: bytes, spans: Iterable[Span]) -> bytes:
    """The data with each stretch replaced; of two that overlap, the rest of the later one is left out."""
    pieces: list[bytes] = []
    at = 0
    for start, end, shown in sorted(spans, key=lambda it: (it.start, -it.end)):
        if end <= at:
            continue
        pieces += [data[at:start], shown] if start >= at else []
        at = end
    return b"".join([*pieces, data[at:]]) if at else data
