"""What can be done to a held request; over HTTP it is tried in ``tests/server``."""

import pytest

from oidc_sim.actions.rules import HELD_ACTIONS, act_on_held, hold_device
from oidc_sim.engine.model import Actor, Policy
from oidc_sim.engine.replies import Hindrance, Impossible
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator


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
