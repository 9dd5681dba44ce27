"""The rows of a list that a filter lets through, in the list's own order."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable
from itertools import islice

from oidc_sim.filtering import Expression
from oidc_sim.filtering.nodes import Facts
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Log
from oidc_sim.tui.lists.row_source import RowCells, RowId, RowSource

ASKED_AT_ONCE = 2000
"""Requests that a new filter is asked about in one look; some 15 ms (ten thousand stop the keys)."""


class FilteredRequests:
    """Requests that fit. Each is asked about once, and again when a held one gets its answer.

    So a frame costs what came since the last one, however many requests there are. Those that were
    there before the filter are asked about by ``read_on``, the newest first.
    """

    def __init__(
        self,
        source: RowSource,
        log: Log,
        expression: Expression,
        facts: Callable[[Exchange], Facts],
    ) -> None:
        self._source = source
        self._log = log
        self._expression = expression
        self._facts = facts
        self.corrections = 0
        """How often one came elsewhere than at the end, or left from elsewhere than the beginning."""
        self._seen = self._unread = log.exchanges.seen
        self._seq = log.entries.seen
        self._numbers: list[int] = []
        self._first = 0
        """Numbers before this place are dropped; they are cut off now and then."""
        self.read_on()

    @property
    def version(self) -> Hashable:
        """Moves with the unfiltered rows, and while it is read on."""
        return self._source.version, self._unread

    @property
    def is_whole(self) -> bool:
        """Whether the filter was asked about all that there is."""
        return self._unread <= self._log.exchanges.dropped

    def read_on(self) -> None:
        """Ask about some of those that were there before the filter."""
        if self.is_whole:
            return
        ring = self._log.exchanges
        begin = max(self._unread - ASKED_AT_ONCE, ring.dropped)
        older = islice(ring.since(begin), self._unread - begin)
        fit = [it.number for it in older if self._expression.matches(self._facts(it))]
        self._numbers[self._first : self._first] = fit
        self.corrections += bool(fit)
        self._unread = begin

    def __len__(self) -> int:
        self._look()
        return len(self._numbers) - self._first

    def id_at(self, index: int) -> RowId:
        """The exchange's number."""
        self._look()
        return self._numbers[self._first + index]

    def index_of(self, row_id: RowId) -> int | None:
        """Where an exchange is among those that fit."""
        self._look()
        if not isinstance(row_id, int):
            return None
        place = bisect_left(self._numbers, row_id, self._first)
        is_there = place < len(self._numbers) and self._numbers[place] == row_id
        return place - self._first if is_there else None

    def cells(self, index: int) -> RowCells:
        """What the unfiltered list shows of it."""
        return _cells(self._source, self.id_at(index))

    def _look(self) -> None:
        ring, entries = self._log.exchanges, self._log.entries
        if (self._seen, self._seq) != (ring.seen, entries.seen):
            self._answered()
            for exchange in ring.since(self._seen):
                if self._expression.matches(self._facts(exchange)):
                    self._numbers.append(exchange.number)
            self._seen, self._seq = ring.seen, entries.seen
        self._forget(ring.dropped)

    def _answered(self) -> None:
        """Ask again about requests that had their number before, and an entry of their own since."""
        for entry in self._log.entries.since(self._seq):
            if isinstance(entry.what, Exchange) and entry.what.number <= self._seen:
                self._ask_again(entry.what)

    def _ask_again(self, exchange: Exchange) -> None:
        if exchange.number <= self._unread:
            return
        place = bisect_left(self._numbers, exchange.number, self._first)
        is_there = place < len(self._numbers) and self._numbers[place] == exchange.number
        fits = self._expression.matches(self._facts(exchange))
        self.corrections += fits is not is_there
        if fits and not is_there:
            insort(self._numbers, exchange.number, self._first)
        elif is_there and not fits:
            del self._numbers[place]

    def _forget(self, dropped: int) -> None:
        while self._first < len(self._numbers) and self._numbers[self._first] <= dropped:
            self._first += 1
        if self._first > len(self._numbers) // 2:
            del self._numbers[: self._first]
            self._first = 0


class FilteredRows:
    """Clients or device codes that fit: few enough to be asked again whenever the log moved."""

    def __init__(
        self,
        source: RowSource,
        log: Log,
        expression: Expression,
        facts: Callable[[str], Facts],
    ) -> None:
        self._source = source
        self._log = log
        self._expression = expression
        self._facts = facts
        self._looked: Hashable = None
        self.changes = 0
        """How often a row came or left."""
        self._ids: list[RowId] = []
        self._places: dict[RowId, int] = {}

    @property
    def version(self) -> Hashable:
        """Moves with the unfiltered rows."""
        return self._source.version

    def __len__(self) -> int:
        self._look()
        return len(self._ids)

    def id_at(self, index: int) -> RowId:
        """A client id or a user code."""
        self._look()
        return self._ids[index]

    def index_of(self, row_id: RowId) -> int | None:
        """Where a row is among those that fit."""
        self._look()
        return self._places.get(row_id)

    def cells(self, index: int) -> RowCells:
        """What the unfiltered list shows of it."""
        return _cells(self._source, self.id_at(index))

    def _look(self) -> None:
        looked = (self._log.seq, len(self._source))
        if looked == self._looked:
            return
        self._looked = looked
        ids = (self._source.id_at(index) for index in range(len(self._source)))
        fit = [one for one in ids if self._expression.matches(self._facts(str(one)))]
        if fit == self._ids:
            return
        self._ids, self.changes = fit, self.changes + 1
        self._places = {row_id: place for place, row_id in enumerate(self._ids)}


def _cells(source: RowSource, row_id: RowId) -> RowCells:
    index = source.index_of(row_id)
    if index is None:
        raise IndexError(row_id)
    return source.cells(index)
