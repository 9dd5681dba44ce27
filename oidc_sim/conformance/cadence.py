"""Measures how far apart a client's polls come, against what it was told, and judges it (RFC 8628 §3.5)."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from oidc_sim.engine.pace import Pace, Timing

GAPS_KEPT = 5
WAITS_KEPT = 30
"""For a chart: half a minute of a client that polls every second."""
SILENT_INTERVALS, SILENT_MARGIN_S = 3, 2.0
"""Two polls that are missing, and a little more."""
HABIT_WAITS = 3
"""Waits in a row that were too short: one may be AWS CLI's second poll, after which it waits as it is told."""


@dataclass(slots=True)
class Cadence:
    """Measures one client's pace from each poll: start to start, on the real monotonic clock, in seconds."""

    announced_s: int
    """The interval that the client knows of: announced, and 5 s more for each ``slow_down`` that it got."""
    allows_second: bool = True
    """Whether the second poll may come at once: not where the server throttles, which answers it so."""
    asked_s: int = field(init=False)
    """The interval that the client knew of when its last wait began."""
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=GAPS_KEPT))
    timing: Timing = Timing.FIRST
    """Timing of the last poll that says something about pace."""
    waited_s: float | None = None
    """The last gap."""
    early_polls: int = 0
    waits: deque[tuple[float, int, bool]] = field(default_factory=lambda: deque(maxlen=WAITS_KEPT))
    """The last gaps, oldest first: seconds waited, seconds asked for then, and whether that was too
    fast. Plain tuples, because one is made for every poll.
    """
    pace: Pace = field(default_factory=Pace)
    _has_new_interval: bool = False
    _seen_tick: float | None = None
    """When it was last heard of: a try of its SDK counts."""

    def __post_init__(self) -> None:
        self.asked_s = self.announced_s

    @property
    def is_too_fast(self) -> bool:
        """Whether the last poll came before the interval had passed."""
        return self.timing is Timing.TOO_EARLY

    def note(
        self,
        tick: float,
        slowed_to_s: int | None,
        held_s: float | None = None,
        kept_s: float = 0.0,
        *,
        is_own: bool = True,
    ) -> None:
        """Take one poll.

        Args:
            tick: Real time at which it came.
            slowed_to_s: The new interval, when it was answered with slow_down.
            held_s: How long a hold kept its answer back; None for none.
            kept_s: How long anything kept its answer back, a hold too.
            is_own: Whether the client meant it as a poll: not what an SDK or a fault sends again.
        """
        pace, announced_s = self.pace, self.announced_s
        if not is_own:
            pace.note_again(tick, announced_s, kept_s=kept_s)
        else:
            if pace.from_tick is not None:
                timing = pace.timing(tick, announced_s, allows_second=self.allows_second)
                self._judge(timing, tick - pace.from_tick)
            pace.note(
                tick, announced_s, is_slowed=slowed_to_s is not None, held_s=held_s, kept_s=kept_s
            )
        seen = tick if held_s is None else tick + held_s
        self._seen_tick = seen if self._seen_tick is None else max(seen, self._seen_tick)
        if slowed_to_s is not None and slowed_to_s != announced_s:
            self.announced_s = slowed_to_s
            self._has_new_interval = True

    @property
    def every_s(self) -> float | None:
        """Give the usual gap between polls under the present interval; None before the second poll."""
        return median(self.gaps) if self.gaps else None

    def silent_s(self, tick: float) -> float | None:
        """Give the seconds since the last poll, once so many that the client may have gone.

        None for one that has not polled yet, and while the next poll is not overdue by far: it may be asked to
        wait a moment, or try again after a failure.
        """
        if self._seen_tick is None:
            return None
        passed = tick - self._seen_tick
        return passed if passed > SILENT_INTERVALS * self._expected_s() + SILENT_MARGIN_S else None

    def _expected_s(self) -> float:
        """Give the client's next wait: what it was told, unless it is in the habit of waiting less."""
        if self.early_polls < HABIT_WAITS or not self.is_too_fast:
            return self.announced_s
        last = list(self.waits)[-HABIT_WAITS:]
        if not all(is_too_fast for _, _, is_too_fast in last):
            return self.announced_s
        return median(waited_s for waited_s, _, _ in last)

    def _judge(self, timing: Timing, gap: float) -> None:
        if timing is Timing.EXCUSED:
            return
        if self._has_new_interval:
            self.gaps.clear()
            self._has_new_interval = False
        self.gaps.append(gap)
        self.timing, self.waited_s, self.asked_s = timing, gap, self.announced_s
        is_too_fast = timing is Timing.TOO_EARLY
        self.early_polls += is_too_fast
        self.waits.append((gap, self.announced_s, is_too_fast))


RULE = "RFC 8628 §3.5"


class Finding(StrEnum):
    """Judgements on the last poll."""

    TOO_FAST = "too fast"
    NOT_JUDGED = "not judged"
    """A second poll at once, which AWS CLI makes by design."""
    KEEPS_PACE = "keeps pace"


class Verdict(NamedTuple):
    """A finding and the sentence that gives its reason."""

    finding: Finding
    text: str


def verdict_on(cadence: Cadence) -> Verdict | None:
    """Judge by its last poll whether a client keeps RFC 8628's pace; None before its second."""
    waited_s = cadence.waited_s
    if waited_s is None:
        return None
    pace = f"told {cadence.asked_s} s, waited {_exactly(waited_s)}"
    match cadence.timing:
        case Timing.TOO_EARLY:
            return Verdict(Finding.TOO_FAST, f"too fast: {pace}")
        case Timing.SECOND:
            return Verdict(Finding.NOT_JUDGED, f"second poll at once: {pace}; not judged")
        case _:
            early = f"; {cadence.early_polls:,} too early before" if cadence.early_polls else ""
            return Verdict(Finding.KEEPS_PACE, f"keeps pace: {pace}{early}")


def _exactly(span_s: float) -> str:
    return f"{span_s:.2f} s" if span_s < 1 else f"{span_s:.1f} s"
