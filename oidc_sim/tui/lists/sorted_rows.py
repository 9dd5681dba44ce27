"""The rows of a list in an order that was taken once, and that no change of a row moves."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence

from oidc_sim.tui.lists.row_source import RowCells, RowId, RowSource

Order = Callable[[Sequence[RowId]], list[RowId]]
"""Sorts ids; it is asked once."""


class SortedRows:
    """Rows of another source, ranked when made. What came since stands in front, or at the end.

    What left and comes back, as under a filter, has its rank still. While nothing comes or goes, a
    frame costs what it costs without.
    """

    def __init__(
        self,
        source: RowSource,
        order: Order,
        membership: Callable[[], Hashable],
        *,
        is_newest_first: bool,
    ) -> None:
        """Take the order.

        Args:
            source: The rows in their own order.
            order: Sorts them.
            membership: Differs whenever a row may have come or gone.
            is_newest_first: Whether new rows come first in the source.
        """
        self._source = source
        self._membership = membership
        self._is_newest_first = is_newest_first
        self._ranked = order([source.id_at(index) for index in range(len(source))])
        self._ranks = {row_id: rank for rank, row_id in enumerate(self._ranked)}
        self._kept = list(range(len(self._ranked)))
        """Ranks of those that are still there, which makes a place a matter of one search."""
        self._fresh: list[RowId] = []
        self._fresh_places: dict[RowId, int] = {}
        self._seen = membership()

    @property
    def version(self) -> Hashable:
        """Moves with the rows in their own order."""
        return self._source.version

    @property
    def new(self) -> int:
        """How many came since the order was taken."""
        self._look()
        return len(self._fresh)

    def __len__(self) -> int:
        self._look()
        return len(self._kept) + len(self._fresh)

    def id_at(self, index: int) -> RowId:
        """The id at a place of the order."""
        self._look()
        at_fresh = index - self._fresh_begin
        if 0 <= at_fresh < len(self._fresh):
            return self._fresh[at_fresh]
        return self._ranked[self._kept[index - self._kept_begin]]

    def index_of(self, row_id: RowId) -> int | None:
        """Where a row is in the order."""
        self._look()
        if (place := self._fresh_place(row_id)) is not None:
            return self._fresh_begin + place
        rank = self._ranks.get(row_id)
        if rank is None:
            return None
        place = bisect_left(self._kept, rank)
        is_there = place < len(self._kept) and self._kept[place] == rank
        return self._kept_begin + place if is_there else None

    def cells(self, index: int) -> RowCells:
        """What the row shows."""
        row_id = self.id_at(index)
        place = self._source.index_of(row_id)
        if place is None:
            raise IndexError(row_id)
        return self._source.cells(place)

    @property
    def _fresh_begin(self) -> int:
        return 0 if self._is_newest_first else len(self._kept)

    @property
    def _kept_begin(self) -> int:
        return len(self._fresh) if self._is_newest_first else 0

    def _fresh_place(self, row_id: RowId) -> int | None:
        return self._fresh_places.get(row_id)

    def _look(self) -> None:
        seen = self._membership()
        if seen != self._seen:
            self._seen = seen
            self._walk()

    def _walk(self) -> None:
        ids = [self._source.id_at(index) for index in range(len(self._source))]
        self._kept = sorted(self._ranks[row_id] for row_id in ids if row_id in self._ranks)
        self._fresh = [row_id for row_id in ids if row_id not in self._ranks]
        self._fresh_places = {row_id: place for place, row_id in enumerate(self._fresh)}
