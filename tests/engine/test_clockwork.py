"""An operator moves simulated time: what expires by it, and what does not care."""

from datetime import UTC, datetime

import pytest

from oidc_sim.engine.clock import LATEST, MOST_STEP_S
from oidc_sim.engine.commands import Approve, Expire, FreezeClock, StepClock
from oidc_sim.engine.events import ClockFrozen, ClockStepped, DeviceExpired
from oidc_sim.engine.replies import ClockMoved, Expiries, Impossible
from tests.engine.signed_in import signed_in
from tests.engine.world import START, World


def step(world: World, by_s: float) -> Expiries:
    """Step the clock as the simulator does."""
    reply = world.do(StepClock(by_s=by_s))
    assert isinstance(reply, ClockMoved), reply
    world.step(by_s)
    return reply.expiries


def test_ten_minutes_end_a_device_code_and_the_log_says_so(world: World) -> None:
    pc = world.sign_in()
    news = world.news(StepClock(by_s=600))
    assert news == [
        ClockStepped(at=START.at + 600, by_s=600),
        DeviceExpired(at=START.at + 600, user_code=pc.user_code),
    ]
    world.step(600)
    assert pc.poll() == "expired_token"


def test_what_lapses_is_counted_by_kind(world: World) -> None:
    ours = signed_in(world)
    ours.take_role()
    world.sign_in()
    assert step(world, 600) == Expiries(codes=1)
    assert step(world, 3000) == Expiries(tokens=1, credentials=1)
    assert step(world, 8 * 3600) == Expiries(sessions=1)
    assert ours.refresh() == "invalid_grant"
    assert step(world, 90 * 86400) == Expiries(registrations=2)


def test_a_code_that_is_forgotten_at_once_is_counted_as_such(world: World) -> None:
    pc = world.sign_in()
    world.step(300)
    late = world.sign_in()
    assert step(world, 1000) == Expiries(codes=2, forgotten=1)
    assert pc.poll() == "invalid_grant"
    assert late.poll() == "expired_token"


def test_ninety_days_end_a_registration(world: World) -> None:
    pc = world.register()
    assert step(world, 90 * 86400).registrations == 1
    late = world.authorize(pc)
    world.do(Approve(late.user_code))
    assert late.poll() == "invalid_client"


def test_what_was_over_already_does_not_lapse_again(world: World) -> None:
    pc = world.sign_in()
    world.do(Expire(pc.user_code))
    ours = signed_in(world)
    ours.sign_out()
    assert step(world, 86400) == Expiries()


@pytest.mark.parametrize("by_s", [-1, 0, 0.5, 11 * 365 * 86400, float("nan"), float("inf")])
def test_it_steps_forwards_and_not_too_far(world: World, by_s: float) -> None:
    reply = world.do(StepClock(by_s=by_s))
    assert isinstance(reply, Impossible)
    assert "1 s to 10 years" in reply.why
    assert world.events == []


def test_many_steps_do_not_lead_beyond_what_a_date_can_show(world: World) -> None:
    taken = 0
    while isinstance(reply := world.do(StepClock(by_s=MOST_STEP_S)), ClockMoved):
        world.step(MOST_STEP_S)
        taken += 1
    assert taken == int((LATEST - START.at) / MOST_STEP_S)
    assert isinstance(reply, Impossible)
    assert "2999" in reply.why
    assert datetime.fromtimestamp(LATEST - 1, UTC).year == 2999


def test_a_clock_that_is_frozen_says_so_in_the_log(world: World) -> None:
    assert world.news(FreezeClock(is_frozen=True)) == [ClockFrozen(at=START.at, is_frozen=True)]
