"""Takes the server away for a while and brings it back: refused, crashed, or slow to accept.

The listening sockets are really closed, so that clients see a server that is down. Meanwhile the
control API cannot be reached either: an absence ends when its time is over, or at once when its rule is
removed, by key or by a reset. Real time counts, by the listener's clock.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from socket import socket

from oidc_sim.engine.commands import Reset
from oidc_sim.faults.row import Away
from oidc_sim.record.debug_log import report_failure
from oidc_sim.server.http.listener import Listener
from oidc_sim.server.http.sockets import Bound, ListenError, bind_again
from oidc_sim.simulator.simulator import Simulator

LOOKS_EVERY_S = 0.1
TRIES_EVERY_S = 1.0
"""Between attempts to listen again, where another process has taken the port meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The absence that a fault asks for."""

    how: Away
    seconds: float
    rule_id: int | None = None
    """The rule, or the hold of a held request, whose removal ends the absence; None where it is gone."""
    forgets: bool = False
    """True if the server comes back without its state."""
    backlog: int = 0
    """Connections that the system takes meanwhile, one more than this on Linux."""


@dataclass(slots=True)
class _Absence:
    leave: Leave
    until: float
    kept: tuple[socket, ...] = field(default=())
    """Sockets that listen while nobody is accepted."""


class Absences:
    """Sends one listener away, and sees that it comes back."""

    def __init__(
        self,
        listener: Listener,
        bound: Bound,
        simulator: Simulator,
        note: Callable[[str], object],
    ) -> None:
        """Take the listener and where it listens; ``note`` gets sentences for the person."""
        self._listener = listener
        self._bound = bound
        self._simulator = simulator
        self._note = note
        self._away: _Absence | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._returning: asyncio.Task[None] | None = None

    @property
    def is_away(self) -> bool:
        """True while nobody is accepted."""
        return self._away is not None

    def begin(self, leave: Leave) -> None:
        """Go away, or stay away for longer; connections of a crash are reset all the same."""
        until = self._listener.now() + leave.seconds
        if leave.how is Away.CRASH:
            self._listener.reset_all()
        if self._away is not None:
            forgets = self._away.leave.forgets or leave.forgets
            self._away.leave = replace(self._away.leave, forgets=forgets)
            self._away.until = max(self._away.until, until)
            return
        self._away = _Absence(leave, until, self._shut(leave))
        self._note(_leave_text(leave))
        self._arm()

    def close(self) -> None:
        """Do not come back: the server stops."""
        if self._timer is not None:
            self._timer.cancel()
        if self._returning is not None:
            self._returning.cancel()
        for sock in self._away.kept if self._away else ():
            sock.close()

    def _shut(self, leave: Leave) -> tuple[socket, ...]:
        if leave.how is Away.SLOW_CONNECT:
            return self._listener.stop_accepting(leave.backlog)
        self._listener.shut()
        return ()

    def _arm(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(LOOKS_EVERY_S, self._look)

    def _look(self) -> None:
        away = self._away
        assert away is not None  # noqa: S101 - the timer is not armed else
        rule_id = away.leave.rule_id
        is_removed = rule_id is not None and rule_id not in self._simulator.state.rules
        if is_removed or self._listener.now() >= away.until:
            self._returning = asyncio.ensure_future(self._come_back(away))
        else:
            self._arm()

    async def _come_back(self, away: _Absence) -> None:
        try:
            if away.leave.forgets:
                self._simulator.dispatch(Reset())
            away.kept = away.kept or await self._bind_again()
            await self._listener.open(away.kept)
        except Exception as error:  # noqa: BLE001 - whatever it is, the server must not stay away
            self._note(report_failure("cannot come back yet, tries on", error))
            self._timer = asyncio.get_running_loop().call_later(TRIES_EVERY_S, self._look)
            return
        self._away = None
        self._note("the server is back")

    async def _bind_again(self) -> tuple[socket, ...]:
        """Listen as before, however long another process keeps the port."""
        is_noted = False
        while True:
            try:
                return bind_again(self._bound, self._listener.limits.backlog).sockets
            except ListenError as error:
                if not is_noted:
                    self._note(f"cannot come back yet, tries on: {error}")
                is_noted = True
            await asyncio.sleep(TRIES_EVERY_S)


def _leave_text(leave: Leave) -> str:
    what = {
        Away.REFUSE: "is away: connections are refused",
        Away.CRASH: "crashed: connections are refused",
        Away.SLOW_CONNECT: "is slow: connections are not accepted",
    }[leave.how]
    ends = "" if leave.rule_id is None else f"; removing rule {leave.rule_id} ends it"
    return f"the server {what} for {leave.seconds:g} s{ends}"
