"""What clients have begun to send and not ended: how much of it is kept in all, and that it is given back.

Each connection has bounds of its own, but ten thousand of them would still be gigabytes of half-sent heads
(T-33, T-46). So their bytes are counted together, with the requests that wait behind another one on
their connection; when they are too many, whoever began first has to go. An honest request is whole a
moment after it began.

Python and the C library keep what is freed for themselves: after a flood the process would stay as large
as it was at its worst. So what the flood left is handed back to the system.
"""

from collections.abc import Callable
from functools import cache
from typing import Protocol

CONNECTION_BYTES = 12_288
"""An open connection by itself."""
WORTH_GIVING_BACK = 2 * 2**20
"""Bytes, of which each may be six in memory; giving back takes milliseconds."""


class Sender(Protocol):
    """Whoever has begun to send a request."""

    def abort(self) -> None:
        """Drop the connection."""


class Unfinished:
    """The bytes that are kept of requests that are not whole."""

    def __init__(self, most_bytes: int, give_back: Callable[[], object]) -> None:
        self._most_bytes = most_bytes
        self._give_back = give_back
        self._sizes: dict[Sender, int] = {}
        """In the order in which they began."""
        self.total = 0
        self.dropped = 0
        """Connections that had to go."""
        self._most_since = 0
        """Of the bytes, since the last look."""
        self._peak = 0

    def keep(self, sender: Sender, size: int) -> None:
        """Note that so much of a sender's is kept now; 0 for nothing."""
        self.total += size - self._sizes.get(sender, 0)
        self._most_since = max(self._most_since, self.total)
        if size:
            self._sizes[sender] = size
        else:
            self._sizes.pop(sender, None)
        while self.total > self._most_bytes:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = next(iter(self._sizes))
        self.total -= self._sizes.pop(oldest)
        self.dropped += 1
        oldest.abort()

    def look(self, open_connections: int) -> None:
        """Give back what a flood left behind; to be called now and then."""
        kept = self.total + open_connections * CONNECTION_BYTES
        self._peak = max(self._peak, kept, self._most_since)
        self._most_since = self.total
        if self._peak - kept >= WORTH_GIVING_BACK:
            self._peak = kept
            self._give_back()


@cache
def _c_librarys() -> Callable[[int], object]:
    """The ``malloc_trim`` of glibc; other C libraries have none, and keep less for themselves."""
    import ctypes  # for floods alone

    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # TypeError: Windows knows no library None
        return lambda _: None
    return trim


def give_back_memory() -> None:
    """Hand what is free to the system."""
    _c_librarys()(0)
