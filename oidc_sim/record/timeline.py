"""One device's story in few lines: what happened, with equal polls in a row told as one."""

from collections import deque
from dataclasses import dataclass, field

from oidc_sim.engine import events as e
from oidc_sim.engine.model import Actor

MOMENTS_KEPT = 100


@dataclass(slots=True)
class Moment:
    """One line. ``what`` and ``detail`` are our own words, never a client's."""

    at: float
    """Simulated time of the first, seconds since 1970."""
    what: str
    detail: str
    first: int = 0
    """For polls: the number of the first in this line; 0 for all else."""
    last: int = 0
    """For polls: the number of the last in this line."""


@dataclass(slots=True)
class Timeline:
    """The last lines of a device's story."""

    moments: deque[Moment] = field(default_factory=lambda: deque(maxlen=MOMENTS_KEPT))
    polls: int = 0
    dropped: int = 0
    """Lines that are gone."""

    @property
    def noted(self) -> int:
        """How many lines there ever were; it moves with each that begins."""
        return self.dropped + len(self.moments)

    def note(self, event: e.Event) -> None:
        """Add what this event says about the device that it names."""
        match event:
            case e.Polled():
                self.note_poll(event)
            case e.DeviceAuthorized():
                self._add(event.at, "authorized", f"for {event.expires_at - event.at:.0f} s")
            case e.DeedDone():
                self._add(event.at, _DEEDS[event.deed.value], _by(event.by))
            case e.DeedUndone():
                self._add(
                    event.at, "undone", f"{event.deed.replace('_', ' ')}{_by(event.by, ', ')}"
                )
            case e.DeviceLapsed():
                self._add(event.at, "expired", "its time ran out")
            case _:
                pass

    def note_poll(self, event: e.Polled) -> None:
        """Add a poll, to the newest line if that tells of polls with the same outcome."""
        self.polls += 1
        newest = self.moments[-1] if self.moments else None
        if newest and newest.last and newest.detail == event.outcome:
            newest.last = self.polls
        else:
            self._add(event.at, "poll", str(event.outcome), self.polls)

    def _add(self, at: float, what: str, detail: str, poll: int = 0) -> None:
        self.dropped += len(self.moments) == MOMENTS_KEPT
        self.moments.append(Moment(at, what, detail, poll, poll))


_DEEDS = {
    "approve": "approved",
    "deny": "denied",
    "expire": "expired",
    "slow_down": "slowed down",
}


def _by(actor: Actor, joint: str = "") -> str:
    """Who did it, where it was not the operator, whose screen this is."""
    return "" if actor is Actor.OPERATOR else f"{joint}by the {actor}"
