"""Holding by key: the next request, all of a kind, and what becomes of a held one."""

import pytest

from oidc_sim.engine.commands import EndHeld
from oidc_sim.engine.model import DeviceState
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.test_auto_approve_key import SIZES, reversed_words
from tests.tui.waiting_requests import arrive


def waiting(scenario: Scenario) -> tuple[Program, DeviceFlow]:
    program = scenario.register("aws-cli")
    return program, program.start()


async def held(shown: Shown, program: Program, sign_in: DeviceFlow) -> int:
    """The selected code's next poll, held."""
    await shown.press("space")
    number = arrive(shown.scenario, program, sign_in)
    assert number is not None
    await shown.settle()
    return number


def decision(scenario: Scenario, number: int) -> str | None:
    decided = scenario.simulator.state.held[number].decision
    return decided.how if decided else None


@SIZES
async def test_a_held_request_is_loud(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, size) as shown:
        await held(shown, program, sign_in)
        assert "HELD 1" in reversed_words(shown)
        scenario.wait(4)
        await shown.settle()
        assert "held 0:04 of 0:30" in shown.text
        assert "‖ held" in shown.selected


async def test_a_hold_that_waits_shows_on_its_row_and_is_taken_back_by_the_same_key() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await shown.press("space")
        assert "next hold" in shown.selected
        assert "1 rule" in reversed_words(shown)
        assert sign_in.user_code in shown.hint
        await shown.press("space")
        assert "next hold" not in shown.selected
        assert arrive(scenario, program, sign_in) is None


async def test_the_same_key_releases_what_is_held() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        number = await held(shown, program, sign_in)
        await shown.press("space")
        assert decision(scenario, number) == "release"
        assert shown.hint == f"#{number} released"


@pytest.mark.parametrize(
    ("key", "how"),
    [("d", "deny"), ("e", "expire"), ("s", "slow-down"), ("r", "release"), ("x", "drop")],
)
async def test_a_key_answers_the_held_request_alone(key: str, how: str) -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        number = await held(shown, program, sign_in)
        await shown.press(key)
        assert decision(scenario, number) == how
        device = scenario.simulator.state.devices[sign_in.user_code]
        assert device.decision is DeviceState.PENDING
        assert not device.decisions


async def test_approval_is_the_devices_and_lets_the_held_poll_have_its_token() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        number = await held(shown, program, sign_in)
        await shown.press("a")
        device = scenario.simulator.state.devices[sign_in.user_code]
        assert device.decision is DeviceState.APPROVED
        assert decision(scenario, number) == "release"


async def test_all_are_released_at_once() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("H", "1")
        numbers = [arrive(scenario, program, sign_in) for _ in range(3)]
        await shown.press("R")
        assert [decision(scenario, number or 0) for number in numbers] == ["release"] * 3
        assert shown.hint == "released 3 requests; I ends what still holds"


async def test_what_would_catch_everything_asks_first() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, WIDE) as shown:
        await shown.press("H")
        assert not scenario.simulator.state.rules
        await shown.press("n")
        assert not scenario.simulator.state.rules
        await shown.press("H", "enter", "y")
        (rule,) = scenario.simulator.state.rules.values()
        assert rule.target.is_everything


async def test_a_held_request_of_the_list_is_decided_by_its_number() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("H", "1")
        first, second = (arrive(scenario, program, sign_in) for _ in range(2))
        await shown.press("3", "end", "r")
        assert decision(scenario, second or 0) == "release"
        assert decision(scenario, first or 0) is None


async def test_a_request_for_no_token_is_not_answered_as_one() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in, operation="RegisterClient")
        assert number is not None
        await shown.press("d")
        assert decision(scenario, number) is None
        assert shown.hint.startswith(f"request {number} asks for no token")


async def test_the_hint_does_not_outlive_the_hold_that_it_tells_of() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await held(shown, program, sign_in)
        assert not shown.hint.startswith("holds the next request")


async def test_the_inspector_does_not_say_that_a_held_request_was_refused() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        await held(shown, program, sign_in)
        await shown.press("3", "end", "right", "right")
        assert "Not answered yet:" in shown.text
        assert "Refused" not in shown.text


async def test_what_waits_by_a_fault_shows_how_long() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario) as shown:
        number = await held(shown, program, sign_in)
        pending = scenario.simulator.log.exchanges.get(number)
        assert pending is not None
        scenario.simulator.dispatch(EndHeld(number=number, how="answered with a fault"))
        scenario.simulator.amend(pending._replace(fault="delay", outcome="delay"))
        scenario.wait(7)
        await shown.settle()
        assert "↯ delay, waiting 0:07" in shown.text
        scenario.simulator.complete(pending._replace(fault="delay", outcome="delay", status=400))
        await shown.settle()
        assert "waiting 0:07" not in shown.text


async def test_a_code_that_was_collected_says_whose_next_request_is_held() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    scenario.decide("approve", sign_in.user_code)
    program.poll(sign_in)
    async with showing(scenario) as shown:
        await shown.press("space")
        assert f"{sign_in.user_code} (has its token)" in shown.hint
