"""A row of the catalogue: everything about a fault in one place, with the maker of its plans."""

from dataclasses import dataclass
from enum import StrEnum

from oidc_sim.engine.arrival import Fit, Setting
from oidc_sim.faults.steps import Answering, Case, Maker, Plan
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
    OIDC_OPERATIONS,
    PORTAL_OPERATIONS,
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
)

ABSENT = "absent"
"""A value that leaves the named thing out."""
OIDC = frozenset(operation.name for operation in OIDC_OPERATIONS)
PORTAL = frozenset(operation.name for operation in PORTAL_OPERATIONS)
TOKEN = frozenset({CREATE_TOKEN.name})
TOKENS = TOKEN | {CREATE_TOKEN_WITH_IAM.name}
DEVICE = frozenset({START_DEVICE_AUTHORIZATION.name})
REGISTRATION = frozenset({REGISTER_CLIENT.name})
"""Names of operations that faults are for."""
JSON = Fit(OIDC | PORTAL, words="what is answered in JSON")


class When(StrEnum):
    """Where in a request's life a fault acts."""

    INSTEAD = "instead"
    """The engine never sees the request: nothing is spent, and the answer is the fault's."""
    BEFORE = "before"
    """First the fault (a delay), then the request is answered truly."""
    AFTER = "after"
    """The true answer is made, with lasting effect, and is spoilt on its way. Where it has nothing to
    spoil, it goes out as it is, and the rule waits for another answer."""


class Family(StrEnum):
    """The picker's headings."""

    REFUSED = "Refused by the service"
    TIMING = "Time and pace"
    CONTENT = "What the answer says"
    FRAMING = "Broken HTTP"
    CONNECTION = "Connection"
    PORTAL = "Portal and sessions"
    BROWSER = "Browser"


class Away(StrEnum):
    """The ways in which a server is away."""

    REFUSE = "refuse"
    """Nothing listens; connections that stand go on."""
    CRASH = "crash"
    """Nothing listens, and all connections are reset."""
    SLOW_CONNECT = "slow-connect"
    """The sockets listen and nobody is accepted: connecting hangs when the backlog is full."""


class Memory:
    """Makes the plans of a fault for one rule, and remembers what it saw."""

    def __call__(self, case: Case) -> Plan:
        """Make the plan for one request."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A setting of a fault."""

    name: str
    help: str
    """Its meaning, with its unit."""
    default: Setting
    least: float | None = None
    most: float | None = None
    choices: tuple[Setting, ...] = ()
    """The only values; else anything of the default's type within its bounds."""
    is_json: bool = False
    """True if a text that begins like JSON must be JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row. Picker, ``docs/faults.md``, control API and ``ctl`` are made from it."""

    name: str
    """As in ``oidc-sim ctl fault slow-down``; kebab case, for ever."""
    title: str
    """For the picker, in at most 24 cells."""
    note: str = ""
    """For a list's narrow column, where the name has no room."""
    help: str
    """What it does, in a sentence without a full stop."""
    family: Family
    when: When
    fit: Fit
    """The requests that it makes sense for."""
    shows: str = ""
    """What the client sees, in at most 36 cells; of an error of the services it is made from that."""
    digit: int | None = None
    """Its digit in the picker."""
    parameters: tuple[Parameter, ...] = ()
    times: int | None = 1
    """How many requests it catches where nobody says; None is always, for one that shows only at a later
    request than the first that it catches."""
    make: Maker | type[Memory]
    """What makes its plans; a class has one object for each rule."""
    away: Away | None = None
    """How the server goes away with it."""
    is_done_twice: bool = False
    """True if the request is done a second time, and gets the second answer."""
    approves: bool = False
    """True if the device that the answer names is approved."""

    def __post_init__(self) -> None:
        """Show an error of the services as it is sent: ``400  SlowDownException``."""
        if not self.shows and isinstance(self.make, Answering):
            problem = self.make.problem
            object.__setattr__(self, "shows", f"{problem.status}  {problem.name}")

    def maker(self) -> Maker:
        """Return the maker of its plans for one rule."""
        return self.make() if isinstance(self.make, type) else self.make
