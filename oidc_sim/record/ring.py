"""A bounded, numbered store.

``collections.deque(maxlen=…)`` bounds too, but reaches its middle in linear time, and the screen
looks at the middle ten times a second.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Ring(Generic[T]):
    """The last ``capacity`` items, each under its number; numbers start at 1 and never repeat."""

    __slots__ = ("_slots", "capacity", "seen")

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.seen = 0
        """How many were ever appended; also the number of the newest."""
        self._slots: list[T] = []

    def append(self, item: T) -> None:
        """Add one; when full, the oldest goes."""
        if self.seen < self.capacity:
            self._slots.append(item)
        else:
            self._slots[self.seen % self.capacity] = item
        self.seen += 1

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def dropped(self) -> int:
        """How many are gone."""
        return self.seen - len(self._slots)

    def get(self, number: int) -> T | None:
        """The item with this number; None if it is gone or not there yet."""
        if self.dropped < number <= self.seen:
            return self._slots[(number - 1) % self.capacity]
        return None

    def since(self, number: int) -> Iterator[T]:
        """All that are kept and newer than this number, oldest first."""
        for n in range(max(number, self.dropped), self.seen):
            yield self._slots[n % self.capacity]
