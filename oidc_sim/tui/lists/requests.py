"""Panel 3: the requests, in the order in which they came."""

from collections.abc import Hashable

from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.text.redact import redact_text
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.glyphs import Role, age, fine_clock, milliseconds, running_time
from oidc_sim.tui.lists.columns import Column
from oidc_sim.tui.lists.row_source import Remembered, RowCells, RowId, short
from oidc_sim.wire.operations import (
    CREATE_TOKEN_WITH_IAM,
    GET_CALLER_IDENTITY,
    GET_ROLE_CREDENTIALS,
    LIST_ACCOUNT_ROLES,
    START_DEVICE_AUTHORIZATION,
)

REQUEST_COLUMNS = (
    Column(title=printable("TIME"), width=12, min_width=8, priority=3, is_clipped=True),
    Column(title=printable("#"), width=5, priority=2, align="right", gap=1),
    Column(title=printable("OPERATION"), width=14, min_width=12, priority=6),
    Column(title=printable("CODE"), width=4, priority=8, is_toned=True),
    Column(title=printable("OUTCOME"), width=21, min_width=15, priority=9, grows=True),
    Column(title=printable("DEVICE"), width=9, priority=7, gap=1),
    Column(title=printable("MS"), width=3, priority=1, align="right"),
)
_IN_SHORT = {
    START_DEVICE_AUTHORIZATION.name: "StartDevice",
    CREATE_TOKEN_WITH_IAM.name: "TokenWithIAM",
    LIST_ACCOUNT_ROLES.name: "ListRoles",
    GET_ROLE_CREDENTIALS.name: "GetRoleCreds",
    GET_CALLER_IDENTITY: "GetCallerId",
}
"""AWS's long names in at most twelve cells: cut at their ends, two of them would look alike."""
_MAX_IN_MS = 1.0
"""Seconds up to which three cells hold a duration in thousandths."""
_ERRORS_FROM = 400
_FAULTS_FROM = 500
_WAITING = frozenset({"authorization_pending", "slow_down"})
"""Refusals that are no failure: the client is to ask again (RFC 8628 §3.5)."""


def role_of(exchange: Exchange) -> Role:
    """The meaning of its colour; its status and outcome say the same in words."""
    if exchange.outcome in _WAITING:
        return Role.PENDING
    if exchange.fault or exchange.status >= _FAULTS_FROM:
        return Role.FAULT
    return Role.BAD if exchange.status >= _ERRORS_FROM else Role.GOOD


class RequestRows:
    """A row for each exchange that the ring still has; an exchange never changes."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._ring = simulator.log.exchanges
        self._made = Remembered()

    @property
    def version(self) -> Hashable:
        """Moves with each request, with the log that completes them, and with the seconds of those under way."""
        if not self._simulator.under_way:
            return self._ring.seen, self._simulator.log.seq
        return self._ring.seen, self._simulator.log.seq, int(self._simulator.now().tick)

    def __len__(self) -> int:
        return len(self._ring)

    def id_at(self, index: int) -> RowId:
        """The exchange's number."""
        return self._ring.dropped + index + 1

    def index_of(self, row_id: RowId) -> int | None:
        """Where an exchange is."""
        if not isinstance(row_id, int) or self._ring.get(row_id) is None:
            return None
        return row_id - self._ring.dropped - 1

    def cells(self, index: int) -> RowCells:
        """Time, number, operation, status, outcome, device, duration."""
        number = self._ring.dropped + index + 1
        exchange = self._ring.get(number)
        if exchange is None:
            raise IndexError(index)
        told = waiting_outcome(self._simulator, exchange)
        if told is not None:
            role = Role.FAULT if exchange.fault else Role.HELD
            return RowCells(_cells_under_way(exchange, told), told, role=role)
        version = (exchange.status, exchange.outcome)
        return self._made.row(
            number, version, lambda: RowCells(_cells(exchange), version, role=role_of(exchange))
        )


def _took(span_s: float) -> Printable:
    """In thousandths; of a request that was held for a person, in its largest unit, rounded as its timeline has it."""
    return milliseconds(span_s) if span_s < _MAX_IN_MS else age(round(span_s))


def operation_of(exchange: Exchange) -> str:
    """AWS's name of what was asked, in short; of what is no operation, the path without its query."""
    if exchange.operation is not None:
        return _IN_SHORT.get(exchange.operation, exchange.operation)
    path = exchange.target.partition("?")[0]
    return path if exchange.method == "POST" else f"{exchange.method} {path}"


def _outcome(exchange: Exchange) -> str:
    """With the fault that made it, since that is no answer of the service's."""
    outcome = redact_text(exchange.outcome)
    return f"↯ {outcome}" if exchange.fault else outcome


def waiting_outcome(simulator: Simulator, exchange: Exchange) -> Printable | None:
    """What a request waits for, and how long it did; None for one that has its answer.

    ``held 0:24 of 0:30`` says that it ends by itself, ``paused`` that this does not come nearer because
    somebody edits its answer.
    """
    since, tick = simulator.under_way.get(exchange.number), simulator.now().tick
    if since is None:
        return None
    held = simulator.state.held.get(exchange.number)
    if held is None or held.decision is not None:
        return printable(f"{_outcome(exchange)}, waiting {running_time(tick - since)}")
    whole_s = simulator.state.policy.hold_s
    passed = running_time(whole_s - held.left_s(tick))
    how = exchange.outcome if held.paused_tick is None else "paused"
    return printable(f"{how} {passed} of {running_time(whole_s)}")


def _cells_under_way(exchange: Exchange, told: Printable) -> tuple[Printable, ...]:
    time, number, operation, _, _, device, _ = _cells(exchange)
    return time, number, operation, printable("···"), told, device, printable("·")


def _cells(exchange: Exchange) -> tuple[Printable, ...]:
    return (
        fine_clock(exchange.at),
        printable(str(exchange.number)),
        short(redact_text(operation_of(exchange))),
        printable(str(exchange.status) if exchange.status else "···"),
        short(_outcome(exchange)),
        short(exchange.user_code or ""),
        _took(exchange.took_s),
    )
