"""Rows as the device panel will have them: state, client, polls."""

from collections.abc import Hashable

from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs, Look
from oidc_sim.tui.lists.row_source import RowCells, RowId


class Devices:
    """Devices by user code, newest first."""

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        self.rows: dict[RowId, RowCells] = {}
        self.changes = 0
        self._glyphs = glyphs

    def put(
        self, code: str, look: Look = Look.PENDING, client: str = "aws-cli", polls: int = 0
    ) -> None:
        """Adds a device in front, or changes it in its place."""
        cells = (self._glyphs.label(look), printable(client), printable(f"{polls:,}"))
        self.changes += 1
        row = RowCells(cells, version=self.changes, role=look.role)
        self.rows = {**self.rows, code: row} if code in self.rows else {code: row, **self.rows}

    def remove(self, code: str) -> None:
        """A device that lapsed."""
        self.changes += 1
        del self.rows[code]

    @property
    def version(self) -> Hashable:
        return self.changes

    def __len__(self) -> int:
        return len(self.rows)

    def id_at(self, index: int) -> RowId:
        return list(self.rows)[range(len(self.rows))[index]]

    def index_of(self, row_id: RowId) -> int | None:
        return list(self.rows).index(row_id) if row_id in self.rows else None

    def cells(self, index: int) -> RowCells:
        return self.rows[self.id_at(index)]
