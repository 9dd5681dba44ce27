"""What lies in wait for a device's next poll is told where its next answer is."""

import pytest

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule, PauseRule
from oidc_sim.faults.catalogue import fault_rule
from oidc_sim.tui.inspector.panel import View
from tests.tui.test_inspector import of_device, signing_in, told
from tests.tui.waiting_requests import arrive


@pytest.mark.parametrize("view", [View.TIMELINE, View.NEXT])
@pytest.mark.parametrize(
    ("fault", "said"),
    [("drop", "↯ drop, by rule 1; without it:"), (None, "‖ rule 1 holds it; then:")],
)
def test_the_rule_that_has_the_next_poll_is_named(fault: str | None, said: str, view: View) -> None:
    scenario, program, sign_in = signing_in()
    target = Target(user_code=sign_in.user_code)
    rule = fault_rule(fault, {}, target) if fault else AddRule(target=target)
    scenario.simulator.dispatch(rule)
    assert said in told(scenario, of_device(sign_in), view)
    arrive(scenario, program, sign_in)
    assert said not in told(scenario, of_device(sign_in), view)


@pytest.mark.parametrize(
    "rule",
    [
        fault_rule("refresh-refused", {}, Target(operation="CreateToken")),
        fault_rule("drop", {}, Target(user_code="BBBB-BBBB")),
        fault_rule("drop", {}, Target(operation="CreateToken"), Trigger(skip=1)),
        fault_rule("drop", {}, Target(operation="CreateToken"), Trigger(probability=0)),
    ],
)
def test_one_that_will_let_it_by_is_not(rule: AddRule) -> None:
    scenario, _, sign_in = signing_in()
    scenario.simulator.dispatch(rule)
    assert not [it for it in told(scenario, of_device(sign_in)) if "rule 1" in it]


def test_one_that_rests_is_not() -> None:
    scenario, _, sign_in = signing_in()
    scenario.simulator.dispatch(fault_rule("drop", {}, Target(operation="CreateToken")))
    assert [it for it in told(scenario, of_device(sign_in)) if "rule 1" in it]
    scenario.simulator.dispatch(PauseRule(rule_id=1, is_paused=True))
    assert not [it for it in told(scenario, of_device(sign_in)) if "rule 1" in it]
