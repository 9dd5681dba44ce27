"""How often somebody may be wrong about a user code (RFC 8628 §5.1; T-20).

Wrong codes of the last minute are remembered, and once there are too many, no code is looked at any
more: not a right one either, or a guesser would learn by it. What is remembered is bounded by the
limit for all browsers together, so a stranger cannot make it grow. It reads no clock.
"""

from collections import deque

WINDOW_S = 60.0
MAX_OF_ONE = 5
"""Wrong codes of one browser in a window."""
MAX_OF_ALL = 20
"""Wrong codes of all browsers in a window: whoever drops the cookie is a new browser each time."""


class CodeAttempts:
    """The wrong codes of the last minute, and who typed them."""

    def __init__(self) -> None:
        self._wrong: deque[tuple[float, str]] = deque(maxlen=MAX_OF_ALL)

    def wait_s(self, browser: str, tick: float) -> float:
        """Return for how many seconds this browser's codes are not looked at; 0 when they are.

        Args:
            browser: who asks.
            tick: now, in real monotonic seconds, so that a step of the simulated clock buys nothing.
        """
        everyone = [at for at, _ in self._wrong]
        own = [at for at, who in self._wrong if who == browser]
        return max(_wait_s(everyone, MAX_OF_ALL, tick), _wait_s(own, MAX_OF_ONE, tick))

    def note_wrong(self, browser: str, tick: float) -> None:
        """Remember that a code of this browser was wrong."""
        self._wrong.append((tick, browser))


def _wait_s(wrong_at: list[float], most: int, tick: float) -> float:
    """Seconds until fewer than ``most`` of these, oldest first, lie within one window."""
    if len(wrong_at) < most:
        return 0.0
    return max(0.0, wrong_at[-most] + WINDOW_S - tick)
