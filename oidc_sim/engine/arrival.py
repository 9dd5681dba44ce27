"""Requests that are not answered yet, and the rules that hold them or answer them with a fault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from oidc_sim.filtering import Expression, Fields, FilterError
    from oidc_sim.filtering.language import Facts

Setting = str | int | float | bool | None
"""A value of a fault's parameter."""
REDIRECT = "a browser's way back"
"""A later stage of an authorization: a browser is about to be sent back to its client."""
PAGE_DECISION = "a decision on the page of a code"
"""A stage of its own: a person has pressed a button of the verification page."""
_NAMED_GRANTS = frozenset({"authorization_code", "device_code", "refresh_token"})
"""Grants that are said back to a person; any other is a stranger's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Facts of a request that has come whole: the names in it, be they true or not."""

    operation: str | None
    """The service's name of what is asked; None for what is no operation."""
    endpoint: str
    """Its path."""
    client_id: str | None = None
    client_name: str | None = None
    user_code: str | None = None
    """Of the device or session that its code or token belongs to."""
    grant_type: str | None = None
    user_agent: str = ""
    address: str = ""
    """Where it came from."""
    scopes: tuple[str, ...] = ()
    state: str | None = None
    """Where its device stands."""
    stage: str | None = None
    """``REDIRECT`` or ``PAGE_DECISION``: only faults of this stage apply. None for a request that comes."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The only requests that a fault makes sense for; what is empty leaves nothing out."""

    operations: frozenset[str] = frozenset()
    """Their names, and stages; a stage is meant only where it is named."""
    grants: frozenset[str] = frozenset()
    words: str = ""
    """What they are for a person, where that is shorter than their names."""

    def objection_to(self, arrival: Arrival) -> str | None:
        """Why the fault makes no sense for a request: ``it is for Y, not X``; None when it does."""
        place = arrival.stage or arrival.operation
        is_meant = place in self.operations if self.operations else arrival.stage is None
        if is_meant and (not self.grants or arrival.grant_type in self.grants):
            return None
        grant = (arrival.grant_type or "").rpartition(":")[2] if self.grants else ""
        return _objection(self, place or "this", grant if grant in _NAMED_GRANTS else "")

    def __str__(self) -> str:
        """Name these requests for a person."""
        if not self.operations:
            return "requests"
        if self.words:
            return self.words
        grants = sorted(grant.rpartition(":")[2] for grant in self.grants)
        return _named(" or ".join(sorted(self.operations)), " or ".join(grants))


@lru_cache(maxsize=1024)
def _objection(fit: Fit, place: str, grant: str) -> str:
    """Make the sentence once: few differ, and a hundred rules may each need one for every request."""
    return f"it is for {fit}, not {_named(place, grant)}"


def _named(operations: str, grants: str) -> str:
    return f"{operations} with {grants}" if grants else operations


ANYTHING = Fit()
"""All requests, and no stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """What rules did to a poll before it was answered."""

    tick: float
    """At which it came: a client's pace is judged by that, not by when it was answered."""
    held_s: float | None = None
    """Real seconds; None for one that was not held."""
    fault: str | None = None
    """Name in the catalogue, or ``edited answer``."""
    is_repeat: bool = False
    """The client sent it once, and a fault brings it once more."""
    is_retry: bool = False
    """The client's SDK sends its last poll again, after a failure: that is no poll of its own."""


class Filter(Protocol):
    """A condition on requests; ``oidc_sim.filtering`` makes them from text."""

    @property
    def text(self) -> str:
        """As it was typed; empty for what matches everything."""

    @property
    def narrows(self) -> bool:
        """True when it names something that a request must have, not only what it leaves out."""

    def matches(self, arrival: Arrival) -> bool:
        """Whether the request is meant."""


@dataclass(frozen=True, slots=True)
class Everything:
    """The filter that leaves nothing out."""

    text: str = ""
    narrows: bool = False

    def matches(self, _arrival: Arrival) -> bool:
        """Say yes to every request."""
        return True


