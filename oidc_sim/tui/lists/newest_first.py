"""The keys of a dictionary that grows at its end, newest first, with places looked up fast."""

from collections.abc import Hashable
from typing import Any


class NewestFirst:
    """Places of the keys of a dictionary in which no key comes back once it left.

    Such a dictionary's keys are as they were if and only if their number and the last of them are:
    whatever left made room for a newer last one. So one look tells whether anything came or went.
    """

    def __init__(self, mapping: dict[str, Any]) -> None:
        self._mapping = mapping
        self._seen: Hashable = None
        self._keys: list[str] = []
        self._places: dict[str, int] = {}

    @property
    def version(self) -> Hashable:
        """Differs when a key came or left."""
        return len(self._mapping), next(reversed(self._mapping), None)

    def __len__(self) -> int:
        return len(self._mapping)

    def at(self, place: int) -> str:
        """The key at a place, 0 being the newest."""
        self._look()
        return self._keys[-1 - place]

    def place_of(self, key: object) -> int | None:
        """Where a key is, or None when it is gone."""
        self._look()
        place = self._places.get(key) if isinstance(key, str) else None
        return None if place is None else len(self._keys) - 1 - place

    def _look(self) -> None:
        if self._seen == self.version:
            return
        self._seen = self.version
        self._keys = list(self._mapping)
        self._places = {key: place for place, key in enumerate(self._keys)}
