"""Approving everything that waits, a few at a time."""

from typing import Any

from oidc_sim.actions.devices import AT_ONCE, approve_all, pending_devices
from oidc_sim.engine.commands import Reset
from oidc_sim.engine.model import Actor
from oidc_sim.testing.scenario import Program, Scenario


def waiting(count: int) -> tuple[Scenario, Program]:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    for _ in range(count):
        program.start()
    return scenario, program


def all_of(*args: Any) -> list[str]:
    return [code for some in approve_all(*args) for code in some]


def decisions(scenario: Scenario) -> list[str | None]:
    return [device.decision for device in scenario.simulator.state.devices.values()]


def test_it_approves_those_that_wait_and_no_others() -> None:
    scenario, program = waiting(3)
    denied, *pending = [it.user_code for it in program.sign_ins]
    scenario.decide("deny", denied)
    assert all_of(scenario.simulator, Actor.SCRIPT) == pending
    assert decisions(scenario) == ["denied", "approved", "approved"]
    assert all_of(scenario.simulator, Actor.SCRIPT) == []


def test_each_can_be_taken_back() -> None:
    scenario, program = waiting(2)
    all_of(scenario.simulator, Actor.OPERATOR)
    scenario.decide("undo", program.sign_ins[0].user_code)
    assert decisions(scenario) == ["pending", "approved"]


def test_what_came_since_somebody_was_asked_still_waits() -> None:
    scenario, program = waiting(2)
    asked = pending_devices(scenario.simulator)
    program.start()
    scenario.decide("deny", program.sign_ins[0].user_code)
    done = all_of(scenario.simulator, Actor.OPERATOR, asked)
    assert done == [program.sign_ins[1].user_code]
    assert decisions(scenario) == ["denied", "approved", "pending"]


def test_a_code_that_another_device_has_by_now_is_not_approved() -> None:
    scenario, _ = waiting(1)
    asked = pending_devices(scenario.simulator)
    devices = scenario.simulator.state.devices
    scenario.simulator.dispatch(Reset())
    scenario.register("aws-cli").start()
    (other,) = devices.values()
    del devices[other.user_code]
    other.user_code = asked[0].user_code
    devices[other.user_code] = other
    assert all_of(scenario.simulator, Actor.OPERATOR, asked) == []
    assert decisions(scenario) == ["pending"]


def test_many_leave_the_loop_its_turns() -> None:
    scenario, _ = waiting(2 * AT_ONCE + 1)
    at_once = [len(some) for some in approve_all(scenario.simulator, Actor.SCRIPT)]
    assert at_once == [AT_ONCE, AT_ONCE, 1]
