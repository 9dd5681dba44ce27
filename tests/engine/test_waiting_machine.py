"""Any order of rules, requests, decisions and time: the engine and the ledger agree, each step."""

import copy

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from oidc_sim.engine import held, rules
from oidc_sim.engine.held import undecided
from oidc_sim.engine.model import State
from oidc_sim.engine.records import put_back, records
from oidc_sim.engine.rules import near_miss
from tests.engine import waiting_ledger
from tests.engine.held_rules import HeldRules
from tests.engine.waiting_ledger import MAX_DONE, MAX_HELD, MAX_RULES


class WaitingMachine(HeldRules):
    """What holds after every step."""

    @invariant()
    def the_ledger_agrees_about_rules(self) -> None:
        assert list(self.world.state.rules) == list(self.ledger.traps)
        for rule_id, trap in self.ledger.traps.items():
            rule = self.world.state.rules[rule_id]
            assert (rule.fault, rule.settings) == (trap.wish.fault, trap.wish.settings)
            assert (rule.is_paused, rule.over_because) == (trap.is_paused, trap.over_because)
            assert (rule.looked_at, rule.matched) == (len(trap.looks), trap.matched)
            assert (rule.done, rule.left()) == (trap.done, trap.left)
            last = trap.catches[-1] if trap.catches else (None, None)
            assert (rule.caught_number, rule.caught_at) == last
            assert (rule.nearest_number, rule.nearest) == trap.nearest

    @invariant()
    def it_is_known_whether_anything_lies_in_wait(self) -> None:
        """Else requests pass by it, or are looked at for nothing."""
        waiting = [it for it in self.ledger.traps.values() if not it.over_because]
        assert self.world.state.lies_in_wait is any(not it.is_paused for it in waiting)

    @invariant()
    def the_ledger_agrees_about_held_requests(self) -> None:
        state, tick = self.world.state, self.world.now.tick
        assert list(state.held) == list(self.ledger.waiters)
        for number, waiter in self.ledger.waiters.items():
            one = state.held[number]
            assert (one.number, one.arrival, one.at) == (number, waiter.arrival, waiter.at)
            assert one.left_s(tick) == max(0, waiter.left_ms) / 1000
            assert one.decision == waiter.decision

    @invariant()
    def what_is_decided_is_what_is_held_with_a_decision(self) -> None:
        """In the order of the decisions: the server lets them go in it."""
        state = self.world.state
        assert list(state.decided) == self.ledger.decided
        assert set(state.decided) == {it.number for it in state.held.values() if it.decision}
        assert undecided(state) == len(self.ledger.undecided())

    @invariant()
    def no_limit_is_passed(self) -> None:
        state = self.world.state
        assert sum(not rule.over_because for rule in state.rules.values()) <= MAX_RULES
        assert len(state.rules) < MAX_RULES + MAX_DONE
        assert len(state.held) <= MAX_HELD

    @invariant()
    def a_near_miss_is_always_a_sentence(self) -> None:
        for rule in self.world.state.rules.values():
            told = near_miss(rule)
            assert told.startswith(f"matched {rule.matched} of {rule.looked_at} request")
            is_near = not rule.matched and bool(rule.looked_at)
            assert (f"nearest was #{rule.nearest_number}: " in told) is is_near
            assert all(part in told for part in (rule.nearest if is_near else ()))

    @invariant()
    def replaying_the_events_gives_the_same_state(self) -> None:
        assert self.world.replayed() == self.world.state

    @invariant()
    def records_put_back_have_nothing_of_it(self) -> None:
        """Neither rules nor held requests outlive the process; all else does."""
        state = self.world.state
        made = State(policy=state.policy)
        for record in records(state):
            put_back(made, copy.deepcopy(record))
        assert (made.clients, made.devices) == (state.clients, state.devices)
        nothing = State(policy=made.policy)
        assert (made.rules, made.held, made.decided) == (
            nothing.rules,
            nothing.held,
            nothing.decided,
        )
        assert not made.lies_in_wait


def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine have the ledger's limits."""
    for name in ("MAX_RULES", "MAX_DONE", "MAX_HELD"):
        monkeypatch.setattr(rules, name, getattr(waiting_ledger, name))
    monkeypatch.setattr(held, "OVERDUE_AT_ONCE", waiting_ledger.OVERDUE_AT_ONCE)


@pytest.mark.timeout(300)  # a few seconds of work, but machines are shared
def test_what_waits_keeps_its_rules_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    small_limits(monkeypatch)
    run_state_machine_as_test(
        WaitingMachine,
        settings=settings(
            max_examples=150,
            stateful_step_count=50,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
