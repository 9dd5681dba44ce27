"""A bounded, numbered store.

``collections.deque(maxlen=…)`` bounds too, but reaches its middle in linear time, and the screen
looks at the middle ten times a second.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Ring(Generic[T]):
    """The last ``capacity`` items, each under its number; numbers start at 1 and never repeat."""

    __slots__ = ("_slots", "capacity", "dropped", "seen")

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.seen = 0
        """How many were ever appended; also the number of the newest."""
        self.dropped = 0
        """How many are gone; also the number of the newest that is."""
        self._slots: list[T | None] = []

    def append(self, item: T) -> T | None:
        """Add one; when full, the oldest goes, and is given back."""
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
        """Let the oldest go before its time, and give it back; None when there is none."""
        if self.dropped == self.seen:
            return None
        place = self.dropped % self.capacity
        gone, self._slots[place] = self._slots[place], None
        self.dropped += 1
        return gone

    def __len__(self) -> int:
        return self.seen - self.dropped

    def get(self, number: int) -> T | None:
        """The item with this number; None if it is gone or not there yet."""
        if self.dropped < number <= self.seen:
            return self._slots[(number - 1) % self.capacity]
        return None

    def since(self, number: int) -> Iterator[T]:
        """All that are kept and newer than this number, oldest first; to be read at one go."""
        for n in range(max(number, self.dropped), self.seen):
            yield cast("T", self._slots[n % self.capacity])
