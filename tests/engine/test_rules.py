"""What lies in wait, and which requests it catches."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine import decide
from oidc_sim.engine.arrival import ANYTHING, REDIRECT, Arrival, Fit, Target, Trigger
from oidc_sim.engine.commands import (
    AddRule,
    Admit,
    GiveBackRule,
    PauseRule,
    RemoveRule,
    Reset,
    RestoreRule,
    Sweep,
)
from oidc_sim.engine.replies import Admitted, Done, Hindrance, Impossible, RuleStands
from oidc_sim.engine.rules import MAX_DONE, MAX_HELD, MAX_RULES, chance, near_miss
from oidc_sim.engine.waiting_events import RuleEnded
from tests.engine.world import World

TOKEN = Arrival(operation="CreateToken", endpoint="/token", client_id="c1", user_code="AAAA-BBBB")
OTHER = replace(TOKEN, operation="RegisterClient", client_id=None, user_code=None)
TOKENS = Target(operation="CreateToken")


def lie_in_wait(
    world: World,
    target: Target = TOKENS,
    fault: str | None = "f",
    fit: Fit = ANYTHING,
    **trigger: Any,
) -> int:
    reply = world.do(AddRule(target=target, fault=fault, fit=fit, trigger=Trigger(**trigger)))
    assert isinstance(reply, RuleStands), reply
    return reply.rule_id


def admit(world: World, arrival: Arrival = TOKEN, number: int = 1) -> Admitted:
    reply = world.do(Admit(arrival=arrival, number=number))
    assert isinstance(reply, Admitted)
    return reply


def test_what_lies_in_wait_is_known_at_a_glance() -> None:
    world = World()
    seen = [world.state.lies_in_wait]
    rule_id = lie_in_wait(world)
    seen.append(world.state.lies_in_wait)
    world.do(PauseRule(rule_id=rule_id, is_paused=True))
    seen.append(world.state.lies_in_wait)
    assert seen == [False, True, False]


def caught(world: World, times: int, arrival: Arrival = TOKEN) -> list[int]:
    """Which of so many requests are caught, counted from 1."""
    return [n for n in range(1, times + 1) if admit(world, arrival, n).rule_id is not None]


def test_the_next_request_that_fits_is_caught_once() -> None:
    world = World()
    rule_id = lie_in_wait(world, times=1)
    assert admit(world, OTHER).rule_id is None
    assert admit(world) == Admitted(rule_id=rule_id, fault="f")
    assert admit(world).rule_id is None
    assert world.state.rules[rule_id].over_because


def test_a_rule_knows_which_request_it_caught_last_and_when() -> None:
    world = World()
    rule = world.state.rules[lie_in_wait(world, times=2)]
    admit(world, OTHER, 6)
    assert (rule.caught_number, rule.caught_at) == (None, None)
    admit(world, TOKEN, 7)
    admit(world, TOKEN, 8)
    admit(world, TOKEN, 9)
    assert (rule.caught_number, rule.caught_at) == (8, world.now.at)


@pytest.mark.parametrize(
    ("trigger", "wanted"),
    [
        ({"times": 2}, [1, 2]),
        ({"times": 1, "skip": 3}, [4]),
        ({"times": 2, "skip": 2}, [3, 4]),
        ({"times": None}, [1, 2, 3, 4, 5, 6]),
        ({"times": None, "probability": 0.0}, []),
    ],
)
def test_a_trigger_chooses(trigger: dict[str, Any], wanted: list[int]) -> None:
    world = World()
    lie_in_wait(world, **trigger)
    assert caught(world, 6) == wanted


def test_chance_catches_the_same_requests_with_the_same_seed() -> None:
    catches = []
    for seed in (1, 1, 2):
        world = World()
        lie_in_wait(world, times=None, probability=0.5, seed=seed)
        catches.append(caught(world, 100))
    assert catches[0] == catches[1] != catches[2]
    assert 30 < len(catches[0]) < 70


def test_chance_is_even() -> None:
    drawn = [chance(7, turn) for turn in range(2000)]
    assert all(0 <= it < 1 for it in drawn)
    assert 0.47 < sum(drawn) / len(drawn) < 0.53


def test_the_first_rule_that_catches_has_the_request_and_others_do_not_count_it() -> None:
    world = World()
    first, second = lie_in_wait(world, times=1), lie_in_wait(world, fault="g", times=None)
    assert [admit(world).rule_id for _ in range(2)] == [first, second]
    assert world.state.rules[second].looked_at == 1


def test_a_rule_that_skips_leaves_the_request_to_the_next() -> None:
    world = World()
    lie_in_wait(world, skip=5)
    second = lie_in_wait(world, fault="g")
    assert admit(world).rule_id == second


def test_a_paused_rule_counts_nothing_until_it_acts_again() -> None:
    world = World()
    rule_id = lie_in_wait(world)
    world.do(PauseRule(rule_id=rule_id, is_paused=True))
    assert not world.state.lies_in_wait
    assert admit(world).rule_id is None
    assert world.state.rules[rule_id].looked_at == 0
    assert world.news(PauseRule(rule_id=rule_id, is_paused=True)) == []
    world.do(PauseRule(rule_id=rule_id, is_paused=False))
    assert admit(world).rule_id == rule_id


def test_a_rule_is_over_when_its_time_is_and_stays_in_the_list() -> None:
    world = World()
    rule_id = lie_in_wait(world, times=None, lifetime_s=60.0)
    world.wait(59.9)
    assert admit(world).rule_id == rule_id
    world.wait(0.1)
    assert admit(world).rule_id is None
    assert [type(it) for it in world.news(Sweep())] == [RuleEnded]
    assert world.news(Sweep()) == []
    assert not world.state.lies_in_wait
    assert "time is over" in world.state.rules[rule_id].over_because


def test_stepping_the_simulated_clock_ends_no_rule() -> None:
    world = World()
    rule_id = lie_in_wait(world, lifetime_s=60.0)
    world.step(10_000)
    assert admit(world).rule_id == rule_id


def test_a_rule_that_is_over_cannot_be_paused_and_can_be_removed() -> None:
    world = World()
    rule_id = lie_in_wait(world)
    admit(world)
    reply = world.do(PauseRule(rule_id=rule_id, is_paused=True))
    assert isinstance(reply, Impossible)
    assert reply.hindrance is Hindrance.CONFLICT
    assert world.do(RemoveRule(rule_id)) == Done()
    assert world.state.rules == {}


def test_a_removed_rule_is_restored_in_its_place_with_its_counts() -> None:
    world = World()
    first, second = (lie_in_wait(world, times=3) for _ in range(2))
    caught(world, 2)
    before = dict(world.state.rules)
    world.do(RemoveRule(first))
    assert admit(world).rule_id == second
    assert world.do(RestoreRule(first)) == Done()
    assert [*world.state.rules.items()] == [*before.items()]
    assert admit(world).rule_id == first
    assert isinstance(world.do(RestoreRule(first)), Impossible)


def test_a_rule_is_restored_only_where_there_is_room_and_never_after_a_reset() -> None:
    world = World()
    rule_id = lie_in_wait(world)
    world.do(RemoveRule(rule_id))
    for _ in range(MAX_RULES):
        lie_in_wait(world)
    reply = world.do(RestoreRule(rule_id))
    assert isinstance(reply, Impossible)
    assert str(MAX_RULES) in reply.why
    world.do(Reset())
    assert isinstance(world.do(RestoreRule(rule_id)), Impossible)


def test_a_rule_that_could_do_nothing_may_catch_one_more() -> None:
    world = World()
    rule_id = lie_in_wait(world, times=1, skip=1)
    assert caught(world, 3) == [2]
    assert not world.state.lies_in_wait
    world.do(GiveBackRule(rule_id))
    rule = world.state.rules[rule_id]
    assert (rule.done, rule.over_because, world.state.lies_in_wait) == (0, "", True)
    assert caught(world, 2) == [1], "what it skips, it has skipped"
    world.do(GiveBackRule(rule_id))
    assert world.news(GiveBackRule(rule_id)) == []


def test_a_rule_that_is_spared_when_its_time_is_over_stays_over() -> None:
    world = World()
    rule_id = lie_in_wait(world, times=2, lifetime_s=10)
    caught(world, 1)
    world.now = world.now._replace(tick=world.now.tick + 10)
    world.do(Sweep())
    world.do(GiveBackRule(rule_id))
    assert world.state.rules[rule_id].over_because == "its time is over"


@pytest.mark.parametrize(
    "command", [RemoveRule(9), GiveBackRule(9), PauseRule(rule_id=9, is_paused=True)]
)
def test_an_unknown_rule_is_said_to_be_so(command: RemoveRule | GiveBackRule | PauseRule) -> None:
    reply = World().do(command)
    assert isinstance(reply, Impossible)
    assert (reply.hindrance, reply.why) == (Hindrance.UNKNOWN, "no rule 9 is known")


def test_only_so_many_rules_can_lie_in_wait() -> None:
    world = World()
    for _ in range(MAX_RULES):
        lie_in_wait(world)
    reply = world.do(AddRule(target=TOKENS))
    assert isinstance(reply, Impossible)
    assert str(MAX_RULES) in reply.why
    admit(world)
    lie_in_wait(world)


def test_rules_that_are_over_are_kept_for_the_person_but_not_all() -> None:
    world = World()
    for _ in range(MAX_DONE + 5):
        lie_in_wait(world)
        admit(world)
    assert len(world.state.rules) == MAX_DONE
    assert world.replayed() == world.state


@pytest.mark.parametrize(
    "trigger",
    [
        Trigger(skip=-1),
        Trigger(times=0),
        Trigger(times=10**9),
        Trigger(probability=1.5),
        Trigger(probability=float("nan")),
        Trigger(lifetime_s=0),
        Trigger(lifetime_s=float("inf")),
    ],
)
def test_a_trigger_that_makes_no_sense_is_refused_with_a_sentence(trigger: Trigger) -> None:
    reply = World().do(AddRule(target=TOKENS, trigger=trigger))
    assert isinstance(reply, Impossible)
    assert reply.why


def test_a_near_miss_names_what_does_not_fit() -> None:
    world = World()
    target = Target(operation="CreateToken", client_id="c2", user_code="AAAA-BBBB")
    rule_id = lie_in_wait(world, target)
    admit(world, OTHER, 1203)
    admit(world, TOKEN, 1204)
    admit(world, OTHER, 1205)
    assert near_miss(world.state.rules[rule_id]) == (
        "matched 0 of 3 requests; nearest was #1204: the operation and device fit, "
        "the client does not"
    )


def test_a_near_miss_of_one_part_says_that_it_does_not_fit() -> None:
    world = World()
    rule_id = lie_in_wait(world)
    assert near_miss(world.state.rules[rule_id]) == "matched 0 of 0 requests"
    admit(world, OTHER, 7)
    assert near_miss(world.state.rules[rule_id]) == (
        "matched 0 of 1 request; nearest was #7: the operation does not fit"
    )
    admit(world)
    assert near_miss(world.state.rules[rule_id]) == "matched 1 of 2 requests"


def test_a_reset_forgets_rules_and_never_gives_a_number_twice() -> None:
    world = World()
    first = lie_in_wait(world)
    world.do(Reset())
    assert world.state.rules == {}
    assert not world.state.lies_in_wait
    assert lie_in_wait(world) > first
    assert world.replayed() == world.state


def test_a_full_room_lets_the_next_request_through() -> None:
    world = World()
    lie_in_wait(world, fault=None, times=None)
    admit(world, number=1)
    held = world.state.held[1]
    world.state.held.update(dict.fromkeys(range(2, MAX_HELD + 1), held))
    _, reply = decide(world.state, Admit(arrival=TOKEN, number=MAX_HELD + 1), world.now, world.ids)
    assert reply == Admitted()


FOR_OTHERS = Fit(frozenset({"RegisterClient"}))


def test_a_fault_that_makes_no_sense_for_a_request_lets_it_by() -> None:
    world = World()
    rule_id = lie_in_wait(world, Target(client_id="c1"), fit=FOR_OTHERS)
    hold = lie_in_wait(world, fault=None)
    assert admit(world, TOKEN, 7).rule_id == hold
    assert world.state.rules[rule_id].matched == 0
    assert near_miss(world.state.rules[rule_id]) == (
        "matched 0 of 1 request; nearest was #7: the client fits, "
        "it is for RegisterClient, not CreateToken"
    )
    assert admit(world, replace(OTHER, client_id="c1")).rule_id == rule_id


def test_a_near_miss_tells_both_what_the_target_and_what_the_fault_is_for() -> None:
    world = World()
    rule_id = lie_in_wait(world, Target(user_code="CCCC-DDDD"), fit=FOR_OTHERS)
    admit(world, TOKEN, 7)
    assert near_miss(world.state.rules[rule_id]) == (
        "matched 0 of 1 request; nearest was #7: the device does not fit, "
        "it is for RegisterClient, not CreateToken"
    )


def test_at_a_stage_of_its_own_only_a_fault_that_is_for_it_looks() -> None:
    world = World()
    hold, other = lie_in_wait(world, fault=None), lie_in_wait(world, fault="g")
    wanted = lie_in_wait(world, fault="back", fit=Fit(frozenset({REDIRECT})))
    reply = world.do(Admit(arrival=replace(TOKEN, stage=REDIRECT), number=9))
    assert reply == Admitted(rule_id=wanted, fault="back")
    assert [world.state.rules[it].looked_at for it in (hold, other, wanted)] == [0, 0, 1]
