"""Which rows of the three lists are shown: all, or those that a filter lets through."""

from collections.abc import Mapping

from oidc_sim.filtering import Expression
from oidc_sim.filtering.nodes import Facts
from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.lists.facts import facts_of_client, facts_of_device, facts_of_exchange
from oidc_sim.tui.lists.filtered import FilteredRequests, FilteredRows
from oidc_sim.tui.lists.row_source import RowSource
from oidc_sim.tui.panels import Panel


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
