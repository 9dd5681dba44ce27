"""What each column of the three lists is sorted by, and the rows in that order."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from oidc_sim.engine.model import DeviceState
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import Printable, named
from oidc_sim.tui.lists.devices import DeviceRows, note
from oidc_sim.tui.lists.filtered import FilteredRequests, FilteredRows
from oidc_sim.tui.lists.requests import operation_of
from oidc_sim.tui.lists.row_source import RowId, RowSource
from oidc_sim.tui.lists.sort_order import Sort
from oidc_sim.tui.lists.sorted_requests import SortedRequests
from oidc_sim.tui.lists.sorted_rows import SortedRows
from oidc_sim.tui.panels import Panel
from oidc_sim.tui.times import clock

Key = Callable[[Any], Any]
"""What a column of one row is sorted by: a number, a text, or None where it says nothing."""
_STATES = {state: place for place, state in enumerate(DeviceState)}
_HELD = -1
"""Before all states: held ones wait for somebody."""
_NUMBERS = {
    Panel.CLIENTS: frozenset({3, 4, 5}),
    Panel.DEVICES: frozenset({3, 4, 5}),
    Panel.REQUESTS: frozenset({0, 1, 3, 6}),
}
"""Columns of which the largest come first: it is these that an operator looks for."""


class RowSorter:
    """Sorts the rows of one list."""

    def __init__(self, simulator: Simulator, panel: Panel) -> None:
        self._simulator = simulator
        self._panel = panel

    def starts_down(self, column: int) -> bool:
        """Whether the largest comes first as long as nobody asked."""
        return column in _NUMBERS[self._panel]

    def now(self) -> Printable:
        """The time of day."""
        return clock(self._simulator.now().at)

    def rows(self, source: RowSource, sort: Sort) -> SortedRows:
        """The rows in the order that they have now."""
        key = _KEYS[self._panel](self._simulator)[sort.column]

        def order(ids: Sequence[RowId]) -> list[RowId]:
            return in_order(ids, key, is_down=sort.is_down)

        if self._panel is Panel.REQUESTS:
            filtered = source if isinstance(source, FilteredRequests) else None
            return SortedRequests(source, order, lambda: filtered.corrections if filtered else 0)
        if isinstance(source, FilteredRows):
            return SortedRows(source, order, partial(_changes, source), is_newest_first=True)
        return SortedRows(source, order, lambda: _extent(source), is_newest_first=True)


def in_order(ids: Sequence[RowId], key: Key, *, is_down: bool) -> list[RowId]:
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
    """Differs when a row came or went: none comes back (``rows.newest_first``)."""
    return len(source), source.id_at(0) if len(source) else None


def _of_clients(simulator: Simulator) -> tuple[Key, ...]:
    clients, now = simulator.state.clients, simulator.now().at
    return (
        lambda id_: named(clients[id_].name).casefold(),
        lambda id_: id_,
        lambda _: "public",
        lambda id_: None if clients[id_].is_expired(now) else now - clients[id_].issued_at,
        lambda id_: clients[id_].devices,
        lambda id_: 0 if id_ in simulator.awaiting else now - clients[id_].last_seen_at,
    )


def _of_devices(simulator: Simulator) -> tuple[Key, ...]:
    devices, stories, at = simulator.state.devices, simulator.stories, simulator.now().at
    interval_s, rows = simulator.state.policy.interval_s, DeviceRows(simulator)
    held = frozenset(it.arrival.user_code for it in simulator.state.held.values())

    def state(code: str) -> int:
        return _HELD if code in held else _STATES[devices[code].state(at)]

    def left(code: str) -> float | None:
        device = devices[code]
        if device.collected_at is not None:
            return None
        return 0.0 if device.was_expired else max(0.0, device.expires_at - at)

    def noted(code: str) -> str:
        noted = note(devices[code], stories[code], devices[code].state(at), interval_s)
        return rows.waiting(code) or noted

    return (
        state,
        lambda code: code,
        lambda code: named(devices[code].client_name).casefold(),
        lambda code: None if devices[code].browser else devices[code].polls,
        lambda code: stories[code].cadence.every_s,
        left,
        noted,
    )


def _of_requests(simulator: Simulator) -> tuple[Key, ...]:
    ring, under_way = simulator.log.exchanges, simulator.under_way

    def of(read: Key) -> Key:
        return lambda number: read(ring.get(number))

    def answered(read: Key) -> Key:
        return lambda number: None if number in under_way else read(ring.get(number))

    return (
        of(lambda it: it.at),
        lambda number: number,
        of(operation_of),
        answered(lambda it: it.status or None),
        of(lambda it: it.outcome),
        of(lambda it: it.user_code),
        answered(lambda it: it.took_s),
    )


_KEYS: Mapping[Panel, Callable[[Simulator], tuple[Key, ...]]] = {
    Panel.CLIENTS: _of_clients,
    Panel.DEVICES: _of_devices,
    Panel.REQUESTS: _of_requests,
}
