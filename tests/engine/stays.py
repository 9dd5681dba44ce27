"""The ledger's page on sessions: who is signed in, with which tokens, until when."""

from dataclasses import dataclass, field
from itertools import count

TOKEN_MS = 90_000
SESSION_MS = 240_000
MAX_SESSIONS = 3
MAX_TOKENS = 6
CREDENTIALS_KEPT = 3
"""The engine's limits of one session while the machine runs: small, so that they are reached."""
PORTAL = "sso:account:access"
Turn = tuple[int, int]
"""Whose turn it is when there is no room: the lowest. Who is not used comes before who is."""
_TURNS = count()


def turn(rank: int) -> Turn:
    """The last of this rank."""
    return rank, next(_TURNS)


@dataclass
class Stay:
    """One session, with its tokens as they are: the oldest give way when there are too many."""

    client_id: str
    scopes: tuple[str, ...]
    began_ms: int
    turn: Turn
    """Of rank 1 while it is good."""
    access: dict[str, int] = field(default_factory=dict)
    """Each access token, and when it expires."""
    refresh: list[str] = field(default_factory=list)
    """The last one is good."""
    is_ended: bool = False
    refreshes: int = 0
    roles: int = 0

    @property
    def ends_ms(self) -> int:
        return self.began_ms + SESSION_MS


@dataclass
class Stays:
    """All sessions."""

    at_ms: int = 0
    by_code: dict[str, Stay] = field(default_factory=dict)

    def begin(
        self,
        user_code: str,
        client_id: str,
        scopes: tuple[str, ...],
        tokens: tuple[str, str | None],
    ) -> int:
        """Somebody got first tokens; returns how many milliseconds the access token lives."""
        if len(self.by_code) == MAX_SESSIONS:
            del self.by_code[min(self.by_code, key=lambda it: self.by_code[it].turn)]
        access_token, refresh_token = tokens
        life_ms = TOKEN_MS if refresh_token else SESSION_MS
        stay = Stay(client_id, scopes, self.at_ms, turn(1))
        stay.access[access_token] = self.at_ms + life_ms
        stay.refresh += [refresh_token] if refresh_token else []
        self.by_code[user_code] = stay
        return life_ms

    def is_over(self, stay: Stay) -> bool:
        return stay.is_ended or self.at_ms >= stay.ends_ms

    def holder(self, access_token: str) -> Stay | None:
        """The session that this token is good for."""
        for stay in self.by_code.values():
            if access_token in stay.access and not self.is_over(stay):
                return stay if self.at_ms < stay.access[access_token] else None
        return None

    def answer(self, access_token: str) -> str:
        """What showing this token is answered with."""
        stay = self.holder(access_token)
        if stay is None:
            return "invalid_token"
        return "welcome" if not stay.scopes or PORTAL in stay.scopes else "forbidden"

    def refresher(self, refresh_token: str) -> Stay | None:
        """The session that this token, good or rotated, belongs to while it lasts."""
        for stay in self.by_code.values():
            if refresh_token in stay.refresh and not self.is_over(stay):
                return stay
        return None

    def refresh(self, refresh_token: str, by: str, *, is_known: bool) -> str:
        """What this client is told for this token; a rotated one ends the session."""
        stay = self.refresher(refresh_token)
        if stay is None:
            return "invalid_grant"
        if not is_known:
            return "invalid_client"
        if by != stay.client_id:
            return "invalid_request"
        if refresh_token == stay.refresh[-1]:
            return "token"
        self._end(stay)
        return "invalid_grant"

    def renew(self, user_code: str, access_token: str, refresh_token: str) -> int:
        """Somebody got further tokens; returns how many milliseconds the access token lives."""
        stay = self.by_code[user_code]
        life_ms = min(TOKEN_MS, stay.ends_ms - self.at_ms)
        good = [(token, ends_ms) for token, ends_ms in stay.access.items() if ends_ms > self.at_ms]
        stay.access = dict([*good, (access_token, self.at_ms + life_ms)][-MAX_TOKENS:])
        if refresh_token != stay.refresh[-1]:
            stay.refresh = [*stay.refresh, refresh_token][-MAX_TOKENS:]
        stay.refreshes += 1
        stay.turn = turn(1)
        return life_ms

    def take_role(self, user_code: str) -> str:
        """Somebody got credentials; returns which client."""
        stay = self.by_code[user_code]
        stay.roles += 1
        stay.turn = turn(1)
        return stay.client_id

    def _end(self, stay: Stay) -> None:
        stay.is_ended, stay.turn = True, turn(0)

    def sign_out(self, access_token: str) -> str:
        stay = self.holder(access_token)
        if stay is None:
            return "invalid_token"
        self._end(stay)
        return "done"

    def end(self, user_code: str) -> None:
        """Whatever this sign-in led to is over."""
        if user_code in self.by_code and not self.is_over(self.by_code[user_code]):
            self._end(self.by_code[user_code])

    def sweep(self) -> None:
        self.by_code = {
            user_code: stay for user_code, stay in self.by_code.items() if self.at_ms < stay.ends_ms
        }
