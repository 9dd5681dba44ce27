"""How many requests come: a rate and a sparkline, from one counter looked at now and then."""

import math
from collections import deque
from itertools import pairwise

from oidc_sim.tui.cells import Printable, printable

WINDOW_S = 10
"""Seconds that the sparkline shows, a bar each."""
RATE_OVER_S = 3
"""Seconds that the rate is taken over: short enough to follow, long enough not to jump."""
BARS = "▁▂▃▄▅▆▇█"
_STEPS = len(BARS) - 1


class Traffic:
    """Remembers what a counter said at the end of each of the last seconds."""

    def __init__(self, tick: float, seen: int = 0) -> None:
        self._second = math.floor(tick)
        self._ends: deque[int] = deque([seen], maxlen=WINDOW_S + 1)
        """The counter at the end of each second that is over, oldest first."""

    def note(self, tick: float, seen: int) -> bool:
        """Take what the counter says at this tick (seconds); returns whether a second is over."""
        second = math.floor(tick)
        passed = second - self._second
        if passed <= 0:
            return False
        # After a stall the whole growth goes to the last of the seconds that nobody looked at.
        self._ends.extend([self._ends[-1]] * min(passed - 1, WINDOW_S))
        self._ends.append(seen)
        self._second = second
        return True

    def per_second(self) -> tuple[int, ...]:
        """Requests in each of the last seconds, oldest first; fewer than ten at the start."""
        ends = tuple(self._ends)
        return tuple(after - before for before, after in pairwise(ends))

    @property
    def rate(self) -> float:
        """Requests per second, over the last few."""
        latest = self.per_second()[-RATE_OVER_S:]
        return sum(latest) / len(latest) if latest else 0.0

    def sparkline(self) -> Printable:
        """Ten cells, the newest at the right; the highest bar is the window's maximum.

        A few requests a second are one step each, so that a calm server looks calm.
        """
        counts = self.per_second()
        scale = max(max(counts, default=0), _STEPS)
        bars = "".join(BARS[math.ceil(count * _STEPS / scale)] for count in counts)
        return printable(bars.rjust(WINDOW_S, BARS[0]))
