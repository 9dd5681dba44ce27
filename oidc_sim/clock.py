"""The clock that the simulator runs on: an offset over the real one."""

import time
from collections.abc import Callable

from oidc_sim.engine.model import Now


class Clock:
    """Simulated time that follows the machine's monotonic clock from where wall time stood at start.

    So a step of the machine's wall clock (NTP, suspend) ages no code (threats.md T-53). Both sources
    are injected for tests; both give seconds.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tick = monotonic
        """The real time alone, as in ``Now.tick``."""
        self._wall_at_zero = wall() - monotonic()

    def now(self) -> Now:
        """This instant, simulated and real."""
        tick = self.tick()
        return Now(self._wall_at_zero + tick, tick)
