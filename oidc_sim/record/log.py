"""Keeps everything that happened under one sequence of numbers, in bounded stores.

``collections.deque(maxlen=…)`` bounds too, but reaches its middle in linear time, and the screen looks at
the middle ten times a second.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar, cast

from oidc_sim.engine.events import ClientRegistered, Event
from oidc_sim.record.exchange import Exchange

T = TypeVar("T")


class Ring(Generic[T]):
    """The last ``capacity`` items, each under its number; numbers start at 1 and never repeat."""

    __slots__ = ("_slots", "capacity", "dropped", "seen")

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.seen = 0
        """Number of items ever appended; also the number of the newest."""
        self.dropped = 0
        """Number of items that are gone; also the number of the newest of them."""
        self._slots: list[T | None] = []

    def append(self, item: T) -> T | None:
        """Add an item; when full, the oldest goes, and is returned."""
        seen = self.seen
        self.seen = seen + 1
        if seen < self.capacity:
            self._slots.append(item)
            return None
        place = seen % self.capacity
        gone, self._slots[place] = self._slots[place], item
        if gone is not None:
            self.dropped += 1
        return gone

    def replace(self, number: int, item: T) -> bool:
        """Put another item under this number; False if it is gone, or not there yet."""
        if not self.dropped < number <= self.seen:
            return False
        self._slots[(number - 1) % self.capacity] = item
        return True

    def drop_oldest(self) -> T | None:
        """Drop the oldest before its time, and return it; None when there is none."""
        if self.dropped == self.seen:
            return None
        place = self.dropped % self.capacity
        gone, self._slots[place] = self._slots[place], None
        self.dropped += 1
        return gone

    def __len__(self) -> int:
        return self.seen - self.dropped

    def get(self, number: int) -> T | None:
        """Give the item with this number; None if it is gone or not there yet."""
        if self.dropped < number <= self.seen:
            return self._slots[(number - 1) % self.capacity]
        return None

    def since(self, number: int) -> Iterator[T]:
        """Yield all that are kept and newer than this number, oldest first; to be read at one go."""
        for n in range(max(number, self.dropped), self.seen):
            yield cast("T", self._slots[n % self.capacity])


EXCHANGES_KEPT = 10_000
"""Exchanges that the request list can show."""
BYTES_KEPT = 64 * 2**20
"""Bytes of what strangers sent; ten thousand exchanges of real clients need half of it (T-46)."""


HELD_WEIGHT = 3
"""A request without an answer is kept as the client's bytes, as text, and in the record."""


class Entry(NamedTuple):
    """An event or exchange with its number in the log."""

    seq: int
    what: Event | Exchange
    weight: int = 0
    """Bytes of it that a stranger chose; equal bodies are counted each time."""


class Log:
    """Two rings over the same happenings: every entry in order, and the exchanges by themselves.

    Both are bounded by number; a flood of big requests drops the oldest before that.
    """

    def __init__(self, exchanges_kept: int = EXCHANGES_KEPT, bytes_kept: int = BYTES_KEPT) -> None:
        self.entries: Ring[Entry] = Ring(2 * exchanges_kept)
        self.exchanges: Ring[Exchange] = Ring(exchanges_kept)
        self.turned_away = 0
        """Requests that have no entry, so that pages of other sites cannot fill these rings."""
        self._bytes_left = bytes_kept
        self._reserved: dict[int, int] = {}
        """Weights of requests that have no answer yet, by their numbers."""
        self._bytes_reservable = bytes_kept

    @property
    def seq(self) -> int:
        """Number of the newest entry; it moves whenever anything happened."""
        return self.entries.seen

    def note(self, event: Event) -> None:
        """Add an event of the engine."""
        self._add(event, _weight(event) if isinstance(event, ClientRegistered) else 0)

    def record(self, exchange: Exchange) -> None:
        """Add an exchange, whose number is ``exchanges.seen + 1``."""
        self.exchanges.append(exchange)
        self._add(exchange, _weight(exchange))

    @property
    def has_room(self) -> bool:
        """Whether there is memory for the requests that wait for their answer."""
        return self._bytes_reservable >= 0

    def reserve(self, exchange: Exchange) -> None:
        """Give a request its number, ``exchanges.seen + 1``, before it is answered."""
        self.exchanges.append(exchange)
        weight = self._reserved[exchange.number] = HELD_WEIGHT * _weight(exchange)
        self._bytes_reservable -= weight
        self._bytes_left -= weight
        if self._bytes_left < 0:
            self._make_room()

    def complete(self, exchange: Exchange) -> None:
        """Add an exchange whose number was reserved; it is a happening of now."""
        weight = self._reserved.pop(exchange.number, 0)
        self._bytes_reservable += weight
        self._bytes_left += weight
        self.exchanges.replace(exchange.number, exchange)
        self._add(exchange, _weight(exchange))

    def _add(self, what: Event | Exchange, weight: int) -> None:
        gone = self.entries.append(Entry(self.entries.seen + 1, what, weight))
        self._bytes_left += (gone.weight if gone else 0) - weight
        if self._bytes_left < 0:
            self._make_room()

    def _make_room(self) -> None:
        while self._bytes_left < 0 and (gone := self.entries.drop_oldest()) is not None:
            self._bytes_left += gone.weight
            if isinstance(gone.what, Exchange):
                for _ in range(self.exchanges.dropped, gone.what.number):
                    self.exchanges.drop_oldest()


def _weight(what: ClientRegistered | Exchange) -> int:
    if isinstance(what, ClientRegistered):
        return sum(map(len, (what.name, *what.scopes, *what.redirect_uris)))
    sent = len(what.target) + len(what.packed_headers) + len(what.request_body)
    return sent + len(what.response_body) + len(what.true_response)


@lru_cache(maxsize=1024)
def same_bytes(body: bytes) -> bytes:
    """Give the first of equal bodies: a client's polls are all alike, so they are kept once."""
    return body
