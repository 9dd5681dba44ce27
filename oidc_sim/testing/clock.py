"""The clock that a test moves."""

import time

from oidc_sim.simulator.clock import Clock


class HandClock:
    """Time that goes on only by hand from where it is told to stand, or follows the machine's as well.

    Both of the simulator's times move: the time of day, and the tick by which a client's pace is judged.
    """

    def __init__(self, start_s: float | None = None) -> None:
        """Stand still at an instant, in seconds since 1970; without one, follow real time."""
        self.passed_s = 0.0
        """By hand, since the start."""
        self.stands_still = start_s is not None
        self._start_s = time.time() if start_s is None else start_s
        self._began_s = time.monotonic()

    def tick(self) -> float:
        """Seconds since the start."""
        passed_s = 0.0 if self.stands_still else time.monotonic() - self._began_s
        return self.passed_s + passed_s

    def wall(self) -> float:
        """The time of day, in seconds since 1970."""
        return self._start_s + self.tick()

    def advance(self, by_s: float) -> None:
        """Let so many seconds pass at once."""
        self.passed_s += by_s

    def of_simulator(self) -> Clock:
        """A clock for a simulator that shows this time."""
        return Clock(self.wall, self.tick)
