"""Holds and faults, typed on standard input."""

import pytest

from oidc_sim.engine.arrival import Arrival, Target
from oidc_sim.engine.commands import AddRule, Admit
from oidc_sim.engine.model import Policy
from oidc_sim.headless.commands import Commands
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from tests.headless.test_commands import Complaints, a_device
from tests.headless.test_switch_command import commands, complaints

__all__ = ["commands", "complaints"]


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(Policy(), RandomIds.seeded(1, "us-east-1"))


@pytest.fixture(autouse=True)
def _request_7_is_held(simulator: Simulator) -> None:
    simulator.dispatch(AddRule(target=Target(operation="CreateToken")))
    arrival = Arrival(operation="CreateToken", endpoint="/token")
    simulator.dispatch(Admit(arrival=arrival, number=7))


def test_the_next_request_of_a_code_is_held(simulator: Simulator, commands: Commands) -> None:
    code = a_device(simulator)
    commands.obey(f"hold {code.lower()}")
    assert list(simulator.state.rules.values())[-1].target == Target(user_code=code)


def test_a_fault_lies_in_wait_and_is_removed(
    simulator: Simulator, commands: Commands, complaints: list[str]
) -> None:
    commands.obey("fault delay op=CreateToken seconds=5 times=2")
    rule = list(simulator.state.rules.values())[-1]
    assert (rule.fault, rule.settings, rule.trigger.times) == ("delay", {"seconds": 5}, 2)
    commands.obey(f"remove {rule.rule_id}")
    assert rule.rule_id not in simulator.state.rules
    assert complaints == []


def test_what_lies_in_wait_is_listed(simulator: Simulator) -> None:
    printer = Complaints()
    commands = Commands(simulator, printer)
    commands.obey("fault drop op=RegisterClient")
    commands.obey("rules")
    (told,) = printer.answers
    assert [line.split("  ")[1] for line in told.split("\n")] == ["hold", "drop"]


@pytest.mark.parametrize(
    ("line", "how"), [("release 7", "release"), ("release all", "release"), ("deny 7", "deny")]
)
def test_a_held_request_is_decided_about(
    line: str, how: str, simulator: Simulator, commands: Commands
) -> None:
    commands.obey(line)
    decision = simulator.state.held[7].decision
    assert decision is not None
    assert decision.how == how


@pytest.mark.parametrize(
    "line",
    ["hold", "release", "drop all", "drop 9", "fault nonsense op=x", "fault drop", "hold !("],
)
def test_what_cannot_be_done_is_said(
    line: str, simulator: Simulator, commands: Commands, complaints: list[str]
) -> None:
    commands.obey(line)
    assert len(complaints) == 1
    assert simulator.state.held[7].decision is None
    assert len(simulator.state.rules) == 1
