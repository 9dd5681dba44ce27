"""Requests in an order that was taken once, while more of them come and the oldest are dropped."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable

from oidc_sim.tui.lists.row_source import RowId, RowSource
from oidc_sim.tui.lists.sorted_rows import Order, SortedRows


class SortedRequests(SortedRows):
    """New ones stand at the end, in the order in which they came.

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
