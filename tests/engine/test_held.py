"""Requests that are held, and what becomes of them."""

import pytest

from oidc_sim.engine.arrival import Arrival, Held, HeldDecision, Target, Trigger
from oidc_sim.engine.commands import (
    AddRule,
    Admit,
    Command,
    DecideHeld,
    EndHeld,
    PauseHeld,
    ReleaseAll,
    Reset,
    Sweep,
)
from oidc_sim.engine.held import BY_ITSELF, DROP, OVERDUE_AT_ONCE, RELEASE
from oidc_sim.engine.model import Policy
from oidc_sim.engine.replies import Admitted, Hindrance, Impossible
from oidc_sim.engine.waiting_events import HeldEnded
from tests.engine.world import World

TOKEN = Arrival(operation="CreateToken", endpoint="/token", user_code="AAAA-BBBB")


def holding(requests: int = 1, policy: Policy | None = None) -> World:
    """A world in which so many requests are held, with numbers from 1."""
    world = World(policy or Policy())
    world.do(AddRule(target=Target(operation="CreateToken"), trigger=Trigger(times=None)))
    for number in range(1, requests + 1):
        reply = world.do(Admit(arrival=TOKEN, number=number))
        assert isinstance(reply, Admitted)
        assert reply.is_held
    return world


def held(world: World, number: int = 1) -> Held:
    return world.state.held[number]


def how(world: World, number: int = 1) -> str | None:
    decision = held(world, number).decision
    return decision.how if decision else None


def test_a_held_request_waits_and_counts_down() -> None:
    world = holding()
    world.wait(10)
    world.do(Sweep())
    assert how(world) is None
    assert held(world).left_s(world.now.tick) == 20


def test_nobody_decides_and_it_is_released_by_itself() -> None:
    world = holding(policy=Policy(hold_s=5))
    world.wait(4.9)
    world.do(Sweep())
    assert how(world) is None
    world.wait(0.1)
    world.do(Sweep())
    assert how(world) == BY_ITSELF


def test_a_decision_is_made_once() -> None:
    world = holding()
    world.do(DecideHeld(number=1, decision=HeldDecision(how=DROP)))
    reply = world.do(DecideHeld(number=1, decision=HeldDecision(how=RELEASE)))
    assert isinstance(reply, Impossible)
    assert reply.hindrance is Hindrance.CONFLICT
    assert "dropped" in reply.why
    assert how(world) == DROP
    assert world.replayed() == world.state


def test_one_that_ended_is_gone_with_its_device_told() -> None:
    world = holding()
    ended = HeldEnded(at=world.now.at, number=1, how="released", user_code="AAAA-BBBB")
    assert world.news(EndHeld(number=1, how="released")) == [ended]
    assert world.state.held == {}
    assert world.news(EndHeld(number=1, how="released")) == []


def test_all_are_released_but_those_that_are_decided() -> None:
    world = holding(3)
    world.do(DecideHeld(number=2, decision=HeldDecision(how=DROP)))
    world.do(ReleaseAll())
    assert [how(world, number) for number in (1, 2, 3)] == [RELEASE, DROP, RELEASE]
    assert world.news(ReleaseAll()) == []
    assert world.replayed() == world.state


def test_what_is_decided_is_known_by_its_number_until_it_ended() -> None:
    world = holding(3)
    world.do(DecideHeld(number=2, decision=HeldDecision(how=DROP)))
    assert list(world.state.decided) == [2]
    world.do(ReleaseAll())
    assert list(world.state.decided) == [2, 1, 3]
    world.do(EndHeld(number=1, how="released"))
    assert list(world.state.decided) == [2, 3]
    world.do(EndHeld(number=2, how="dropped"))
    world.do(EndHeld(number=3, how="released"))
    assert world.state.decided == {}


def test_thousands_whose_time_is_over_are_released_a_few_in_each_sweep() -> None:
    world = holding(OVERDUE_AT_ONCE + 1)
    world.wait(30)
    world.do(Sweep())
    assert list(world.state.decided) == list(range(1, OVERDUE_AT_ONCE + 1))
    world.do(Sweep())
    assert len(world.state.decided) == OVERDUE_AT_ONCE + 1


def test_a_reset_lets_everything_go() -> None:
    world = holding(2)
    world.do(Reset())
    assert [how(world, number) for number in (1, 2)] == [RELEASE, RELEASE]
    assert world.replayed() == world.state


def test_the_countdown_stands_still_while_an_answer_is_edited() -> None:
    world = holding()
    world.wait(10)
    world.do(PauseHeld(number=1, is_paused=True))
    world.wait(1000)
    world.do(Sweep())
    assert how(world) is None
    assert held(world).left_s(world.now.tick) == 20
    world.do(PauseHeld(number=1, is_paused=False))
    world.wait(5)
    assert held(world).left_s(world.now.tick) == 15
    assert world.news(PauseHeld(number=1, is_paused=False)) == []


@pytest.mark.parametrize(
    "command",
    [
        DecideHeld(number=9, decision=HeldDecision(how=RELEASE)),
        PauseHeld(number=9, is_paused=True),
    ],
)
def test_what_is_not_held_is_said_to_be_so(command: Command[object]) -> None:
    reply = World().do(command)
    assert isinstance(reply, Impossible)
    assert (reply.hindrance, reply.why) == (Hindrance.UNKNOWN, "no request 9 is held")
