"""What can happen to held requests, in any order: the second part of the waiting machine."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from oidc_sim.engine.arrival import Arrival, HeldDecision
from oidc_sim.engine.commands import DecideHeld, EndHeld, PauseHeld, ReleaseAll
from oidc_sim.engine.held import HUNG_UP
from oidc_sim.engine.replies import Done
from oidc_sim.engine.waiting_events import AllReleased, HeldEnded
from tests.engine.waiting_ledger import why_unfit
from tests.engine.waiting_pool import ARRIVALS, DECISIONS
from tests.engine.waiting_rules import EARLY_S, HOLD, WHICH, WaitingRules


class HeldRules(WaitingRules):
    """Somebody decides, edits and forgets to; clients get their answers, or hang up."""

    def number(self, which: int) -> int:
        """Of the newest, or one before it; else one that has not come yet."""
        numbers = list(self.ledger.waiters)
        return numbers[-1 - which] if which < len(numbers) else self.requests + 1

    @rule(arrivals=st.lists(ARRIVALS, min_size=1, max_size=4))
    def come_to_a_hold(self, arrivals: list[Arrival]) -> None:
        """The usual way, so that there is something to decide about."""
        traps = self.ledger.traps.values()
        if not any(it.is_in_force and it.wish.fault is None for it in traps):
            self._add(HOLD)
        for arrival in arrivals:
            self._come(arrival)

    @rule(which=WHICH, decision=DECISIONS)
    def decide(self, which: int, decision: HeldDecision) -> None:
        number = self.number(which)
        command = DecideHeld(number=number, decision=decision)
        waiter = self.ledger.waiters.get(number)
        if waiter is None or waiter.decision:
            self._refuse(command, "conflict" if waiter else "unknown")
        elif why_unfit(decision.fault, waiter.arrival):
            self._refuse(command, "conflict")
        else:
            assert self.world.do(command) == Done()
            self.ledger.decide(number, decision)

    @rule(which=WHICH, is_paused=st.booleans())
    def edit(self, which: int, *, is_paused: bool) -> None:
        self._edit(self.number(which), is_paused=is_paused)

    @rule(which=WHICH, early_s=EARLY_S)
    def edit_as_its_time_ends(self, which: int, early_s: float) -> None:
        """Its countdown stands still meanwhile, then it has what was left."""
        number = self.number(which)
        self._edit(number, is_paused=True)
        if waiter := self.ledger.waiters.get(number):
            self._pass(max(0.0, waiter.left_ms / 1000 - early_s))
            self._sweep()
            self._edit(number, is_paused=False)
        self._sweep()

    def _edit(self, number: int, *, is_paused: bool) -> None:
        command = PauseHeld(number=number, is_paused=is_paused)
        waiter = self.ledger.waiters.get(number)
        if waiter is None or waiter.decision:
            self._refuse(command, "conflict" if waiter else "unknown")
            return
        assert len(self.world.news(command)) == (waiter.is_paused is not is_paused)
        waiter.is_paused = is_paused

    @rule()
    def release_all(self) -> None:
        requests = len(self.ledger.undecided())
        event = AllReleased(at=self.world.now.at, requests=requests)
        assert self.world.news(ReleaseAll()) == ([event] if requests else [])
        self.ledger.release_all()

    @rule(which=WHICH)
    def end(self, which: int) -> None:
        """Its answer is on its way, or its client hangs up; twice is no mistake."""
        number = self.number(which)
        waiter = self.ledger.waiters.get(number)
        news = self.world.news(EndHeld(number=number, how=HUNG_UP))
        if waiter is None:
            assert news == []
            return
        user_code = waiter.arrival.user_code
        at = self.world.now.at
        assert news == [HeldEnded(at=at, number=number, how=HUNG_UP, user_code=user_code)]
        self.ledger.end(number)
