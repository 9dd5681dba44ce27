"""Faults that remember: quotas, stalls, tokens that were seen before.

Each rule has a memory of its own, which goes with the rule, and so with a reset. Bounded: the oldest
goes. Ticks are real monotonic seconds.
"""

from collections import deque
from typing import Any

from oidc_sim.engine.model import digest
from oidc_sim.faults.row import Memory
from oidc_sim.faults.steps import AS_IT_IS, Answering, Case, Pause, Plan, too_many, whole
from oidc_sim.wire import errors
from oidc_sim.wire.http import json_members

MOST = 10_000
"""Tokens or clients that a memory keeps."""
_DEFAULT_S = 28_800


def _forget(known: dict[Any, Any]) -> None:
    while len(known) > MOST:
        del known[next(iter(known))]


class QuotaWindow(Memory):
    """A quota: so many requests in a rolling window are let through."""

    def __init__(self) -> None:
        self._answered: deque[float] = deque(maxlen=1_000_000)

    def __call__(self, case: Case) -> Plan:
        """Refuse a request for which there is no room, and tell how long there will be none."""
        answered, window_s = self._answered, case.number("window_s")
        while answered and answered[0] <= case.tick - window_s:
            answered.popleft()
        if len(answered) < case.number("requests"):
            answered.append(case.tick)
            return AS_IT_IS
        oldest = answered[0] if answered else case.tick
        wait_s = oldest + window_s - case.tick
        return too_many(case, 429, max(1, int(wait_s + 0.999)))


class Stall(Memory):
    """A moment that all requests wait for."""

    def __init__(self) -> None:
        self._ends = 0.0

    def __call__(self, case: Case) -> Plan:
        """Wait until the stall that is on is over; else a new one begins."""
        if case.tick >= self._ends:
            self._ends = case.tick + case.number("seconds")
        return (Pause(self._ends - case.tick),)


class RefreshReuse(Memory):
    """Refresh tokens that were used, and clients that used one twice."""

    def __init__(self) -> None:
        self._used: dict[str, float] = {}
        self._revoked: dict[str, None] = {}

    def __call__(self, case: Case) -> Plan:
        """Refuse a refresh token's second use after its grace, and its client from then on."""
        token, tick = json_members(case.request_body).get("refreshToken"), case.tick
        if not isinstance(token, str):
            return AS_IT_IS
        used = self._used.setdefault(digest(token), tick)
        _forget(self._used)
        if used != tick and tick - used >= case.number("grace_s"):
            self._revoked[case.client_id] = None
            _forget(self._revoked)
        return _REFUSED(case) if case.client_id in self._revoked else AS_IT_IS


_REFUSED = Answering(errors.INVALID_REFRESH_TOKEN)


class FirstLogins(Memory):
    """The token of each client's first sign-in, and when that is over."""

    def __init__(self) -> None:
        self._logins: dict[str, tuple[str, float]] = {}

    def __call__(self, case: Case) -> Plan:
        """Give a client's later sign-ins the first one's token, with what is left of its life."""

        def change(members: dict[str, Any]) -> dict[str, Any]:
            token = members["accessToken"]
            life_s = members.get("expiresIn", _DEFAULT_S)
            first, ends = self._logins.setdefault(case.client_id, (token, case.at + life_s))
            _forget(self._logins)
            return {**members, "accessToken": first, "expiresIn": max(0, int(ends - case.at))}

        if not isinstance(json_members(case.true.body).get("accessToken"), str):
            return AS_IT_IS
        return whole(case.true.changing(change))
