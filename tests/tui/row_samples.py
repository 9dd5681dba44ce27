"""Row sources for tests: one that anything can happen to, and one that counts what it is asked."""

from collections import deque
from collections.abc import Hashable, Iterable

from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.lists.row_source import RowCells, RowId


def cells_of(row_id: RowId, note: str = "") -> RowCells:
    """Three columns: the id, a note, and nothing."""
    return RowCells(
        (printable(str(row_id)), printable(note), printable("")), version=note, role=Role.PENDING
    )


class Rows:
    """A list of ids that a test changes as it likes."""

    def __init__(self, ids: Iterable[RowId] = ()) -> None:
        self.ids: list[RowId] = list(ids)
        self.notes: dict[RowId, str] = {}

    @property
    def version(self) -> Hashable:
        return (tuple(self.ids), tuple(self.notes.items()))

    def __len__(self) -> int:
        return len(self.ids)

    def id_at(self, index: int) -> RowId:
        return self.ids[range(len(self.ids))[index]]

    def index_of(self, row_id: RowId) -> int | None:
        return self.ids.index(row_id) if row_id in self.ids else None

    def cells(self, index: int) -> RowCells:
        row_id = self.id_at(index)
        return cells_of(row_id, self.notes.get(row_id, ""))


class Ring:
    """What a request log is: rows come at the end, the oldest go; counts how often it is asked."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows: deque[int] = deque(maxlen=size)
        self.seen = 0
        self.asked = 0

    def add(self, count: int = 1) -> None:
        for _ in range(count):
            self.rows.append(self.seen)
            self.seen += 1

    @property
    def version(self) -> Hashable:
        return self.seen

    def __len__(self) -> int:
        return len(self.rows)

    def id_at(self, index: int) -> RowId:
        self.asked += 1
        return self.seen - len(self.rows) + range(len(self.rows))[index]

    def index_of(self, row_id: RowId) -> int | None:
        self.asked += 1
        index = int(row_id) - (self.seen - len(self.rows))
        return index if 0 <= index < len(self.rows) else None

    def cells(self, index: int) -> RowCells:
        return cells_of(self.id_at(index))
