"""Holding by key: the next request, all of a kind, and what becomes of a held one."""

import pytest

from oidc_sim.engine.model import DeviceState
from tests.tui.scenario import Program, Scenario, SignIn
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.test_auto_approve_key import SIZES, reversed_words
from tests.tui.waiting_requests import arrive


def waiting(scenario: Scenario) -> tuple[Program, SignIn]:
    program = scenario.register("aws-cli")
    return program, program.start()


async def held(shown: Shown, program: Program, sign_in: SignIn) -> int:
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
        assert "held, waiting 0:04" in shown.text
        assert "‖ held" in shown.selected


async def test_a_hold_that_waits_shows_on_its_row_and_is_taken_back_by_the_same_key() -> None:
    scenario = Scenario()
    program, sign_in = waiting(scenario)
    async with showing(scenario, NARROW) as shown:
        await shown.press("space")
        assert "next: hold" in shown.selected
        assert "1 rule" in reversed_words(shown)
        assert sign_in.user_code in shown.hint
        await shown.press("space")
        assert "next: hold" not in shown.selected
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
        assert not device.deeds


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
        assert shown.hint == "released 3 requests"


async def test_what_would_catch_everything_asks_first() -> None:
    scenario = Scenario()
    waiting(scenario)
    async with showing(scenario, WIDE) as shown:
        await shown.press("H")
        assert not scenario.simulator.state.rules
        await shown.press("n")
        assert not scenario.simulator.state.rules
        await shown.press("H", "y")
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
