"""The rows that a live list shows: what it asks a source for, and places and rows that are remembered."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol

from textual.cache import LRUCache

from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.glyphs import Role

RowId = str | int
"""Name of a row for as long as it lives, and after; two rows never share one."""


@dataclass(frozen=True, slots=True)
class RowCells:
    """The cells that one row shows."""

    cells: tuple[Printable, ...]
    """A text for each column, in the columns' order, uncut."""
    version: Hashable
    """Differs when anything of this row does; a row of the same version is not painted again."""
    role: Role | None = None
    """Colours the toned columns."""


class RowSource(Protocol):
    """The rows of a list, in the order in which they are shown.

    Each method must cost the same however many rows there are, or have been: a frame calls them
    for the rows that it shows only. Rows may come and go anywhere between two calls of the list.
    """

    @property
    def version(self) -> Hashable:
        """Differs when any row does, or came, or went."""
        ...

    def __len__(self) -> int: ...

    def id_at(self, index: int) -> RowId:
        """The id of the row at an index that exists."""
        ...

    def index_of(self, row_id: RowId) -> int | None:
        """Where a row is now, or None when it is gone."""
        ...

    def cells(self, index: int) -> RowCells:
        """What the row at an index that exists shows."""
        ...


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


MAX_ROWS = 512
"""Rows remembered by one source: a few screens (T-46)."""
_MAX_TEXT = 256
"""Characters of a stranger's text that a cell can need; the inspector shows all of it."""


@dataclass(slots=True)
class Remembered:
    """The last rows that were made, each under its version."""

    _rows: LRUCache[RowId, RowCells] = field(default_factory=lambda: LRUCache(MAX_ROWS))

    def row(self, row_id: RowId, version: Hashable, make: Callable[[], RowCells]) -> RowCells:
        """The row of this version, made now unless it was before."""
        row = self._rows.get(row_id)
        if row is None or row.version != version:
            row = make()
            self._rows[row_id] = row
        return row


def short(text: str) -> Printable:
    """A stranger's text for a cell: its beginning, printable."""
    return printable(text[:_MAX_TEXT])
