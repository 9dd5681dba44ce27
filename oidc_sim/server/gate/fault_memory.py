"""What a rule's fault has to remember between two requests. Bounded: the oldest goes."""

from collections import deque
from typing import Any

from oidc_sim.engine.model import digest
from oidc_sim.faults.making import Spoiling, Told
from oidc_sim.faults.making.content import edited

_MOST = 10_000
_DEFAULT_S = 28_800


class FaultMemory:
    """Quotas, stalls, tokens. Ticks are real monotonic seconds."""

    def __init__(self) -> None:
        self._answered: deque[float] = deque(maxlen=1_000_000)
        self._stall_ends = 0.0
        self._refreshed: dict[Any, float] = {}
        self._revoked: dict[str, None] = {}
        self._logins: dict[str, tuple[str, float]] = {}

    def objects(
        self, fault: str, it: Spoiling, body: dict[str, Any], client_id: str, tick: float
    ) -> float | None:
        """Seconds to tell a client that is refused; None lets it through."""
        if fault == "quota":
            return self._quota(it, tick)
        return self._reuse(it, body, client_id, tick)

    def _quota(self, it: Spoiling, tick: float) -> float | None:
        window_s = it.number("window_s")
        while self._answered and self._answered[0] <= tick - window_s:
            self._answered.popleft()
        if len(self._answered) < it.number("requests"):
            self._answered.append(tick)
            return None
        oldest = self._answered[0] if self._answered else tick
        return oldest + window_s - tick

    def _reuse(
        self, it: Spoiling, body: dict[str, Any], client_id: str, tick: float
    ) -> float | None:
        """Refuse a refresh token's second use after its grace, and its client from then on."""
        token = body.get("refreshToken")
        if not isinstance(token, str):
            return None
        used = self._refreshed.setdefault(digest(token), tick)
        _forget(self._refreshed)
        if used != tick and tick - used >= it.number("grace_s"):
            self._revoked[client_id] = None
            _forget(self._revoked)
        return 0.0 if client_id in self._revoked else None

    def stall_left(self, seconds: float, tick: float) -> float:
        """Until the stall that is on is over; else a new one begins."""
        if tick >= self._stall_ends:
            self._stall_ends = tick + seconds
        return self._stall_ends - tick

    def same_again(self, told: Told, client_id: str, at: float) -> Told:
        """The first login's token for each later one of a client, with what is left of its life."""

        def change(members: dict[str, Any]) -> dict[str, Any]:
            token = members.get("accessToken")
            if not isinstance(token, str):
                return members
            life_s = members.get("expiresIn", _DEFAULT_S)
            first, ends = self._logins.setdefault(client_id, (token, at + life_s))
            _forget(self._logins)
            return {**members, "accessToken": first, "expiresIn": max(0, int(ends - at))}

        return edited(told, change)


def _forget(known: dict[Any, Any]) -> None:
    while len(known) > _MOST:
        del known[next(iter(known))]
