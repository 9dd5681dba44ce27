"""What can be asked of the engine: requests of clients, wishes of operators, upkeep."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oidc_sim.engine.arrival import NEXT, Arrival, Detour, HeldDecision, Setting, Target, Trigger
from oidc_sim.engine.model import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterClient:
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
class AuthorizeDevice:
    """RFC 8628 §3.1, by a registered client."""

    client_id: str
    client_secret: str
    names_valid_issuer: bool = True
    """Whether the place to sign in at that it names can be one; looked at after the client is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """RFC 8628 §3.4: one request for a token with a device code."""

    device_code: str
    client_id: str
    client_secret: str
    detour: Detour | None = None
    """For one that was caught on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """RFC 6749 §6."""

    refresh_token: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBrowserSignIn:
    """RFC 6749 §4.1.1 with RFC 7636 §4.3: a browser came to sign a user in."""

    client_id: str
    redirect_uri: str
    response_type: str | None
    client_state: str | None
    scopes: tuple[str, ...]
    code_challenge: str | None
    code_challenge_method: str | None


@dataclass(frozen=True, slots=True)
class FinishBrowserSignIn:
    """The browser asks where to go now that somebody may have decided."""

    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBrowser:
    """The browser of a sign-in is there, or was last there some seconds ago."""

    user_code: str
    is_there: bool
    ago_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemCode:
    """RFC 6749 §4.1.3 with RFC 7636 §4.5."""

    code: str
    redirect_uri: str | None
    code_verifier: str | None
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeAtApplication:
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
class UseToken:
    """A client shows an access token to look something up."""

    access_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRole:
    """A client asks for credentials for a role in an account."""

    access_token: str
    account_id: str
    role_name: str


@dataclass(frozen=True, slots=True)
class SignOut:
    """Ends the session that the access token belongs to (wire.md#70)."""

    access_token: str


@dataclass(frozen=True, slots=True)
class Approve:
    """The user lets the client in."""

    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class Deny:
    """The user refuses (RFC 8628 §3.5, access_denied)."""

    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class Expire:
    """The code is over now, whatever its time left."""

    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class SlowDown:
    """One more poll gets ``slow_down``, and the interval grows by 5 s (RFC 8628 §3.5)."""

    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back the last thing that an operator did to this device."""

    user_code: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True)
class SetAutoApprove:
    """From now on sign-ins are approved without anybody's hand, or are not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Sweep:
    """Notes codes whose time ran out and forgets those that nobody will ask for any more."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Forgets every client and device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRule:
    """Lie in wait for requests, to hold them or to answer them with a fault."""

    target: Target
    trigger: Trigger = NEXT
    fault: str | None = None
    """Name in the catalogue; None holds."""
    settings: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule:
    """Let a rule rest, or act again."""

    rule_id: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class SpareRule:
    """What a fault was to spoil had nothing of that: its rule has not done it."""

    rule_id: int


@dataclass(frozen=True, slots=True)
class RemoveRule:
    """Forget a rule."""

    rule_id: int


@dataclass(frozen=True, slots=True)
class RestoreRule:
    """Take back that a rule was removed: its counts and its time are what they would have been."""

    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """A request came: say whether a rule catches it."""

    arrival: Arrival
    number: int
    """The one that it would have in the record."""
    is_moment: bool = False
    """It came already, and what is next is a moment that has faults of its own: only those look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPoll:
    """A poll that was caught got an answer, or none, that was not decided here (RFC 8628 §3.4)."""

    user_code: str
    client_id: str | None
    detour: Detour
    told: str
    """How it ended, for a person: ``access_denied``, ``dropped``, a fault's name."""
    error: str = ""
    """The error code that its client was told, in RFC 8628 §3.5's words; empty for anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideHeld:
    """What becomes of a held request."""

    number: int
    decision: HeldDecision


@dataclass(frozen=True, slots=True)
class ReleaseAll:
    """Every held request goes on as if it had not been held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseHeld:
    """Let the countdown of a held request stand still while somebody edits its answer."""

    number: int
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHeld:
    """A held request has its answer, or its client has gone."""

    number: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepClock:
    """Let simulated time jump forwards."""

    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeClock:
    """Let simulated time stand still, or go on."""

    is_frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireClient:
    """A registration is over now, whatever its time left."""

    client_id: str
    by: Actor = Actor.OPERATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreClient:
    """Takes ``ExpireClient`` back."""

    client_id: str
    by: Actor = Actor.OPERATOR


DeviceCommand = Approve | Deny | Expire | SlowDown | Undo
"""What an operator does to one device."""
ClientCommand = (
    RegisterClient
    | AuthorizeDevice
    | Poll
    | Refresh
    | StartBrowserSignIn
    | FinishBrowserSignIn
    | NoteBrowser
    | RedeemCode
    | ExchangeAtApplication
    | UseToken
    | TakeRole
    | SignOut
)
"""What clients, and the browsers that they open, ask for."""
RegistrationCommand = ExpireClient | RestoreClient
"""What an operator does to a registration."""
RuleCommand = AddRule | PauseRule | SpareRule | RemoveRule | RestoreRule | Admit | AnswerPoll
"""What lies in wait for requests, and what comes by."""
HeldCommand = DecideHeld | ReleaseAll | PauseHeld | EndHeld
"""What is done to requests that are held."""
ClockCommand = StepClock | FreezeClock
"""What an operator does to simulated time."""
OperatorCommand = RuleCommand | HeldCommand | ClockCommand | RegistrationCommand | SetAutoApprove
"""What an operator does that is about no one device."""
Command = ClientCommand | DeviceCommand | OperatorCommand | Sweep | Reset
