"""The catalogue of faults: picker, ``docs/faults.md``, control API and ``ctl`` are made from this table."""

from dataclasses import dataclass
from enum import StrEnum

from oidc_sim.engine.arrival import Setting

ABSENT = "absent"
"""As a value: what is named is left out."""


class When(StrEnum):
    """Where in a request's life a fault acts."""

    INSTEAD = "instead"
    """The engine never sees the request: nothing is spent, and the answer is the fault's."""
    BEFORE = "before"
    """First the fault (a delay), then the request is answered truly."""
    AFTER = "after"
    """The true answer is made, and what it commits stays; then it is spoilt on its way. Where it has
    nothing of what would be spoilt, it goes out as it is, and the rule waits for one that has."""


class Family(StrEnum):
    """The picker's headings."""

    REFUSED = "Refused by the service"
    TIMING = "Time and pace"
    CONTENT = "What the answer says"
    FRAMING = "Broken HTTP"
    CONNECTION = "Connection"
    PORTAL = "Portal and sessions"
    BROWSER = "Browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing of a fault that can be set."""

    name: str
    help: str
    """What it is, with its unit."""
    default: Setting
    least: float | None = None
    most: float | None = None
    choices: tuple[Setting, ...] = ()
    """The only values; else anything of the default's type within its bounds."""
    is_json: bool = False
    """Whether a text is JSON, or else, where it does not begin like that, the text itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row."""

    name: str
    """As in ``oidc-sim ctl fault slow-down``; kebab case, for ever."""
    covers: tuple[str, ...]
    """Ids in the catalogue, such as ``F-01``."""
    title: str
    """For the picker, in at most 24 cells."""
    help: str
    """What it does, in a sentence without a full stop."""
    family: Family
    when: When
    shows: str = ""
    """What the client sees, in at most 36 cells; empty where its answer is one of the service's errors."""
    digit: int | None = None
    """Its digit in the picker."""
    parameters: tuple[Parameter, ...] = ()
    times: int | None = 1
    """How many requests it catches where nobody says; None is always, for one that shows only at a later
    request than the first that it catches."""
