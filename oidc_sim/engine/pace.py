"""The one measure of a poll that comes too early (RFC 8628 §3.5), for throttling and for the remarks on a client.

It goes from the start of one poll to the start of the next, on the real monotonic clock: a ticker counts
like that, and a client that sleeps between its polls waits longer. Of a poll that was held it goes from
when it was let go. What an SDK sends again by itself (wire.md#72) is no poll. Times are in seconds.
"""

from dataclasses import dataclass
from enum import Enum

SUSPENDED_S, SUSPENDED_INTERVALS = 60.0, 3
"""A gap beyond both is a machine that slept, or a clock that jumped."""
_ROUNDING_S = 1e-6
"""What is lost when large ticks are subtracted: nobody is early by so little."""


class Timing(Enum):
    """The ways in which a poll can follow the one before."""

    FIRST = "first"
    ON_TIME = "on time"
    TOO_EARLY = "too early"
    SECOND = "second at once"
    """AWS CLI polls twice at the start, by design, so a server that does not throttle lets it pass."""
    EXCUSED = "excused"
    """Early, for a reason that is not the client's: see ``Pace.excuses``. It says nothing about pace."""


def tolerance_s(interval_s: float) -> float:
    """How much earlier than the interval is still on time: clocks of virtual machines run fast.

    The larger of 250 ms and 10 %: such clocks run 5 to 15 % fast, and whole seconds are cut off.
    """
    return max(0.25, interval_s / 10)


@dataclass(slots=True)
class Pace:
    """What the next poll of a client is measured against. What is sent again, by an SDK after a failure, is no poll."""

    from_tick: float | None = None
    """At which the last poll came; of one that was held, when it was let go."""
    polls: int = 0
    excuses: int = 0
    """So many of the next polls may come early. A ticker that was kept waiting for an answer polls at
    once when it has it, and again at its next tick; after a machine slept, likewise."""

    def timing(self, tick: float, interval_s: float, *, allows_second: bool = False) -> Timing:
        """Judge a poll at this tick; ``interval_s`` is what the client was told when it began to wait.

        With ``allows_second`` the second poll may come at once.
        """
        if self.from_tick is None:
            return Timing.FIRST
        gap = tick - self.from_tick
        if gap >= interval_s - tolerance_s(interval_s) - _ROUNDING_S:
            return Timing.ON_TIME
        if gap < 0 or self.excuses:  # below nought it came while another was held
            return Timing.EXCUSED
        return Timing.SECOND if allows_second and self.polls == 1 else Timing.TOO_EARLY

    def note(
        self,
        tick: float,
        interval_s: float,
        *,
        is_slowed: bool = False,
        held_s: float | None = None,
        kept_s: float = 0.0,
    ) -> None:
        """Take a poll: the next one is measured from it.

        Args:
            tick: At which the poll came.
            interval_s: What the client had been told to wait before it.
            is_slowed: Whether it was answered with slow_down: then every client waits anew.
            held_s: How long a hold kept its answer back; None for none.
            kept_s: How long its answer was kept back by anything, a hold too.
        """
        self.polls += 1
        before = self.from_tick
        after = tick if held_s is None else tick + held_s
        self.from_tick = after if before is None else max(before, after)
        has_slept = before is not None and _has_slept(tick - before, interval_s)
        is_behind = has_slept or self.excuses > 0
        if is_slowed:
            self.excuses = 0
        elif kept_s and _misses_tick(kept_s, interval_s, is_behind=is_behind):
            self.excuses = 2
        elif has_slept or held_s is not None:
            self.excuses = 1
        elif self.excuses:
            self.excuses -= 1

    def note_again(self, tick: float, interval_s: float, *, kept_s: float = 0.0) -> None:
        """Take what is the last poll sent again: the answer to that comes so much later."""
        if self.from_tick is None:
            return
        kept_s += tick - self.from_tick
        if _misses_tick(kept_s, interval_s, is_behind=self.excuses > 0):
            self.excuses = 2


def _misses_tick(kept_s: float, interval_s: float, *, is_behind: bool) -> bool:
    """Whether a ticker's tick may have passed while its client waited so long for an answer.

    It polls at once then, and the next tick is in time again: two polls soon. The tick of one that is
    behind already comes sooner than the interval.
    """
    tolerance = tolerance_s(interval_s)
    return kept_s >= (tolerance if is_behind else interval_s - tolerance)


def _has_slept(gap: float, interval_s: float) -> bool:
    return gap > SUSPENDED_S and gap > SUSPENDED_INTERVALS * interval_s
