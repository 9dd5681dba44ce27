"""Whom a rule means: codes and clients that are known, and what a filter says of others."""

import pytest

from oidc_sim.actions.rules import known_target, read_filter
from oidc_sim.engine.arrival import EVERYTHING, Arrival, Target
from oidc_sim.engine.commands import ExpireClient
from oidc_sim.engine.replies import Hindrance, Impossible
from oidc_sim.testing.scenario import Scenario


def why(scenario: Scenario, target: Target) -> str:
    reply = known_target(scenario.simulator, target)
    assert isinstance(reply, Impossible)
    assert reply.hindrance is Hindrance.UNKNOWN
    return reply.why


def test_a_client_is_named_by_its_id_or_its_name() -> None:
    scenario = Scenario()
    client_id = scenario.register("demo-device").client_id
    scenario.register("another")
    for typed in (client_id, "demo-device"):
        target = Target(client_id=typed, operation="CreateToken")
        found = Target(client_id=client_id, operation="CreateToken")
        assert known_target(scenario.simulator, target) == found


def test_a_name_that_fits_nobody_or_several_is_refused_with_the_way_out() -> None:
    scenario = Scenario()
    assert why(scenario, Target(client_id="nope")) == (
        "no client has the id or name nope; filter=client:nope means clients to come, too"
    )
    ended, good = (scenario.register("aws-cli").client_id for _ in range(2))
    assert why(scenario, Target(client_id="aws-cli")) == (
        "2 clients are called aws-cli; name one by its id, or all by filter=client:aws-cli"
    )
    scenario.simulator.dispatch(ExpireClient(client_id=ended))
    found = known_target(scenario.simulator, Target(client_id="aws-cli"))
    assert found == Target(client_id=good)
    assert "means" in why(scenario, Target(client_id="a b"))


def test_a_code_that_is_not_known_is_refused() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    assert known_target(scenario.simulator, Target(user_code=code)) == Target(user_code=code)
    assert why(scenario, Target(user_code="ZZZZ")) == "no code ZZZZ is known"


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
