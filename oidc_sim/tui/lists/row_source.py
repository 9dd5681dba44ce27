"""What a live list asks for its rows."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from oidc_sim.tui.cells import Printable
from oidc_sim.tui.glyphs import Role

RowId = str | int
"""Names a row for as long as it lives, and after; two rows never share one."""


@dataclass(frozen=True, slots=True)
class RowCells:
    """What one row shows."""

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
