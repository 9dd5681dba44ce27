"""Panel 3: the requests, in the order in which they came."""

from collections.abc import Hashable
from typing import NamedTuple

from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.text.redact import redact_text
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.glyphs import Role, age, fine_clock, milliseconds, running_time
from oidc_sim.tui.lists.columns import Column, texts
from oidc_sim.tui.lists.row_source import Remembered, RowCells, RowId, short
from oidc_sim.wire.operations import (
    CREATE_TOKEN_WITH_IAM,
    GET_CALLER_IDENTITY,
    GET_ROLE_CREDENTIALS,
    LIST_ACCOUNT_ROLES,
    START_DEVICE_AUTHORIZATION,
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
    """The colour's meaning for a request; status and outcome say the same in words."""
    if exchange.outcome in _WAITING:
        return Role.PENDING
    if exchange.fault or exchange.status >= _FAULTS_FROM:
        return Role.FAULT
    return Role.BAD if exchange.status >= _ERRORS_FROM else Role.GOOD


def _took(span_s: float) -> Printable:
    """A duration in thousandths; from one second on in its largest unit, rounded as a timeline has it."""
    return milliseconds(span_s) if span_s < _MAX_IN_MS else age(round(span_s))


def operation_of(exchange: Exchange) -> str:
    """AWS's name of the operation, in short; of a request for none, its path without the query."""
    if exchange.operation is not None:
        return _IN_SHORT.get(exchange.operation, exchange.operation)
    path = exchange.target.partition("?")[0]
    return path if exchange.method == "POST" else f"{exchange.method} {path}"


def _outcome(exchange: Exchange) -> str:
    """The outcome, with a mark where a fault made it, since that is no answer of the service's."""
    outcome = redact_text(exchange.outcome)
    return f"↯ {outcome}" if exchange.fault else outcome


def waiting_outcome(simulator: Simulator, exchange: Exchange) -> Printable | None:
    """Say what a request waits for, and since when; None for one that has its answer.

    ``held 0:24 of 0:30`` says that it ends by itself, ``paused`` that this does not come nearer because
    somebody edits its answer.
    """
    since = simulator.under_way.get(exchange.number)
    if since is None:
        return None
    tick = simulator.now().tick
    held = simulator.state.held.get(exchange.number)
    if held is None or held.decision is not None:
        return printable(f"{_outcome(exchange)}, waiting {running_time(tick - since)}")
    whole_s = simulator.state.policy.hold_s
    passed = running_time(whole_s - held.left_s(tick))
    how = exchange.outcome if held.paused_tick is None else "paused"
    return printable(f"{how} {passed} of {running_time(whole_s)}")


class RequestRow(NamedTuple):
    """A request, and what it waits for while it has no answer."""

    exchange: Exchange
    waiting: Printable | None

    @property
    def status(self) -> Printable:
        """The status of its answer, or dots."""
        is_answered = self.waiting is None and self.exchange.status
        return printable(str(self.exchange.status) if is_answered else "···")

    def once_answered(self, value: float) -> float | None:
        """A number that an answer brings with it."""
        return value if self.waiting is None else None


# fmt: off
REQUEST_COLUMNS = (
    Column(title=printable("TIME"), width=12, min_width=8, priority=3, is_clipped=True, is_largest_first=True,
           cell=lambda row: fine_clock(row.exchange.at), key=lambda row: row.exchange.at),
    Column(title=printable("#"), width=5, priority=2, align="right", gap=1, is_largest_first=True,
           cell=lambda row: printable(str(row.exchange.number)), key=lambda row: row.exchange.number),
    Column(title=printable("OPERATION"), width=14, min_width=12, priority=6,
           cell=lambda row: short(redact_text(operation_of(row.exchange))),
           key=lambda row: operation_of(row.exchange)),
    Column(title=printable("CODE"), width=4, priority=8, is_toned=True, is_largest_first=True,
           cell=lambda row: row.status, key=lambda row: row.once_answered(row.exchange.status) or None),
    Column(title=printable("OUTCOME"), width=21, min_width=15, priority=9, grows=True,
           cell=lambda row: row.waiting or short(_outcome(row.exchange)),
           key=lambda row: row.exchange.outcome),
    Column(title=printable("DEVICE"), width=9, priority=7, gap=1,
           cell=lambda row: short(row.exchange.user_code or ""), key=lambda row: row.exchange.user_code),
    Column(title=printable("MS"), width=3, priority=1, align="right", is_largest_first=True,
           cell=lambda row: printable("·") if row.waiting else _took(row.exchange.took_s),
           key=lambda row: row.once_answered(row.exchange.took_s)),
)
# fmt: on


class RequestRows:
    """A row for each exchange that the ring still has; an exchange never changes."""

    columns = REQUEST_COLUMNS

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

    def id_at(self, index: int) -> int:
        """The exchange's number."""
        return self._ring.dropped + index + 1

    def index_of(self, row_id: RowId) -> int | None:
        """Where an exchange is."""
        if not isinstance(row_id, int) or self._ring.get(row_id) is None:
            return None
        return row_id - self._ring.dropped - 1

    def row(self, row_id: RowId) -> RequestRow:
        """What columns are made of."""
        exchange = self._ring.get(int(row_id))
        if exchange is None:
            raise IndexError(row_id)
        return RequestRow(exchange, waiting_outcome(self._simulator, exchange))

    def cells(self, index: int) -> RowCells:
        """A text for each column."""
        row = self.row(self.id_at(index))
        exchange = row.exchange
        if row.waiting is not None:
            role = Role.FAULT if exchange.fault else Role.HELD
            return RowCells(texts(self.columns, row), row.waiting, role=role)
        version = (exchange.status, exchange.outcome)
        return self._made.row(
            exchange.number,
            version,
            lambda: RowCells(texts(self.columns, row), version, role=role_of(exchange)),
        )
