"""How far apart a client's polls come, against what it was told (RFC 8628 §3.5)."""

from collections import deque
from dataclasses import dataclass, field
from statistics import median

from oidc_sim.engine.polling import tolerance_s

GAPS_KEPT = 5
WAITS_KEPT = 30
"""For a chart: half a minute of a client that polls every second."""
SECOND_POLL = 2
"""AWS CLI polls twice at once at the start, by design (client-rules.md §2 fact 2): not judged."""
SILENT_INTERVALS, SILENT_MARGIN_S = 3, 2.0
"""Two polls that are missing, and a little more."""


@dataclass(slots=True)
class Cadence:
    """Fed with each poll; start to start, on the real monotonic clock, in seconds."""

    told_s: int
    """The interval that the client knows of: announced, or raised by a ``slow_down`` that it got."""
    polls: int = 0
    last_tick: float | None = None
    """At which the last poll came; of one that was held, when it was let go."""
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=GAPS_KEPT))
    is_too_fast: bool = False
    """Whether the last poll came before the interval had passed."""
    waited_s: float | None = None
    """The last gap."""
    early_polls: int = 0
    waits: deque[tuple[float, int, bool]] = field(default_factory=lambda: deque(maxlen=WAITS_KEPT))
    """The last gaps, oldest first: seconds waited, seconds asked for then, and whether that was too
    fast. Plain tuples, because one is made for every poll.
    """
    _was_told_anew: bool = False
    _is_forgiven: bool = False
    """The last poll was held: whoever polls by a ticker may come at once when it is answered."""
    _earliest_s: float = field(init=False)
    """A gap below is too fast."""

    def __post_init__(self) -> None:
        """What the client is told when it gets its code."""
        self._earliest_s = self.told_s - tolerance_s(self.told_s)

    def note(self, tick: float, slowed_to_s: int | None, held_s: float | None = None) -> None:
        """Take one poll.

        Args:
            tick: At which it came.
            slowed_to_s: The new interval, when it was answered with slow_down.
            held_s: How long its answer was kept back by a hold; None for none.
        """
        self.polls += 1
        if self.last_tick is None:
            self.last_tick = tick
        elif tick >= self.last_tick:  # else it came while another was held
            self._judge(tick - self.last_tick)
            self.last_tick = tick
        if held_s is not None:
            self.last_tick = max(self.last_tick, tick + held_s)
        self._is_forgiven = held_s is not None and slowed_to_s is None
        if slowed_to_s is not None and slowed_to_s != self.told_s:
            self.told_s = slowed_to_s
            self._earliest_s = slowed_to_s - tolerance_s(slowed_to_s)
            self._was_told_anew = True

    @property
    def every_s(self) -> float | None:
        """The usual gap between polls under the present interval; None before the second poll."""
        return median(self.gaps) if self.gaps else None

    def silent_s(self, tick: float) -> float | None:
        """Seconds since the last poll, once that is so long that the client may have gone.

        None for one that has not polled yet, and while the next poll is not overdue by far: it may be
        asked to wait a moment, or try again after a failure.
        """
        if self.last_tick is None:
            return None
        passed = tick - self.last_tick
        return passed if passed > SILENT_INTERVALS * self.told_s + SILENT_MARGIN_S else None

    def _judge(self, gap: float) -> None:
        if self._is_forgiven and gap < self._earliest_s:
            return
        if self._was_told_anew:
            self.gaps.clear()
            self._was_told_anew = False
        self.gaps.append(gap)
        self.waited_s = gap
        self.is_too_fast = gap < self._earliest_s and self.polls > SECOND_POLL
        self.early_polls += self.is_too_fast
        self.waits.append((gap, self.told_s, self.is_too_fast))
