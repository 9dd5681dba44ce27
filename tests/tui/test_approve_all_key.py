"""Approving all that wait asks first, says which, and each can be taken back."""

import pytest

from oidc_sim.testing.scenario import Program, Scenario
from tests.tui.browser_sign_ins import begin, browser_client
from tests.tui.busy import busy
from tests.tui.screen_text import Golden
from tests.tui.showing import NARROW, WIDE, showing
from tests.tui.test_golden_screens import COLOURS, SIZES, has_colours, name_of
from tests.tui.waiting_requests import arrive

__all__ = ["has_colours"]


def waiting(count: int) -> tuple[Scenario, Program]:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    for _ in range(count):
        program.start()
    return scenario, program


def decisions(scenario: Scenario) -> list[str | None]:
    return [device.decision for device in scenario.simulator.state.devices.values()]


@SIZES
@COLOURS
async def test_the_dialog(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    scenario = Scenario()
    busy(scenario)
    program = scenario.register("nightly")
    for _ in range(46):
        program.start()
    async with showing(scenario, size) as shown:
        await shown.press("A")
        golden.check(name_of("approve_all", size), shown.lines)


@pytest.mark.parametrize("size", [(60, 17), NARROW, WIDE], ids=["60", "80", "120"])
async def test_y_approves_them_and_says_how_many(size: tuple[int, int]) -> None:
    scenario, program = waiting(3)
    async with showing(scenario, size) as shown:
        await shown.press("A")
        assert "Approve all pending?" in shown.text
        assert "This approves 3 sign-ins." in shown.text
        assert all(it.user_code in shown.text for it in program.sign_ins)
        assert "y approve 3" in shown.text
        await shown.press("y")
        await shown.settle()
        assert decisions(scenario) == ["approved"] * 3
        assert shown.hint.startswith("approved 3 sign-ins.")


@pytest.mark.parametrize("key", ["n", "escape", "enter"])
async def test_every_other_answer_keeps_them_pending(key: str) -> None:
    scenario, _ = waiting(1)
    async with showing(scenario, NARROW) as shown:
        await shown.press("A")
        assert "This approves 1 sign-in. " in shown.text
        await shown.press(key)
        assert decisions(scenario) == ["pending"]
        assert shown.app.screen is shown.screen


async def test_u_takes_back_the_last_and_each_row_its_own() -> None:
    scenario, program = waiting(3)
    async with showing(scenario, NARROW) as shown:
        await shown.press("A", "y")
        await shown.settle()
        newest = program.sign_ins[-1].user_code
        assert f"undo approve {newest}" in shown.hint
        await shown.press("end", "u")
        assert decisions(scenario) == ["pending", "approved", "approved"]
        await shown.press("3", "u")
        assert decisions(scenario) == ["pending", "approved", "pending"]


async def test_those_whose_browser_left_are_left_out_and_told_of() -> None:
    scenario, _ = waiting(1)
    browser = begin(browser_client(scenario))
    browser.leaves()
    async with showing(scenario, NARROW) as shown:
        await shown.press("A")
        assert "This approves 1 sign-in. " in shown.text
        assert "1 stays pending: its browser left." in shown.text
        await shown.press("y")
        await shown.settle()
        assert decisions(scenario) == ["approved", "pending"]
        await shown.press("A")
        assert shown.hint.startswith("nobody waits; 1 stays pending: its browser left")
        browser.leaves(is_there=True)
        await shown.press("A", "y")
        await shown.settle()
        assert decisions(scenario) == ["approved", "approved"]


async def test_browser_sign_ins_are_approved_too() -> None:
    scenario = Scenario()
    begin(browser_client(scenario))
    async with showing(scenario, NARROW) as shown:
        await shown.press("A", "y")
        await shown.settle()
        assert decisions(scenario) == ["approved"]


async def test_what_comes_while_it_asks_is_not_approved_and_what_was_decided_stays() -> None:
    scenario, program = waiting(2)
    async with showing(scenario, NARROW) as shown:
        await shown.press("A")
        program.start()
        scenario.decide("deny", program.sign_ins[0].user_code)
        await shown.press("y")
        await shown.settle()
        assert decisions(scenario) == ["denied", "approved", "pending"]
        assert shown.hint.startswith("approved 1 sign-in; 1 no longer waited.")


async def test_held_requests_of_theirs_stay_held_and_the_dialog_says_so() -> None:
    scenario, program = waiting(1)
    async with showing(scenario, NARROW) as shown:
        await shown.press("space")
        number = arrive(scenario, program, program.sign_ins[0])
        assert number is not None
        await shown.press("A")
        assert "1 held request of theirs: R releases." in shown.text
        await shown.press("y")
        await shown.settle()
        assert decisions(scenario) == ["approved"]
        assert scenario.simulator.state.held[number].decision is None


async def test_with_nothing_pending_it_says_so() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("A")
        assert shown.hint == "no sign-in is pending"


async def test_a_window_without_room_for_the_codes_does_not_ask() -> None:
    scenario, _ = waiting(1)
    async with showing(scenario, (60, 16)) as shown:
        await shown.press("A")
        assert shown.app.screen is shown.screen
        assert "no room to show which" in shown.text
