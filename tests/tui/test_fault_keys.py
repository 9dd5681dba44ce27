"""Faults by key: a digit is enough, the whole catalogue is there, and what lies in wait is listed."""

import pytest

from oidc_sim.engine.arrival import Rule
from oidc_sim.faults.catalogue import CATALOGUE
from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, showing
from tests.tui.test_auto_approve_key import reversed_words
from tests.tui.waiting_requests import arrive

DIGITS = {str(fault.digit): fault.name for fault in CATALOGUE if fault.digit}


def only_rule(scenario: Scenario) -> Rule:
    (rule,) = scenario.simulator.state.rules.values()
    return rule


def test_the_nine_digits_are_taken() -> None:
    assert sorted(DIGITS) == list("123456789")


@pytest.mark.parametrize("digit", DIGITS)
async def test_a_digit_answers_the_next_request_of_the_selected_code(digit: str) -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario, NARROW) as shown:
        await shown.press("i", digit)
        rule = only_rule(scenario)
        assert (rule.fault, rule.target.user_code) == (DIGITS[digit], code)
        assert rule.trigger.times == 1
        assert shown.hint.startswith(f"↯ the next request of {code} gets ")
        assert "1 rule" in reversed_words(shown)


async def test_times_and_scope_are_chosen_and_the_catalogue_is_searched() -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, NARROW) as shown:
        await shown.press("i", "t", "s", "slash", *"black hole", "enter")
        rule = only_rule(scenario)
        assert rule.fault == "black-hole"
        assert rule.trigger.times == 2
        assert rule.target.client_id is not None
        assert rule.target.user_code is None


async def test_settings_are_typed_and_judged() -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, NARROW) as shown:
        await shown.press("i", "slash", *"delay the", "escape", "equals_sign")
        await shown.press(*["backspace"] * 20, *"seconds=soon", "enter")
        assert "seconds of delay is a number" in shown.text
        await shown.press(*["backspace"] * 20, *"seconds=2", "enter")
        assert only_rule(scenario).settings == {"seconds": 2}


async def test_a_held_request_is_answered_with_a_fault() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in)
        await shown.press("i", "5")
        decision = scenario.simulator.state.held[number or 0].decision
        assert decision is not None
        assert (decision.how, decision.fault) == ("fault", "server-error")


async def test_a_fault_that_a_code_can_never_get_is_refused_with_a_sentence() -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, NARROW) as shown:
        await shown.press("i", "slash", *"odd interval", "enter")
        assert not scenario.simulator.state.rules
        assert shown.hint.startswith("interval is for StartDeviceAuthorization, which names no")


async def test_a_held_request_that_a_fault_is_not_for_stays_held() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario, WIDE) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in, "StartDeviceAuthorization")
        await shown.press("i", "4")
        assert scenario.simulator.state.held[number or 0].decision is None
        assert f"request {number} cannot get invalid-grant: it is for" in shown.hint


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_rules_are_listed_paused_and_removed(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    other = program.start()
    async with showing(scenario, size) as shown:
        await shown.press("home", "i", "5")
        arrive(scenario, program, sign_in)
        await shown.press("I")
        assert "server-error" in shown.text
        assert other.user_code in shown.text
        assert "nearest was #" in shown.text
        await shown.press("p")
        assert only_rule(scenario).is_paused
        assert "PAUSED" in shown.text
        await shown.press("x")
        assert not scenario.simulator.state.rules
        await shown.press("escape")
        assert "rule" not in reversed_words(shown)


async def test_no_fault_is_injected_into_nothing() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("i")
        assert shown.hint.startswith("select a device code")
        await shown.press("I")
        assert shown.hint.startswith("no rule is active")
