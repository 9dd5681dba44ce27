"""What happened since the last look that the screen does not see by itself."""

from dataclasses import dataclass
from typing import TypeGuard

from oidc_sim.engine.events import (
    AutoApproveSet,
    ClientExpired,
    ClientRestored,
    DeedDone,
    DeedUndone,
    Polled,
)
from oidc_sim.engine.held import BY_ITSELF
from oidc_sim.engine.model import Actor, DeviceState
from oidc_sim.engine.waiting_events import HeldDecided, PollAnswered
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Log
from oidc_sim.simulator.simulator import Simulator

Elsewhere = AutoApproveSet | ClientExpired | ClientRestored | DeedDone | DeedUndone | HeldDecided
"""What is told on the hint line when somebody else decided it, or nobody in time."""


@dataclass(frozen=True, slots=True)
class News:
    """What came in between two looks."""

    from_elsewhere: Elsewhere | None = None
    """The last thing that somebody else decided, on the page, by a script or automatically."""
    moved_totals: bool = False
    """Whether more happened than polls."""


class NewsReader:
    """Reads each log entry once; of those that the ring dropped unread it hears nothing."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._read = 0

    def read(self) -> News:
        """What is new."""
        decided: Elsewhere | None = None
        moved = False
        for entry in self._log.entries.since(self._read):
            what = entry.what
            if isinstance(what, Exchange | Polled | PollAnswered):
                continue
            moved = True
            if isinstance(what, DeedDone | DeedUndone | ClientExpired | ClientRestored):
                decided = decided if what.by is Actor.OPERATOR else what
            elif isinstance(what, AutoApproveSet) or _is_by_itself(what):
                decided = what
        self._read = self._log.seq
        return News(decided, moved)


def _is_by_itself(what: object) -> TypeGuard[HeldDecided]:
    """Whether a held request was let go because its time was over."""
    return isinstance(what, HeldDecided) and what.decision.how == BY_ITSELF


def count_pending(simulator: Simulator) -> int:
    """How many device codes wait for a decision."""
    at = simulator.now().at
    devices = simulator.state.devices.values()
    return sum(device.state(at) is DeviceState.PENDING for device in devices)


def count_releasing(simulator: Simulator) -> int:
    """Held requests that are decided about and still here: the server lets them go by and by."""
    return len(simulator.state.decided)
