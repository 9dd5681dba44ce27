"""How many requests a service answers in a second."""


class Pace:
    """A bound for all clients together, as AWS's portal has one (wire.md#65).

    A bucket that holds one second's worth: a burst of that many passes, and then as many as come
    back with time.
    """

    def __init__(self, per_s: int) -> None:
        """Take the bound; 0 is none."""
        self._per_s = per_s
        self._left = float(per_s)
        self._looked_at = 0.0

    def allows(self, tick: float) -> bool:
        """Count one request at this real monotonic second; False when there are too many."""
        if not self._per_s:
            return True
        came_back = (tick - self._looked_at) * self._per_s
        self._left = min(float(self._per_s), self._left + came_back)
        self._looked_at = tick
        if self._left < 1:
            return False
        self._left -= 1
        return True
