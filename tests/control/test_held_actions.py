"""What can be done to a held request; over HTTP it is tried in ``tests/server``."""

import pytest

from oidc_sim.control.held_actions import HELD_ACTIONS, act_on_held, hold_device, read_filter
from oidc_sim.engine.arrival import EVERYTHING, Arrival
from oidc_sim.engine.model import Actor, Policy
from oidc_sim.engine.replies import Hindrance, Impossible
from oidc_sim.ids import RandomIds
from oidc_sim.simulator import Simulator


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(Policy(), RandomIds.seeded(1, "us-east-1"))


@pytest.mark.parametrize("name", HELD_ACTIONS)
def test_nothing_can_be_done_to_what_is_not_held(name: str, simulator: Simulator) -> None:
    reply = act_on_held(simulator, 7, name, Actor.OPERATOR)
    assert isinstance(reply, Impossible)
    assert (reply.hindrance, reply.why) == (Hindrance.UNKNOWN, "no request 7 is held")


def test_a_device_that_nobody_knows_is_not_waited_for(simulator: Simulator) -> None:
    assert isinstance(hold_device(simulator, "AAAA-BBBB"), Impossible)
    assert simulator.state.rules == {}


def test_no_text_is_no_condition() -> None:
    assert read_filter("  ") == EVERYTHING


def test_a_condition_is_read() -> None:
    wanted = read_filter("op:CreateToken")
    assert wanted.text == "op:CreateToken"
    assert wanted.matches(Arrival(operation="CreateToken", endpoint="/token"))
    assert not wanted.matches(Arrival(operation="Logout", endpoint="/logout"))


@pytest.mark.parametrize("text", ["(", "status>=400", "nonsense:x"])
def test_what_is_no_condition_on_requests_is_said_with_its_place(text: str) -> None:
    with pytest.raises(ValueError, match=r"^filter, after \d+ characters: "):
        read_filter(text)
