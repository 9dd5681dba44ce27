"""The simulator's clock: an offset over the real one."""

import time
from collections.abc import Callable

from oidc_sim.engine.model import Now


class Clock:
    """Follows the machine's monotonic clock, from where wall time stood at start.

    So a step of the machine's wall clock (NTP, suspend) ages no code (T-53). An operator can let simulated
    time jump or stand still; the tick, by which a client's pace is judged, does neither. Both sources are
    injected for tests; both give seconds.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tick = monotonic
        """The real time alone, as in ``Now.tick``."""
        self._wall_at_zero = self._real_at_zero = wall() - monotonic()
        self._frozen_at: float | None = None

    def now(self) -> Now:
        """Give this instant, simulated and real."""
        tick = self.tick()
        if self._frozen_at is not None:
            return Now(self._frozen_at, tick)
        return Now(self._wall_at_zero + tick, tick)

    @property
    def is_frozen(self) -> bool:
        """Whether simulated time stands still."""
        return self._frozen_at is not None

    @property
    def offset_s(self) -> float:
        """Seconds by which simulated time is ahead of real time; behind it after it stood still."""
        now = self.now()
        return now.at - (self._real_at_zero + now.tick)

    @property
    def is_off(self) -> bool:
        """Whether it shows another time than the machine's."""
        return self.is_frozen or self._wall_at_zero != self._real_at_zero

    def advance(self, by_s: float) -> None:
        """Jump forwards by so many seconds; a clock that stands still does so later."""
        if self._frozen_at is not None:
            self._frozen_at += by_s
        else:
            self._wall_at_zero += by_s

    def freeze(self) -> None:
        """Stand still."""
        self._frozen_at = self.now().at

    def thaw(self) -> None:
        """Go on from where it stood."""
        if self._frozen_at is not None:
            self._wall_at_zero = self._frozen_at - self.tick()
            self._frozen_at = None

    def reset(self) -> None:
        """Show real time again. Only where nothing is remembered: it may go backwards."""
        self._frozen_at = None
        self._wall_at_zero = self._real_at_zero
