"""Events of rules and held requests. None of them outlives the process, so no journal has one."""

from collections.abc import Mapping
from dataclasses import dataclass

from oidc_sim.engine.arrival import Arrival, Fit, HeldDecision, Setting, Target, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAdded:
    """A rule is active from here on."""

    at: float
    tick: float
    rule_id: int
    fault: str | None
    settings: Mapping[str, Setting]
    fit: Fit
    target: Target
    trigger: Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePaused:
    """A rule rests from here on, or acts again."""

    at: float
    rule_id: int
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGivenBack:
    """A rule may catch one more, for it had nothing to do. The log has it with the request."""

    at: float
    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEnded:
    """A rule catches nothing any more, because its time is over; it stays in the list."""

    at: float
    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRemoved:
    """A rule is unknown from here on."""

    at: float
    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRestored:
    """A rule that was removed is there again, as it was."""

    at: float
    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLookedAt:
    """A request came by while a rule was active. For the rules' counts; the log leaves it out."""

    at: float
    number: int
    misses: tuple[tuple[int, tuple[str, ...]], ...]
    """Of each rule that looked, in order, what did not fit, as ``Rule.nearest`` has it."""
    caught_by: int | None
    client_id: str | None = None
    """Of what is caught: nothing else may tell that its client was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswered:
    """A poll that was caught got an answer, or none, that was not decided here.

    Its device is decided about as before; ``Polled`` tells of those that were decided here.
    """

    at: float
    tick: float
    """At which it came."""
    user_code: str
    answer_word: str
    """How it ended, for a person."""
    error: str = ""
    """The error code that its client was told, in RFC 8628 §3.5's words; empty for anything else."""
    held_s: float | None = None
    """Real seconds that it was held; None for one that was not."""
    kept_s: float = 0.0
    """Real seconds that it waited for its answer, held or delayed."""
    fault: str | None = None
    is_retry: bool = False
    """The client's SDK sent its last poll again."""

    @property
    def is_paced(self) -> bool:
        """Always true: for the client it is a poll like any other."""
        return True

    @property
    def is_own(self) -> bool:
        """Whether the client meant it as a poll: no SDK sent it again."""
        return not self.is_retry

    @property
    def is_slowed(self) -> bool:
        """Whether the client is told to wait 5 s longer from here on."""
        return self.error == "slow_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHeld:
    """A request waits for a decision."""

    at: float
    tick: float
    number: int
    rule_id: int
    arrival: Arrival
    ends_tick: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPaused:
    """A held request's countdown stands still from here on, or goes on."""

    at: float
    tick: float
    number: int
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDecided:
    """It is decided what becomes of a held request."""

    at: float
    number: int
    decision: HeldDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class AllReleased:
    """All that was held and not decided about is released: one event, for there may be thousands."""

    at: float
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEnded:
    """A request is not held any more."""

    at: float
    number: int
    how: str
    """For a person: ``released``, ``dropped``, ``released by itself``, ``client hung up``."""
    user_code: str | None = None


PassingEvent = (
    RuleAdded
    | RulePaused
    | RuleGivenBack
    | RuleEnded
    | RuleRemoved
    | RuleRestored
    | RequestLookedAt
    | PollAnswered
    | RequestHeld
    | HeldPaused
    | HeldDecided
    | AllReleased
    | HeldEnded
)
"""Events that mean nothing to another process."""
