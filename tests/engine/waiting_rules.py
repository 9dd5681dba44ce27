"""What can happen to what lies in wait, in any order: the first part of the waiting machine."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from oidc_sim.engine.arrival import Arrival, Target, Trigger
from oidc_sim.engine.commands import (
    AddRule,
    Admit,
    Command,
    FreezeClock,
    GiveBackRule,
    PauseRule,
    RemoveRule,
    Reset,
    StepClock,
    Sweep,
)
from oidc_sim.engine.events import Event
from oidc_sim.engine.model import Now, Policy
from oidc_sim.engine.replies import Admitted, ClockMoved, Done, Impossible, RuleStands
from oidc_sim.engine.rules import catcher_of
from oidc_sim.engine.waiting_events import HeldDecided, RequestHeld, RequestLookedAt, RuleEnded
from tests.engine.device_rules import CERTAINTY, SURE
from tests.engine.waiting_ledger import HOLD_MS, WaitingLedger
from tests.engine.waiting_pool import ARRIVALS, NONSENSE, STAGE, WISHES
from tests.engine.world import START, World

WAITS_S = st.sampled_from([0.0, 0.125, 1.0, 3.875, 4.0, 5.875, 6.0, 9.875, 10.0, 50.0])
"""Eighths of seconds, which doubles keep exactly, around each limit of a rule's and a hold's life."""
EARLY_S = st.sampled_from([0.0, 0.0, 0.125])
WHICH = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
"""Counted from the newest; the last is mostly one too many."""
HOLD = AddRule(target=Target(), trigger=Trigger(times=None))


def outcome(reply: object) -> str:
    """A reply to an operator, in a word."""
    return reply.hindrance.value if isinstance(reply, Impossible) else "done"


class WaitingRules(RuleBasedStateMachine):
    """Rules come, rest and go; requests come by; both clocks move, each in its own way."""

    @initialize()
    def begin(self) -> None:
        self.ledger = WaitingLedger()
        self.world = World(policy=Policy(hold_s=HOLD_MS / 1000))
        self.world.sign_in("a:scope")
        self.requests = 0
        self.is_frozen = False
        self._add(HOLD)

    def rule_id(self, which: int) -> int:
        """The newest, or one before it; else one that was never given."""
        ids = list(self.ledger.traps)
        return ids[-1 - which] if which < len(ids) else self.ledger.last_rule_id + 1

    @rule(wish=WISHES)
    def add(self, wish: AddRule) -> None:
        self._add(wish)

    def _add(self, wish: AddRule) -> None:
        is_full = self.ledger.is_full()
        reply = self.world.do(wish)
        if is_full:
            assert outcome(reply) == "conflict"
        else:
            self.ledger.add(wish)
            assert reply == RuleStands(self.ledger.last_rule_id)

    @rule(trigger=NONSENSE)
    def add_what_makes_no_sense(self, trigger: Trigger) -> None:
        self._refuse(AddRule(target=Target(), trigger=trigger), "conflict")

    def _refuse(self, command: Command[object], expected: str) -> None:
        """What is refused changes nothing, and somebody is told why."""
        heard = len(self.world.events)
        reply = self.world.do(command)
        assert outcome(reply) == expected
        assert isinstance(reply, Impossible)
        assert reply.why
        assert len(self.world.events) == heard

    @rule(which=WHICH, is_paused=st.booleans())
    def pause(self, which: int, *, is_paused: bool) -> None:
        self._pause(self.rule_id(which), is_paused=is_paused)

    def _pause(self, rule_id: int, *, is_paused: bool) -> None:
        trap, command = (
            self.ledger.traps.get(rule_id),
            PauseRule(rule_id=rule_id, is_paused=is_paused),
        )
        if trap is None or trap.over_because or trap.left_ms <= 0:
            self._refuse(command, "conflict" if trap else "unknown")
            return
        news = self.world.news(command)
        assert len(news) == (trap.is_paused is not is_paused)
        trap.is_paused = is_paused

    @rule(which=WHICH)
    def spare(self, which: int) -> None:
        rule_id = self.rule_id(which)
        trap = self.ledger.traps.get(rule_id)
        if trap is None:
            self._refuse(GiveBackRule(rule_id), "unknown")
            return
        assert len(self.world.news(GiveBackRule(rule_id))) == (trap.done > 0)
        trap.spared += trap.done > 0

    @rule(which=WHICH)
    def remove(self, which: int) -> None:
        rule_id = self.rule_id(which)
        if rule_id not in self.ledger.traps:
            self._refuse(RemoveRule(rule_id), "unknown")
        else:
            assert self.world.do(RemoveRule(rule_id)) == Done()
            del self.ledger.traps[rule_id]

    @rule(is_paused=st.booleans())
    def pause_all(self, *, is_paused: bool) -> None:
        for which in range(len(self.ledger.traps)):
            self._pause(self.rule_id(which), is_paused=is_paused)

    @rule(arrivals=st.lists(ARRIVALS, min_size=1, max_size=4))
    def come_by(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            self._come(arrival)

    def _come(self, arrival: Arrival) -> None:
        self._preview_answer(arrival)
        self._admit(arrival)

    @rule(arrival=ARRIVALS)
    def come_to_a_stage(self, arrival: Arrival) -> None:
        self._admit(replace(arrival, stage=STAGE))

    def _preview_answer(self, arrival: Arrival) -> None:
        """What the screen says lies in wait is what the next such request meets."""
        rule = catcher_of(self.world.state, arrival, self.world.now)
        command = Admit(arrival=arrival, number=self.requests + 1)
        events = self.world.decided(command)[0]
        caught_by = [it.caught_by for it in events if isinstance(it, RequestLookedAt)]
        assert [rule.rule_id if rule else None] == (caught_by or [None])

    def _admit(self, arrival: Arrival) -> None:
        self.requests += 1
        lies_in_wait, heard = self.world.state.lies_in_wait, len(self.world.events)
        lookers = list(self.ledger.lookers(arrival))
        caught_by = self.ledger.admit(arrival, self.requests, self.world.now.at)
        command = Admit(arrival=arrival, number=self.requests)
        assert self.world.do(command) == self._answer(caught_by)
        news = self.world.events[heard:]
        assert lies_in_wait or not news, "a request that need not have come by was caught"
        assert [type(it) for it in news] == self._events(len(lookers), caught_by)

    def _answer(self, rule_id: int | None) -> Admitted:
        if rule_id is None:
            return Admitted()
        wish = self.ledger.traps[rule_id].wish
        is_held = wish.fault is None
        return Admitted(rule_id=rule_id, fault=wish.fault, settings=wish.settings, is_held=is_held)

    def _events(self, lookers: int, rule_id: int | None) -> list[type[Event]]:
        is_held = rule_id is not None and self.ledger.traps[rule_id].wish.fault is None
        looked: list[type[Event]] = [RequestLookedAt] if lookers else []
        return [*looked, RequestHeld] if is_held else looked

    @rule(seconds=WAITS_S)
    def wait(self, seconds: float) -> None:
        self._pass(seconds)

    @rule(which=WHICH, early_s=EARLY_S, arrival=ARRIVALS)
    def come_by_as_a_rule_ends(self, which: int, early_s: float, arrival: Arrival) -> None:
        """Or just before."""
        if trap := self.ledger.traps.get(self.rule_id(which)):
            self._pass(max(0.0, trap.left_ms / 1000 - early_s))
        self._come(arrival)

    def _pass(self, seconds: float) -> None:
        now = self.world.now
        self.world.now = Now(now.at + (0 if self.is_frozen else seconds), now.tick + seconds)
        self.ledger.let_time_pass(round(seconds * 1000))

    @rule(by_s=st.sampled_from([1.0, 4.0, 10.0, 600.0, 86_400.0]))
    def step_the_clock(self, by_s: float) -> None:
        """No rule is over and no hold ends by it: both are judged by real time."""
        assert isinstance(self.world.do(StepClock(by_s=by_s)), ClockMoved)
        self.world.step(by_s)

    @rule(by_s=st.sampled_from([-1.0, 0.0, 0.5, 1e12, float("nan")]))
    def step_the_clock_too_little_or_too_far(self, by_s: float) -> None:
        self._refuse(StepClock(by_s=by_s), "conflict")

    @rule(is_frozen=st.booleans())
    def freeze_the_clock(self, *, is_frozen: bool) -> None:
        assert isinstance(self.world.do(FreezeClock(is_frozen=is_frozen)), ClockMoved)
        self.is_frozen = is_frozen

    @rule()
    def sweep(self) -> None:
        self._sweep()

    def _sweep(self) -> None:
        """Each end is told once: in the order of the rules, then of the requests."""
        over, decided = self._over(), len(self.ledger.decided)
        self.ledger.sweep()
        news = [it for it in self.world.news(Sweep()) if isinstance(it, RuleEnded | HeldDecided)]
        told = [it.rule_id if isinstance(it, RuleEnded) else it.number for it in news]
        ended = [rule_id for rule_id in self._over() if rule_id not in over]
        assert told == ended + self.ledger.decided[decided:]

    def _over(self) -> list[int]:
        return [rule_id for rule_id, trap in self.ledger.traps.items() if trap.over_because]

    @rule(certainty=CERTAINTY, again=CERTAINTY)
    def reset(self, certainty: int, again: int) -> None:
        """The clock shows real time again, as the simulator lets it."""
        if certainty == again == SURE:
            self.world.do(Reset())
            self.ledger.reset()
            self.is_frozen = False
            tick = self.world.now.tick
            self.world.now = Now(START.at + tick - START.tick, tick)
