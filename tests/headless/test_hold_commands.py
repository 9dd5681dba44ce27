"""Holds, typed on standard input."""

import pytest

from oidc_sim.engine.arrival import Arrival, Target
from oidc_sim.engine.commands import AddRule, Admit, AuthorizeDevice, RegisterClient
from oidc_sim.engine.model import Policy
from oidc_sim.engine.replies import Authorized, Registered
from oidc_sim.headless.hold_commands import obey_hold
from oidc_sim.ids import RandomIds
from oidc_sim.simulator import Simulator


@pytest.fixture
def simulator() -> Simulator:
    """One in which request 7 is held."""
    simulator = Simulator(Policy(), RandomIds.seeded(1, "us-east-1"))
    simulator.dispatch(AddRule(target=Target(operation="CreateToken")))
    arrival = Arrival(operation="CreateToken", endpoint="/token")
    simulator.dispatch(Admit(arrival=arrival, number=7))
    return simulator


def user_code(simulator: Simulator) -> str:
    registered = simulator.dispatch(RegisterClient(name="pc", client_type="public"))
    assert isinstance(registered, Registered)
    client = registered.client.client_id
    asked = AuthorizeDevice(client_id=client, client_secret=registered.client_secret)
    authorized = simulator.dispatch(asked)
    assert isinstance(authorized, Authorized)
    return authorized.device.user_code


def test_the_next_request_of_a_code_is_held(simulator: Simulator) -> None:
    code = user_code(simulator)
    assert obey_hold(simulator, "hold", [code.lower()]) is None
    assert list(simulator.state.rules.values())[-1].target == Target(user_code=code)


@pytest.mark.parametrize(
    ("words", "how"),
    [(["release", "7"], "release"), (["release", "all"], "release"), (["drop", "7"], "drop")],
)
def test_a_held_request_is_let_go(words: list[str], how: str, simulator: Simulator) -> None:
    assert obey_hold(simulator, words[0], words[1:]) is None
    decision = simulator.state.held[7].decision
    assert decision is not None
    assert decision.how == how


@pytest.mark.parametrize(
    "words",
    [["hold"], ["release"], ["drop", "all"], ["release", "x"], ["drop", "7", "8"], ["drop", "9"]],
)
def test_what_cannot_be_done_is_said(words: list[str], simulator: Simulator) -> None:
    assert obey_hold(simulator, words[0], words[1:])
    assert simulator.state.held[7].decision is None
