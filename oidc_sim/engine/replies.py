"""Replies to commands. Secrets appear here once, on their way to the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oidc_sim.engine.arrival import Setting
from oidc_sim.engine.directory import Session, User
from oidc_sim.engine.model import Client, Credentials, Device, RoleSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """RFC 7591 §3.2.1. Times are seconds since 1970."""

    client: Client
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized:
    """RFC 8628 §3.2. ``lifetime_s`` and ``interval_s`` are seconds."""

    device: Device
    device_code: str
    lifetime_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """RFC 6749 §5.1. ``lifetime_s`` is the access token's life in seconds."""

    user_code: str
    client_id: str
    access_token: str
    refresh_token: str | None
    lifetime_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInStarted:
    """A browser sign-in waits for a decision."""

    device: Device


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    """The browser goes back to the client (RFC 6749 §4.1.2): with a code, or with an error."""

    device: Device
    code: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """Nobody has decided yet."""

    device: Device


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationTokens:
    """Tokens for an IAM application, and what its identity token speaks of."""

    tokens: Tokens
    grant_type: str
    user: User
    scopes: tuple[str, ...]
    issued_at: float


@dataclass(frozen=True, slots=True)
class Bearer:
    """An access token is good, for this session."""

    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTaken:
    """Credentials for a role."""

    session: Session
    role: RoleSession
    credentials: Credentials


class Reason(StrEnum):
    """Why a client was refused: RFC 6749 §4.1.2.1 and §5.2, RFC 6750, RFC 7591, RFC 8628 §3.5."""

    INVALID_REQUEST = "invalid_request"
    AUTHORIZATION_PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    ACCESS_DENIED = "access_denied"
    EXPIRED_TOKEN = "expired_token"
    INVALID_GRANT = "invalid_grant"
    INVALID_CLIENT = "invalid_client"
    INVALID_TOKEN = "invalid_token"
    FORBIDDEN = "forbidden"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    INVALID_SCOPE = "invalid_scope"
    INVALID_REDIRECT_URI = "invalid_redirect_uri"
    INVALID_CLIENT_METADATA = "invalid_client_metadata"


@dataclass(frozen=True, slots=True)
class Refused:
    """A client is told no. The device and client, where known, are for the record, not the wire."""

    reason: Reason
    user_code: str | None = None
    client_id: str | None = None
    redirect_uri: str | None = None
    """For a browser: the client's own address, where it may be told; None where that is not safe."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An operator's wish was carried out; the device as it is now."""

    device: Device


@dataclass(frozen=True, slots=True)
class ClientChanged:
    """A registration was changed by an operator; the client as it is now."""

    client: Client


class Hindrance(StrEnum):
    """Why an operator's wish could not be carried out."""

    UNKNOWN = "unknown"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Impossible:
    """An operator's wish was not carried out; ``why`` is a sentence for a person."""

    user_code: str
    hindrance: Hindrance
    why: str
    since: float | None = None
    """Simulated time at which the hindrance came up, seconds since 1970, where there is one."""


@dataclass(frozen=True, slots=True)
class Done:
    """Upkeep was carried out."""


@dataclass(frozen=True, slots=True)
class RuleStands:
    """A rule is active now."""

    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """The rule that catches a request; without one, the request is answered as always."""

    rule_id: int | None = None
    fault: str | None = None
    """Name in the catalogue."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    is_held: bool = False
    """True when the request is in ``State.held`` now, under the number of the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiries:
    """How much ran out of time, by kind."""

    codes: int = 0
    forgotten: int = 0
    """Of the codes, those whose polls are told ``invalid_grant``, as if they had never been."""
    tokens: int = 0
    sessions: int = 0
    registrations: int = 0
    credentials: int = 0


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The clock was set; what expired by it."""

    expiries: Expiries


ClientReply = (
    Registered
    | Authorized
    | Tokens
    | SignInStarted
    | SendBack
    | StillWaiting
    | ApplicationTokens
    | Bearer
    | RoleTaken
    | Refused
)
"""What a client, or the browser that it opened, is answered with."""
Reply = (
    ClientReply | Changed | ClientChanged | Impossible | Done | RuleStands | Admitted | ClockMoved
)
