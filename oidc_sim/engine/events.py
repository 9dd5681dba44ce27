"""Events, with all that ``evolve`` needs, times included, and never a secret."""

from dataclasses import dataclass
from enum import StrEnum

from oidc_sim.engine.model import Actor, BrowserRequest, Client, Decision, Device
from oidc_sim.engine.waiting_events import PassingEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRegistered:
    """A client registered; the record is stored as it is."""

    at: float
    client_id: str
    secret_digest: str
    name: str
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    expires_at: float

    def client(self) -> Client:
        """The client as it is right after this event."""
        return Client(
            client_id=self.client_id,
            secret_digest=self.secret_digest,
            name=self.name,
            scopes=self.scopes,
            grant_types=self.grant_types,
            redirect_uris=self.redirect_uris,
            issued_at=self.at,
            expires_at=self.expires_at,
            last_seen_at=self.at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientForgotten:
    """A registration was dropped to stay within the bound."""

    at: float
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientExpired:
    """A registration was made to end before its time."""

    at: float
    client_id: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRestored:
    """The early end of a registration was taken back: it lasts as long as it would have."""

    at: float
    client_id: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAuthorized:
    """A device code and its user code were issued, or a browser sign-in began."""

    at: float
    user_code: str
    code_digest: str
    client_id: str
    client_name: str
    scopes: tuple[str, ...]
    expires_at: float
    interval_s: int
    browser: BrowserRequest | None = None

    def device(self) -> Device:
        """The device as it is right after this event."""
        return Device(
            user_code=self.user_code,
            code_digest=self.code_digest,
            client_id=self.client_id,
            client_name=self.client_name,
            scopes=self.scopes,
            issued_at=self.at,
            expires_at=self.expires_at,
            interval_s=self.interval_s,
            browser=self.browser,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIssued:
    """The browser was sent back with an authorization code."""

    at: float
    user_code: str
    code_digest: str
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRevoked:
    """An authorization code is good for nothing any more: it came with the wrong proof."""

    at: float
    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserTurnedAway:
    """The browser was sent back with an error instead of a code."""

    at: float
    user_code: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLeft:
    """The browser of a sign-in is gone: its page was closed, or its program gave up."""

    at: float
    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserCameBack:
    """The browser of a sign-in waits again."""

    at: float
    user_code: str


class PollOutcome(StrEnum):
    """Outcomes of a poll, in RFC 8628 §3.5's words."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    THROTTLED = "slow_down, polled too early"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    EXPIRED_EARLY = "invalid_grant, code expired"
    """What ``Policy.expired_as`` can make of the one before."""
    SPENT = "invalid_grant"
    TOKEN = "token issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A client that holds the right device code and secret asked for its token."""

    at: float
    tick: float
    """At which it came; what was held was answered later."""
    user_code: str
    outcome: PollOutcome
    held_s: float | None = None
    """Real seconds that it was held; None for one that was not."""
    kept_s: float = 0.0
    """Real seconds that it waited for its answer, held or delayed."""
    fault: str | None = None
    """What spoilt its answer: a fault's name, or ``edited answer``."""
    is_repeat: bool = False
    """A fault brought once more what the client sent once."""
    is_retry: bool = False
    """The client's SDK sent its last poll again."""

    @property
    def is_paced(self) -> bool:
        """Whether it has to do with the client's pace: not once the code is spent."""
        return self.outcome is not PollOutcome.SPENT

    @property
    def is_own(self) -> bool:
        """Whether the client meant it as a poll: nobody sent it again, neither a fault nor an SDK."""
        return not (self.is_repeat or self.is_retry)

    @property
    def is_slowed(self) -> bool:
        """Whether the client is told to wait 5 s longer from here on."""
        return self.outcome is PollOutcome.SLOW_DOWN or self.outcome is PollOutcome.THROTTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued:
    """The code was exchanged: from here on it is spent, and nothing can be undone."""

    at: float
    user_code: str
    """Also the id of the session that begins."""
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    access_digest: str
    refresh_digest: str | None
    expires_at: float
    session_expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefreshed:
    """A session got a further access token."""

    at: float
    session_id: str
    access_digest: str
    refresh_digest: str
    """Of the refresh token that is good from here on."""
    expires_at: float


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed out"
    CODE_REPLAYED = "authorization code replayed"
    REFRESH_REPLAYED = "rotated refresh token replayed"
    NO_ROOM = "dropped for a newer one"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    """None of a session's tokens is good any more."""

    at: float
    session_id: str
    why: SessionEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionForgotten:
    """A session that is over is unknown from here on."""

    at: float
    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsIssued:
    """A client took a role."""

    at: float
    session_id: str
    account_id: str
    role_name: str
    access_key_id: str
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    """An operator, or the user on the verification page, decided something about a device."""

    at: float
    user_code: str
    decision: Decision
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionUndone:
    """The last decision was taken back."""

    at: float
    user_code: str
    decision: Decision
    by: Actor
    was_owed: bool
    """For a slow_down: no poll had been given it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceExpired:
    """A code's time ran out before it was collected."""

    at: float
    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceForgotten:
    """A code is unknown from here on."""

    at: float
    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionSpent:
    """A JWT assertion was exchanged; it is good once."""

    at: float
    assertion_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoApproveSet:
    """Sign-ins are approved without anybody's hand from here on, or no longer are."""

    at: float
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped:
    """Simulated time jumped forwards."""

    at: float
    """The instant that it jumped to."""
    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFrozen:
    """Simulated time stands still from here on, or goes on."""

    at: float
    is_frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WasReset:
    """Everything was forgotten."""

    at: float


KeptEvent = (
    ClientRegistered
    | ClientForgotten
    | ClientExpired
    | ClientRestored
    | DeviceAuthorized
    | CodeIssued
    | CodeRevoked
    | BrowserTurnedAway
    | BrowserLeft
    | BrowserCameBack
    | Polled
    | TokenIssued
    | TokenRefreshed
    | SessionEnded
    | SessionForgotten
    | CredentialsIssued
    | AssertionSpent
    | DecisionMade
    | DecisionUndone
    | DeviceExpired
    | DeviceForgotten
    | AutoApproveSet
    | ClockStepped
    | ClockFrozen
    | WasReset
)
"""Events that a journal keeps."""
Event = KeptEvent | PassingEvent