EVERYTHING = Everything()
TARGET_PARTS = ("operation", "client", "device", "filter")
"""What a target can name, in a word each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which requests are meant: all that is given must fit."""

    operation: str | None = None
    client_id: str | None = None
    user_code: str | None = None
    filter: Filter = EVERYTHING

    @property
    def is_everything(self) -> bool:
        """Whether it would catch every request, or nearly: then it is asked about first."""
        return not (self.operation or self.client_id or self.user_code or self.filter.narrows)

    @property
    def named(self) -> tuple[str, ...]:
        """The parts that are given, in a word each."""
        given = {
            "operation": self.operation,
            "client": self.client_id,
            "device": self.user_code,
            "filter": self.filter.text,
        }
        return tuple(part for part, value in given.items() if value)

    def misses(self, arrival: Arrival) -> tuple[str, ...]:
        """The parts that do not fit, in a word each; none when the request is meant."""
        fits = {
            "operation": self.operation in {None, arrival.operation},
            "client": self.client_id in {None, arrival.client_id},
            "device": self.user_code in {None, arrival.user_code},
            "filter": self.filter.matches(arrival),
        }
        return tuple(part for part, is_fit in fits.items() if not is_fit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Which of the requests that fit are caught."""

    skip: int = 0
    """So many go through first: the n-th is ``skip=n-1``; succeed n, then fail m is both."""
    times: int | None = 1
    """So many are caught; None is always, until its time is over."""
    probability: float = 1.0
    """Of each that is not skipped, between 0 and 1."""
    seed: int = 0
    """What chance starts from: the same seed catches the same requests."""
    lifetime_s: float = 600.0
    """Real seconds until it is over by itself."""


NEXT = Trigger()
"""The next request, once."""


@dataclass(slots=True, kw_only=True)
class Rule:
    """A hold, or a fault of the catalogue, that is armed for requests."""

    rule_id: int
    fault: str | None
    """Name in the catalogue; None for a hold."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Values of the fault's parameters."""
    fit: Fit = ANYTHING
    """Which requests its fault makes sense for."""
    target: Target
    trigger: Trigger
    since_tick: float
    """Real monotonic seconds; its time to live counts from here."""
    is_paused: bool = False
    over_because: str = ""
    """Why it catches nothing any more; it stays in the list, as done."""
    looked_at: int = 0
    """Requests that came by while it was in force."""
    matched: int = 0
    """Of these, those that its target meant."""
    done: int = 0
    """Of these, those that were caught."""
    caught_number: int | None = None
    """The request that it caught last, by its number in the record."""
    caught_at: float | None = None
    """When that was, simulated, in seconds since 1970."""
    nearest: tuple[str, ...] = ()
    """What did not fit the request that came nearest, for the near-miss sentence: parts of the target,
    then why the fault makes no sense for it."""
    nearest_number: int | None = None
    """That request's number in the record, where known."""

    def ends_tick(self) -> float:
        """When its time is over."""
        return self.since_tick + self.trigger.lifetime_s

    def left(self) -> int | None:
        """How many it will still catch; None for always."""
        return None if self.trigger.times is None else max(0, self.trigger.times - self.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDecision:
    """What an operator decided about one held request."""

    how: str
    """``release``, ``drop``, ``fault``, ``edit``, or why it ended by itself."""
    fault: str | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    fit: Fit = ANYTHING
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """Of an edited answer, with its status and its headers in order."""
    is_done: bool = False
    """Whether the request is done truly before the edited answer is sent; else that comes instead."""
    previewed: bytes = field(default=b"", repr=False)
    """What the edited answer was made from, all bytes of it: its made-up values give way to the true
    ones. Empty where nobody previewed anything."""


@dataclass(slots=True, kw_only=True)
class Held:
    """A request that waits for a decision, its connection open."""

    number: int
    """In the record: its row among the requests is there already."""
    arrival: Arrival
    at: float
    """Simulated time, seconds since 1970."""
    since_tick: float
    ends_tick: float
    """Real monotonic seconds at which it is released by itself."""
    paused_tick: float | None = None
    """Since when its countdown stands still, because its answer is being edited."""
    decision: HeldDecision | None = None
    """Once there is one the server lets it go."""

    def left_s(self, tick: float) -> float:
        """Seconds until it is released by itself."""
        until = tick if self.paused_tick is None else self.paused_tick
        return max(0.0, self.ends_tick - until)


def arrival_fields() -> "Fields":
    """Fields that filters of holds and faults can ask for; the others are known from the answer only."""
    from oidc_sim.filtering import Fields  # seldom asked for
    from oidc_sim.filtering.language import TEXTS

    return Fields(frozenset(TEXTS), "{} is not known when a request arrives")


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """A filter's text that was read, asked of arrivals."""

    expression: "Expression"

    @property
    def text(self) -> str:
        """As it was typed."""
        return self.expression.text

    @property
    def narrows(self) -> bool:
        """Whether it names something that a request must have."""
        return self.expression.narrows

    def matches(self, arrival: Arrival) -> bool:
        """Whether the request is meant."""
        return self.expression.matches(facts_of(arrival))


def request_filter(text: str) -> "Filter | FilterError":
    """Read a filter for requests before their answer; what only the answer tells is an error."""
    from oidc_sim.filtering import FilterError, parse  # seldom asked for

    expression = parse(text, arrival_fields())
    return expression if isinstance(expression, FilterError) else RequestFilter(expression)


def facts_of(arrival: Arrival) -> "Facts":
    """An arrival by the names that filters use."""
    return {
        "agent": arrival.user_agent,
        "client": tuple(one for one in (arrival.client_name, arrival.client_id) if one),
        "code": arrival.user_code,
        "endpoint": arrival.endpoint,
        "grant": arrival.grant_type,
        "ip": arrival.address,
        "op": arrival.operation,
        "scope": arrival.scopes,
        "state": arrival.state,
    }
