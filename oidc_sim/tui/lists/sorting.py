"""Rows ordered by a column, in an order that was taken once and that no change of a row moves."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Protocol

from oidc_sim.tui.cells import Printable
from oidc_sim.tui.glyphs import clock
from oidc_sim.tui.lists.columns import Column, Sort
from oidc_sim.tui.lists.filtered import FilteredRequests, FilteredRows
from oidc_sim.tui.lists.requests import RequestRows
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
        """Take the order of the source's rows; ``membership`` differs whenever one may have come or gone."""
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


class SortedRequests(SortedRows):
    """Requests ranked when made; new ones stand at the end, in the order in which they came.

    A frame costs what came and was dropped since the last one: there may be ten thousand. That they
    come with growing numbers at the end, and go at the beginning, is what makes that possible.
    """

    def __init__(self, source: RowSource, order: Order, corrections: Callable[[], int]) -> None:
        self._corrections = corrections
        """How often a row came or went anywhere else: then all are looked at."""
        self._corrected = corrections()
        self._arrived: deque[RowId] = deque()
        self._last: RowId = 0
        super().__init__(source, order, lambda: source.version, is_newest_first=False)
        self._walk_all()

    def _walk(self) -> None:
        corrected = self._corrections()
        if corrected == self._corrected:
            self._drop()
            self._take_in()
        if corrected != self._corrected or len(self._kept) + len(self._fresh) != len(self._source):
            self._walk_all()
        self._corrected = corrected

    def _walk_all(self) -> None:
        super()._walk()
        length = len(self._source)
        ids = [self._source.id_at(index) for index in range(length)]
        self._arrived = deque(row_id for row_id in ids if row_id in self._ranks)
        self._last = ids[-1] if ids else self._last

    def _drop(self) -> None:
        first = int(self._source.id_at(0)) if len(self._source) else int(self._last) + 1
        while self._arrived and int(self._arrived[0]) < first:
            rank = self._ranks[self._arrived.popleft()]
            del self._kept[bisect_left(self._kept, rank)]
        del self._fresh[: bisect_left(self._fresh, first, key=int)]

    def _take_in(self) -> None:
        came: list[RowId] = []
        for index in reversed(range(len(self._source))):
            row_id = self._source.id_at(index)
            if int(row_id) <= int(self._last):
                break
            came.append(row_id)
        self._fresh.extend(reversed(came))
        self._last = came[0] if came else self._last

    def _fresh_place(self, row_id: RowId) -> int | None:
        if not isinstance(row_id, int):
            return None
        place = bisect_left(self._fresh, row_id, key=int)
        return place if place < len(self._fresh) and self._fresh[place] == row_id else None


class ColumnRows(RowSource, Protocol):
    """Rows that know their columns, and what these are made of."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of this list."""
        ...

    def row(self, row_id: RowId) -> object:
        """What columns are made of."""
        ...


class RowSorter:
    """Sorts the rows of one list by its columns."""

    def __init__(self, every: ColumnRows, now: Callable[[], float]) -> None:
        """Sort these rows, filtered or not; ``now`` is simulated time, seconds since 1970."""
        self._every = every
        self._now = now

    def starts_down(self, column: int) -> bool:
        """Whether the largest comes first as long as nobody asked."""
        return self._every.columns[column].is_largest_first

    def now(self) -> Printable:
        """The time of day."""
        return clock(self._now())

    def rows(self, source: RowSource, sort: Sort) -> SortedRows:
        """The rows in the order that they have now."""
        key, row = self._every.columns[sort.column].key, self._every.row

        def order(ids: Sequence[RowId]) -> list[RowId]:
            return in_order(ids, lambda row_id: key(row(row_id)), is_down=sort.is_down)

        if isinstance(self._every, RequestRows):
            filtered = source if isinstance(source, FilteredRequests) else None
            return SortedRequests(source, order, lambda: filtered.corrections if filtered else 0)
        if isinstance(source, FilteredRows):
            return SortedRows(source, order, partial(_changes, source), is_newest_first=True)
        return SortedRows(source, order, lambda: _extent(source), is_newest_first=True)


def in_order(ids: Sequence[RowId], key: Callable[[Any], Any], *, is_down: bool) -> list[RowId]:
    """Sorted; of equals the first stays first, and what says nothing comes last either way."""
    keyed = [(key(row_id), row_id) for row_id in ids]
    said = [pair for pair in keyed if pair[0] is not None and pair[0] != ""]
    unsaid = [row_id for value, row_id in keyed if value is None or value == ""]
    said.sort(key=itemgetter(0), reverse=is_down)
    return [row_id for _, row_id in said] + unsaid


def _changes(source: FilteredRows) -> int:
    """Differs when a row came or went; looks first."""
    len(source)
    return source.changes


def _extent(source: RowSource) -> tuple[int, RowId | None]:
    """Differs when a row came or went, for none comes back (``NewestFirst``)."""
    return len(source), source.id_at(0) if len(source) else None
