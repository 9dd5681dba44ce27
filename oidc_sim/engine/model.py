"""The state of the engine: clients, device authorizations, and the policy that they live under."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from oidc_sim.engine.arrival import Held, Rule
from oidc_sim.engine.directory import SEEDED, Directory, Session
from oidc_sim.engine.eviction import EvictionOrder
from oidc_sim.engine.pace import Pace

DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
"""RFC 8628 §3.4; every client sends the underscore (wire.md#78)."""
REFRESH_TOKEN_GRANT = "refresh_token"
"""RFC 6749 §6."""
AUTHORIZATION_CODE_GRANT = "authorization_code"
"""RFC 6749 §4.1."""
JWT_BEARER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""RFC 7523 §2.1."""
TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
"""RFC 8693 §2.1."""
SLOW_DOWN_STEP_S = 5
"""RFC 8628 §3.5: the interval grows by 5 seconds with each ``slow_down`` (wire.md#58)."""
MAX_DECISIONS = 100
"""Decisions of an operator that can be undone on one device; older ones stand."""


@lru_cache(maxsize=256)
def digest(secret: str) -> str:
    """The SHA-256 of a secret in hexadecimal: all that the state keeps of one.

    The last few are remembered: a client that polls brings the same two each time.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Now(NamedTuple):
    """One instant on two clocks, given to ``decide`` from outside."""

    at: float
    """Simulated time in seconds since 1970: lifetimes are judged by it, the operator can move it."""
    tick: float
    """Real monotonic seconds: a client's cadence is judged by it, nobody can move it."""


class ExpiredAs(StrEnum):
    """How an expired code answers while it is remembered; reports differ (wire.md#43)."""

    EXPIRED_TOKEN = "expired_token"
    INVALID_GRANT = "invalid_grant"


class RefreshRotation(StrEnum):
    """Whether a refresh gives a new refresh token."""

    REUSE = "reuse"
    """The same one comes back (wire.md#59)."""
    ROTATE = "rotate"
    """A new one; the old one is refused and ends the session (RFC 9700 §4.14.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every rule that a setting can change. Times are in seconds."""

    interval_s: int = 1
    """Announced polling interval (wire.md#25)."""
    lifetime_s: int = 600
    """Life of a device code and its user code (wire.md#25)."""
    throttles: bool = False
    """Whether a poll earlier than the interval gets ``slow_down`` (RFC 8628 §3.5); AWS never does (wire.md#57)."""
    expired_as: ExpiredAs = ExpiredAs.EXPIRED_TOKEN
    registration_lifetime_s: int = 90 * 86400
    """Life of a registration (wire.md#22)."""
    token_lifetime_s: int = 3600
    """Life of an access token that can be refreshed (wire.md#34)."""
    session_lifetime_s: int = 8 * 3600
    """Life of a sign-in, and of an access token that cannot be refreshed (wire.md#35)."""
    code_lifetime_s: int = 600
    """Life of an authorization code: RFC 6749 §4.1.2 allows ten minutes at most."""
    credentials_lifetime_s: int = 3600
    """Life of role credentials (wire.md#71)."""
    refresh_rotation: RefreshRotation = RefreshRotation.REUSE
    hold_s: float = 30.0
    """A held request is released by itself after that, in real seconds."""
    max_sessions: int = 10_000
    """Sign-ins kept; one makes room for a new one, see ``eviction`` (T-46)."""
    max_clients: int = 10_000
    """Registrations kept, likewise."""
    max_devices: int = 10_000
    """Device authorizations kept, likewise."""


@dataclass(slots=True, kw_only=True)
class Client:
    """A program that registered (RFC 7591)."""

    client_id: str
    secret_digest: str
    name: str
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    """Empty when the client named none: then it may do the device flow and refresh (wire.md#79)."""
    redirect_uris: tuple[str, ...]
    issued_at: float
    expires_at: float
    last_seen_at: float
    devices: int = 0
    """Device authorizations that it has asked for."""

    was_expired: bool = False
    """The operator's flag; a registration also expires by time."""

    def is_expired(self, at: float) -> bool:
        """Whether it is over at simulated time ``at``."""
        return self.was_expired or at >= self.expires_at

    def may_use(self, grant_type: str) -> bool:
        """Whether it registered for this grant type."""
        allowed = self.grant_types or (DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT)
        return grant_type in allowed

    @property
    def is_refreshable(self) -> bool:
        """Whether its tokens come with a refresh token: with scopes, they do (wire.md#30, wire.md#34, wire.md#35)."""
        return bool(self.scopes) and self.may_use(REFRESH_TOKEN_GRANT)


class DeviceState(StrEnum):
    """States of a device authorization."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    COLLECTED = "collected"


class Decision(StrEnum):
    """Decisions on a device; undone last first."""

    APPROVE = "approve"
    DENY = "deny"
    EXPIRE = "expire"
    SLOW_DOWN = "slow_down"

    @property
    def participle(self) -> str:
        """The word for what was done."""
        return _DECIDED[self][0]

    @property
    def leads_to(self) -> DeviceState:
        """The state that its device is in then."""
        return _DECIDED[self][1]

    @property
    def typed(self) -> str:
        """The word for it in routes, at the prompt and on the screen: ``slow-down``."""
        return self.replace("_", "-")


_DECIDED = {
    Decision.APPROVE: ("approved", DeviceState.APPROVED),
    Decision.DENY: ("denied", DeviceState.DENIED),
    Decision.EXPIRE: ("expired", DeviceState.EXPIRED),
    Decision.SLOW_DOWN: ("slowed down", DeviceState.PENDING),
}
SETTLING = frozenset({Decision.APPROVE, Decision.DENY, Decision.EXPIRE})
"""Those after which nothing is left to decide."""


class Actor(StrEnum):
    """Those who can make a decision."""

    OPERATOR = "operator"
    """The person at the keys."""
    USER = "user"
    """The simulated person who signs in, on the verification page."""
    SCRIPT = "script"
    """A program, through the control API or standard input."""
    AUTO = "auto-approve"
    """Nobody: sign-ins are approved by themselves. Journals before it say ``script`` there."""

    @property
    def credit(self) -> str:
        """The words behind a participle: ``by the user``, ``automatically``."""
        return "automatically" if self is Actor.AUTO else f"by the {self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserRequest:
    """What a browser sign-in was asked with (RFC 6749 §4.1.1, RFC 7636 §4.3)."""

    redirect_uri: str
    """With the port that the client listens on now."""
    client_state: str | None
    """Given back as it came."""
    code_challenge: str
    """S256, 43 characters."""


@dataclass(slots=True, kw_only=True)
class Device:
    """A device authorization (RFC 8628 §3.2), or a browser sign-in, which is the same for a person.

    Found by its user code, or by the digest of its device code or authorization code.
    """

    user_code: str
    code_digest: str
    """Empty for a browser sign-in whose code is not issued yet."""
    client_id: str
    client_name: str
    scopes: tuple[str, ...]
    issued_at: float
    expires_at: float
    browser: BrowserRequest | None = None
    interval_s: int
    """Seconds between polls that it comes to: announced, plus 5 for each slow_down, told or owed."""
    decision: DeviceState = DeviceState.PENDING
    """PENDING, APPROVED or DENIED: what the user, or the operator for the user, decided."""
    was_expired: bool = False
    """The operator's flag; a code also expires by time."""
    is_known_expired: bool = False
    """Its time ran out, and the log says so."""
    slow_downs_owed: int = 0
    """Polls that get ``slow_down`` by the operator's wish, while the device is pending."""
    decisions: list[Decision] = field(default_factory=list)
    polls: int = 0
    last_poll_at: float | None = None
    pace: Pace = field(default_factory=Pace)
    """What throttling measures from; only where it does."""
    collected_at: float | None = None
    is_in_hand: bool = False
    """Somebody took a decision back while sign-ins are approved by themselves: this one no longer is."""
    was_turned_away: bool = False
    """Its browser was sent back with an error."""
    browser_left_at: float | None = None
    """When its browser was gone; None while it is there, or has its code."""

    @property
    def is_sent_back(self) -> bool:
        """Whether the browser of a browser sign-in went back to the client, with a code or an error."""
        return self.was_turned_away or bool(self.code_digest)

    @property
    def announced_s(self) -> int:
        """Seconds that the client must wait between polls now: what it still has to hear is not in it."""
        return self.interval_s - SLOW_DOWN_STEP_S * self.slow_downs_owed

    def state(self, at: float) -> DeviceState:
        """Where it stands at simulated time ``at``: collected, else expired, else as decided."""
        if self.collected_at is not None:
            return DeviceState.COLLECTED
        if self.was_expired or at >= self.expires_at:
            return DeviceState.EXPIRED
        return self.decision

    def forget_at(self) -> float:
        """When a poll stops being told ``expired_token``: one more lifetime."""
        return self.expires_at + (self.expires_at - self.issued_at)


@dataclass(slots=True)
class State:
    """Everything that is true now. Only ``evolve`` changes it."""

    policy: Policy = field(default_factory=Policy)
    auto_approves: bool = False
    """Whether sign-ins are approved without anybody's hand; an operator can switch it."""
    clients: dict[str, Client] = field(default_factory=dict)
    """By client id, oldest first."""
    devices: dict[str, Device] = field(default_factory=dict)
    """By user code, oldest first."""
    user_codes: dict[str, str] = field(default_factory=dict)
    """Digest of a device code or authorization code to its user code."""
    sessions: dict[str, Session] = field(default_factory=dict)
    """By session id, oldest first."""
    access_tokens: dict[str, str] = field(default_factory=dict)
    """Digest of an access token to its session id."""
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    """Digest of a refresh token, a rotated one too, to its session id."""
    assertions: dict[str, float] = field(default_factory=dict)
    """Digest of a spent JWT assertion to when it was spent, oldest first."""
    browser_requests: dict[tuple[str, BrowserRequest], str] = field(
        default_factory=dict, compare=False
    )
    """What a client sent a browser with to the user code of the last sign-in that began so. This and
    the orders below are made anew of records only roughly, so they are not compared."""
    client_order: EvictionOrder = field(default_factory=EvictionOrder, compare=False)
    """Which registration makes room next."""
    device_order: EvictionOrder = field(default_factory=EvictionOrder, compare=False)
    session_order: EvictionOrder = field(default_factory=EvictionOrder, compare=False)
    directory: Directory = SEEDED
    rules: dict[int, Rule] = field(default_factory=dict)
    """Armed ones, and those that are over, by id, oldest first."""
    removed_rules: dict[int, Rule] = field(default_factory=dict)
    """The last ones that were removed, which can be restored."""
    held: dict[int, Held] = field(default_factory=dict)
    """By number in the record, oldest first; with a decision until the server has let it go."""
    decided: dict[int, None] = field(default_factory=dict)
    """Numbers of those that something is decided about, in that order: whoever lets them go looks often."""
    last_rule_id: int = 0
    lies_in_wait: bool = False
    """Whether a rule may catch the next request; looked at for every one, so it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSession:
    """Who takes which role, and until when: what role credentials stand for."""

    session_id: str
    """The sign-in that they come from."""
    account_id: str
    role_name: str
    user_name: str
    expires_at: float
    """Seconds since 1970, whole (wire.md#67)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """AWS credentials; secret, on their way to the client."""

    access_key_id: str
    secret_access_key: str
    session_token: str


class Ids(Protocol):
    """Where ids and secrets come from. Shapes and randomness are the caller's business."""

    def client_id(self) -> str:
        """A new client id."""

    def client_secret(
        self, client_id: str, name: str, scopes: tuple[str, ...], now: Now, expires_at: float
    ) -> str:
        """A new client secret; AWS's carries the registration in itself (wire.md#20)."""

    def device_code(self) -> str:
        """A new device code."""

    def user_code(self) -> str:
        """A new user code."""

    def access_token(self, expires_at: float) -> str:
        """A new access token."""

    def refresh_token(self, expires_at: float) -> str:
        """A new refresh token, good until the session ends."""

    def authorization_code(self) -> str:
        """A new authorization code."""

    def credentials(self, role: RoleSession) -> Credentials:
        """New credentials for a role in an account."""


_GROUP = 4


def canonical_user_code(text: str) -> str:
    """Turn a typed user code into ``XXXX-XXXX``, as it is kept: any case, with or without dash (RFC 8628 §6.1).

    A text of another length gives its letters and digits.
    """
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    is_whole = len(letters) == 2 * _GROUP
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}" if is_whole else letters
