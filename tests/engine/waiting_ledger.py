"""A second opinion on what lies in wait and what is held: plain bookkeeping, asking the engine nothing.

It keeps each look that a rule took instead of counts, and lets what is left of a life run down by hand
instead of comparing instants. Only chance itself is the engine's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from oidc_sim.engine.arrival import Arrival, HeldDecision
from oidc_sim.engine.commands import AddRule
from oidc_sim.engine.rules import chance
from tests.engine.waiting_pool import FILTERS, FOR

MAX_RULES = 4
MAX_DONE = 2
MAX_HELD = 3
OVERDUE_AT_ONCE = 2
"""The engine's limits while the machine runs: small, so that they are reached."""
HOLD_MS = 10_000
USED_UP, TIME_OVER = "it caught all that it should", "its time is over"


GRANTS = {"refresh_token": " with refresh_token", "urn:of:device_code": " with device_code"}


def why_unfit(fault: str | None, arrival: Arrival) -> str | None:
    """Why one of the pool's faults is nothing for this request."""
    place, grant = arrival.stage or arrival.operation, arrival.grant_type
    is_for = {
        None: True,
        "f": not arrival.stage,
        "g": place == "CreateToken",
        "h": place in {"CreateToken", "RegisterClient"} and grant == "refresh_token",
        "i": arrival.stage is not None,
    }
    if is_for[fault]:
        return None
    by = GRANTS.get(grant or "", "") if fault == "h" else ""
    return f"it is for {FOR[fault or '']}, not {place or 'this'}{by}"


@dataclass
class Trap:
    """One rule: what was asked for, and each request that it looked at."""

    wish: AddRule
    left_ms: int
    """Of its life."""
    is_paused: bool = False
    is_noticed: bool = False
    """A sweep saw that its time was over."""
    looks: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Each request's number, and what did not fit it."""
    catches: list[tuple[int, float]] = field(default_factory=list)
    """Each request's number, and when."""
    spared: int = 0
    """Of these, those at which it could do nothing."""

    @property
    def matched(self) -> int:
        return [missed for _, missed in self.looks].count(())

    @property
    def done(self) -> int:
        return len(self.catches) - self.spared

    @property
    def left(self) -> int | None:
        times = self.wish.trigger.times
        return None if times is None else times - self.done

    @property
    def over_because(self) -> str:
        return USED_UP if self.left == 0 else TIME_OVER if self.is_noticed else ""

    @property
    def is_in_force(self) -> bool:
        return not self.over_because and not self.is_paused and self.left_ms > 0

    @property
    def nearest(self) -> tuple[int | None, tuple[str, ...]]:
        """The last of those that missed by least."""
        missed = [look for look in self.looks if look[1]]
        least = min((len(parts) for _, parts in missed), default=0)
        return next((look for look in reversed(missed) if len(look[1]) == least), (None, ()))

    def misses(self, arrival: Arrival) -> tuple[str, ...]:
        """What does not fit, and why its fault does not."""
        target, missed = self.wish.target, []
        if target.operation and target.operation != arrival.operation:
            missed.append("operation")
        if target.client_id and target.client_id != arrival.client_id:
            missed.append("client")
        if target.user_code and target.user_code != arrival.user_code:
            missed.append("device")
        if not FILTERS[target.filter.text](arrival):
            missed.append("filter")
        why = why_unfit(self.wish.fault, arrival)
        return (*missed, why) if why else tuple(missed)

    def wants_next(self) -> bool:
        """Whether it catches the next request that fits: neither skipped nor spared by chance."""
        trigger = self.wish.trigger
        draw = chance(trigger.seed, self.matched)
        return self.matched >= trigger.skip and draw < trigger.probability


@dataclass
class Waiter:
    """One held request."""

    arrival: Arrival
    at: float
    left_ms: int = HOLD_MS
    is_paused: bool = False
    decision: HeldDecision | None = None


@dataclass
class WaitingLedger:
    """Everything that should be true about rules and held requests."""

    traps: dict[int, Trap] = field(default_factory=dict)
    waiters: dict[int, Waiter] = field(default_factory=dict)
    decided: list[int] = field(default_factory=list)
    """In the order of the decisions."""
    last_rule_id: int = 0

    def let_time_pass(self, ms: int) -> None:
        """Real time: what the operator does to the simulated clock is not told here."""
        for trap in self.traps.values():
            trap.left_ms -= ms
        for waiter in self.waiters.values():
            waiter.left_ms -= 0 if waiter.is_paused else ms

    def is_full(self) -> bool:
        return [trap.over_because for trap in self.traps.values()].count("") >= MAX_RULES

    def add(self, wish: AddRule) -> None:
        over = [rule_id for rule_id, trap in self.traps.items() if trap.over_because]
        while len(over) >= MAX_DONE:
            del self.traps[over.pop(0)]
        self.last_rule_id += 1
        self.traps[self.last_rule_id] = Trap(wish, round(wish.trigger.lifetime_s * 1000))

    def lookers(self, arrival: Arrival) -> Iterator[tuple[int, Trap]]:
        """The rules that would look at this request, if those before let it by."""
        for rule_id, trap in self.traps.items():
            is_for_it = not why_unfit(trap.wish.fault, arrival)
            if trap.is_in_force and (not arrival.stage or (trap.wish.fault and is_for_it)):
                yield rule_id, trap

    def admit(self, arrival: Arrival, number: int, at: float) -> int | None:
        """The rule that catches a request."""
        for rule_id, trap in self.lookers(arrival):
            missed = trap.misses(arrival)
            has_room = bool(trap.wish.fault) or len(self.waiters) < MAX_HELD
            is_caught = not missed and has_room and trap.wants_next()
            trap.looks.append((number, missed))
            if is_caught:
                trap.catches.append((number, at))
                if trap.wish.fault is None:
                    self.waiters[number] = Waiter(arrival, at)
                return rule_id
        return None

    def decide(self, number: int, decision: HeldDecision) -> None:
        self.waiters[number].decision = decision
        self.decided.append(number)

    def end(self, number: int) -> None:
        if self.waiters.pop(number).decision:
            self.decided.remove(number)

    def undecided(self) -> list[int]:
        return [number for number, waiter in self.waiters.items() if not waiter.decision]

    def release_all(self) -> None:
        for number in self.undecided():
            self.decide(number, HeldDecision(how="release"))

    def sweep(self) -> None:
        for trap in self.traps.values():
            trap.is_noticed = trap.is_noticed or (not trap.over_because and trap.left_ms <= 0)
        waiting = [(number, self.waiters[number]) for number in self.undecided()]
        late = [number for number, it in waiting if not it.is_paused and it.left_ms <= 0]
        for number in late[:OVERDUE_AT_ONCE]:
            self.decide(number, HeldDecision(how="released by itself"))

    def reset(self) -> None:
        self.traps.clear()
        self.release_all()
