"""Commands to the engine: requests of clients, actions of operators, upkeep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from oidc_sim.engine.arrival import (
    ANYTHING,
    NEXT,
    Arrival,
    Detour,
    Fit,
    HeldDecision,
    Setting,
    Target,
    Trigger,
)
from oidc_sim.engine.model import Actor, Decision
from oidc_sim.engine.replies import (
    Admitted,
    ApplicationTokens,
    Authorized,
    Bearer,
    Changed,
    ClientChanged,
    ClockMoved,
    Done,
    Impossible,
    Refused,
    Registered,
    RoleTaken,
    RuleStands,
    SendBack,
    SignInStarted,
    StillWaiting,
    Tokens,
)

R_co = TypeVar("R_co", covariant=True)


class Command(Generic[R_co]):
    """The base of all commands; its parameter is the type of the reply."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterClient(Command[Registered | Refused]):
    """RFC 7591 §3.1."""

    name: str
    client_type: str
    scopes: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    recorded_name: str | None = None
    """The name without secrets that somebody put into it, as it is kept and shown; None: as it came."""
    recorded_scopes: tuple[str, ...] | None = None
    """The same of the scopes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeDevice(Command[Authorized | Refused]):
    """RFC 8628 §3.1, by a registered client."""

    client_id: str
    client_secret: str
    names_valid_issuer: bool = True
    """Whether the place to sign in at that it names can be one; looked at after the client is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll(Command[Tokens | Refused]):
    """RFC 8628 §3.4: one request for a token with a device code."""

    device_code: str
    client_id: str
    client_secret: str
    detour: Detour | None = None
    """For one that was caught on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh(Command[Tokens | Refused]):
    """RFC 6749 §6."""

    refresh_token: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBrowserSignIn(Command[SignInStarted | Refused]):
    """RFC 6749 §4.1.1 with RFC 7636 §4.3: a browser came to sign a user in."""

    client_id: str
    redirect_uri: str
    response_type: str | None
    client_state: str | None
    scopes: tuple[str, ...]
    code_challenge: str | None
    code_challenge_method: str | None


@dataclass(frozen=True, slots=True)
class FinishBrowserSignIn(Command[SendBack | StillWaiting | Refused]):
    """The browser asks where to go now that somebody may have decided."""

    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBrowser(Command[Done]):
    """The browser of a sign-in is there, or was last there some seconds ago."""

    user_code: str
    is_there: bool
    ago_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemCode(Command[Tokens | Refused]):
    """RFC 6749 §4.1.3 with RFC 7636 §4.5."""

    code: str
    redirect_uri: str | None
    code_verifier: str | None
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeAtApplication(Command[ApplicationTokens | Refused]):
    """A grant of an IAM application: RFC 6749 §4.1.3 and §6, RFC 7523 §2.1, RFC 8693 §2.1."""

    application: str
    """Its ARN."""
    grant_type: str
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    refresh_token: str | None = None
    assertion: str | None = None
    subject_token: str | None = None


@dataclass(frozen=True, slots=True)
class UseToken(Command[Bearer | Refused]):
    """A client shows an access token to look something up."""

    access_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRole(Command[RoleTaken | Refused]):
    """A client asks for credentials for a role in an account."""

    access_token: str
    account_id: str
    role_name: str


@dataclass(frozen=True, slots=True)
class SignOut(Command[Done | Refused]):
    """Ends the session that the access token belongs to (wire.md#70)."""

    access_token: str


@dataclass(frozen=True, slots=True)
class Approve(Command[Changed | Impossible]):
    """The user lets the client in."""

    decision: ClassVar = Decision.APPROVE
    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class Deny(Command[Changed | Impossible]):
    """The user refuses (RFC 8628 §3.5, access_denied)."""

    decision: ClassVar = Decision.DENY
    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class Expire(Command[Changed | Impossible]):
    """The code is over now, whatever its time left."""

    decision: ClassVar = Decision.EXPIRE
    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class SlowDown(Command[Changed | Impossible]):
    """One more poll gets ``slow_down``, and the interval grows by 5 s (RFC 8628 §3.5)."""

    decision: ClassVar = Decision.SLOW_DOWN
    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class Undo(Command[Changed | Impossible]):
    """Takes back the last thing that an operator did to this device."""

    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class SetAutoApprove(Command[Done]):
    """From now on sign-ins are approved without anybody's hand, or are not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Sweep(Command[Done]):
    """Notes codes whose time ran out and forgets those that nobody will ask for any more."""


@dataclass(frozen=True, slots=True)
class Reset(Command[Done]):
    """Forgets every client and device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRule(Command[RuleStands | Impossible]):
    """Arm a rule, to hold requests them or to answer them with a fault."""

    target: Target
    trigger: Trigger = NEXT
    fault: str | None = None
    """Name in the catalogue; None holds."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    fit: Fit = ANYTHING
    """Which requests the fault makes sense for; a hold takes any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule(Command[Done | Impossible]):
    """Let a rule rest, or act again."""

    rule_id: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class GiveBackRule(Command[Done | Impossible]):
    """Give back what a rule was charged for a request in which its fault found nothing to spoil."""

    rule_id: int


@dataclass(frozen=True, slots=True)
class RemoveRule(Command[Done | Impossible]):
    """Forget a rule."""

    rule_id: int


@dataclass(frozen=True, slots=True)
class RestoreRule(Command[Done | Impossible]):
    """Take back that a rule was removed: its counts and its time are what they would have been."""

    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit(Command[Admitted]):
    """A request came: say whether a rule catches it."""

    arrival: Arrival
    number: int
    """The one that it would have in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPoll(Command[Done]):
    """A poll that was caught got an answer, or none, that was not decided here (RFC 8628 §3.4)."""

    user_code: str
    client_id: str | None
    detour: Detour
    answer_word: str
    """How it ended, for a person: ``access_denied``, ``dropped``, a fault's name."""
    error: str = ""
    """The error code that its client was told, in RFC 8628 §3.5's words; empty for anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideHeld(Command[Done | Impossible]):
    """Decide what becomes of a held request."""

    number: int
    decision: HeldDecision


@dataclass(frozen=True, slots=True)
class ReleaseAll(Command[Done]):
    """Every held request goes on as if it had not been held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseHeld(Command[Done | Impossible]):
    """Let the countdown of a held request stand still while somebody edits its answer."""

    number: int
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHeld(Command[Done]):
    """A held request has its answer, or its client has gone."""

    number: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepClock(Command[ClockMoved | Impossible]):
    """Let simulated time jump forwards."""

    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeClock(Command[ClockMoved]):
    """Let simulated time stand still, or go on."""

    is_frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireClient(Command[ClientChanged | Impossible]):
    """A registration is over now, whatever its time left."""

    client_id: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreClient(Command[ClientChanged | Impossible]):
    """Takes ``ExpireClient`` back."""

    client_id: str
    by: Actor = Actor.OPERATOR


DECISIONS: Mapping[Decision, type[Approve | Deny | Expire | SlowDown]] = {
    command.decision: command for command in (Approve, Deny, Expire, SlowDown)
}
"""The command that carries each decision out."""
DeviceCommand = Approve | Deny | Expire | SlowDown | Undo
"""What an operator does to one device."""
RegistrationCommand = ExpireClient | RestoreClient
"""What an operator does to a registration."""
