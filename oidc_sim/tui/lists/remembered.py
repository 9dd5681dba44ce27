"""Rows that were made already."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from textual.cache import LRUCache

from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.lists.row_source import RowCells, RowId

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
