"""Rows that a filter lets through, in the list's own order, and the facts that filters ask of a row."""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Mapping
from itertools import islice

from oidc_sim.engine.model import Client, Device
from oidc_sim.filtering import Expression, Fields
from oidc_sim.filtering.language import Facts
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Log
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.lists.requests import role_of
from oidc_sim.tui.lists.row_source import RowCells, RowId, RowSource
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.operations import request_facts
from oidc_sim.wire.portal import TOKEN_HEADER

ASKED_AT_ONCE = 2000
"""Requests that a new filter is asked about in one look; some 15 ms (ten thousand stop the keys)."""


class FilteredRequests:
    """Requests that fit a filter, each asked about once, and again when a held one gets its answer.

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


FIELDS = {
    Panel.CLIENTS: Fields(frozenset({"client", "grant", "scope"}), "clients have no {}"),
    Panel.DEVICES: Fields(
        frozenset({"client", "code", "scope", "state"}), "device codes have no {}"
    ),
    Panel.REQUESTS: Fields(
        frozenset(
            {"agent", "client", "code", "endpoint", "grant", "op", "scope"}
            | {"error", "fault", "held", "ms", "status"}
        ),
        "requests have no {}",
    ),
}
"""What can be asked of the rows of each list."""
_TOKEN_NAME = TOKEN_HEADER.encode()
_AGENT, _TOKEN = (
    re.compile(rb"(?:[^\n]*\n[^\n]*\n)*?%s\n([^\n]*)" % name, re.IGNORECASE)
    for name in (b"user-agent", _TOKEN_NAME)
)
"""In packed headers, where names and values take turns."""
_FAILED = frozenset({Role.BAD, Role.FAULT})


def facts_of_exchange(exchange: Exchange, simulator: Simulator) -> Facts:
    """Facts of a request, as rules know it, and of its answer; under way it has no status yet.

    The code and the client id that were issued to it are facts of the answer. The state of its device is
    none of them, for it goes on changing.
    """
    is_under_way = exchange.number in simulator.under_way
    state, packed = simulator.state, exchange.packed_headers
    asked = request_facts(
        exchange.operation,
        exchange.target,
        exchange.request_body,
        state,
        exchange.at,
        agent=_header(_AGENT, packed),
        token=_header(_TOKEN, packed) if _TOKEN_NAME in packed.lower() else "",
    )
    client_id = asked.client_id or exchange.client_id
    client = state.clients.get(client_id or "")
    name = asked.client_name or (client.name if client else None)
    return {
        "agent": asked.user_agent,
        "client": tuple(one for one in (name, client_id) if one),
        "code": asked.user_code or exchange.user_code,
        "endpoint": asked.endpoint,
        "error": not is_under_way and role_of(exchange) in _FAILED,
        "fault": exchange.fault is not None,
        "grant": asked.grant_type,
        "held": exchange.number in simulator.state.held,
        "ms": None if is_under_way else exchange.took_s * 1000,
        "op": exchange.operation,
        "outcome": exchange.outcome,  # for bare words only, as are slow_down and the like
        "scope": asked.scopes or (client.scopes if client else ()),
        "status": None if is_under_way else exchange.status,
    }


def facts_of_device(device: Device, at: float) -> Facts:
    """Facts of a device code or a browser sign-in at simulated time ``at``."""
    return {
        "client": (device.client_name, device.client_id),
        "code": device.user_code,
        "scope": device.scopes,
        "state": device.state(at).value,
    }


def facts_of_client(client: Client) -> Facts:
    """Facts of a registration; its grants are those it may use."""
    return {
        "client": (client.name, client.client_id),
        "grant": client.grant_types,
        "scope": client.scopes,
    }


def _header(pattern: re.Pattern[bytes], packed: bytes) -> str:
    found = pattern.match(packed)
    return found[1].decode("utf-8", "surrogateescape") if found else ""


class Choosing:
    """Remembers each list's own rows and the filter that lies over them."""

    def __init__(self, simulator: Simulator, sources: Mapping[Panel, RowSource]) -> None:
        self._simulator = simulator
        self._all = dict(sources)
        self.filters: dict[Panel, Expression] = {}
        """By list; none for a list that shows all."""
        self._reading: FilteredRequests | None = None
        self._facts: dict[int, tuple[Exchange, Facts]] = {}

    def choose(self, panel: Panel, expression: Expression | None) -> RowSource:
        """The rows to show from here on; None or an empty filter is all of them."""
        source = self._all[panel]
        if panel is Panel.REQUESTS:
            self._reading = None
        if expression is None or expression.is_everything:
            self.filters.pop(panel, None)
            return source
        self.filters[panel] = expression
        log = self._simulator.log
        if panel is Panel.REQUESTS:
            self._reading = FilteredRequests(source, log, expression, self._exchange)
            return self._reading
        facts = self._client if panel is Panel.CLIENTS else self._device
        return FilteredRows(source, log, expression, facts)

    def is_whole(self, panel: Panel) -> bool:
        """Whether the rows that a list shows are all that fit; thousands are gone through by and by."""
        return panel is not Panel.REQUESTS or self._reading is None or self._reading.is_whole

    def read_on(self) -> bool:
        """Go through some more, to be called now and then; whether these were the last."""
        if self._reading is None or self._reading.is_whole:
            return False
        self._reading.read_on()
        return self._reading.is_whole

    def total(self, panel: Panel) -> int:
        """How many rows there are without the filter."""
        return len(self._all[panel])

    def _exchange(self, exchange: Exchange) -> Facts:
        """Made once, since each key that is typed asks about every request."""
        known = self._facts.get(exchange.number)
        if known is not None and known[0] is exchange:
            return known[1]
        if len(self._facts) >= 2 * self._simulator.log.exchanges.capacity:
            self._facts.clear()
        facts = facts_of_exchange(exchange, self._simulator)
        self._facts[exchange.number] = (exchange, facts)
        return facts

    def _client(self, client_id: str) -> Facts:
        return facts_of_client(self._simulator.state.clients[client_id])

    def _device(self, user_code: str) -> Facts:
        device = self._simulator.state.devices[user_code]
        return facts_of_device(device, self._simulator.now().at)
