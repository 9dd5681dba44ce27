"""What must not be overlooked stands in the top bar: who is let in unasked, and what is not saved."""

import pytest

from oidc_sim.engine.commands import SetAutoApprove
from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import Scenario
from tests.tui.browser_sign_ins import begin, browser_client
from tests.tui.screen_text import screen_strips
from tests.tui.showing import NARROW, WIDE, Shown, showing

SIZES = pytest.mark.parametrize("size", [(60, 17), NARROW, WIDE], ids=["60", "80", "120"])


def reversed_words(shown: Shown) -> str:
    top = screen_strips(shown.app)[0]
    return " ".join(s.text.strip() for s in top if s.style and s.style.reverse)


def is_on(scenario: Scenario) -> bool:
    return scenario.simulator.state.auto_approves


def approves_by_itself(scenario: Scenario) -> bool:
    return scenario.simulator.state.auto_approves


@SIZES
async def test_the_key_switches_it_loudly(size: tuple[int, int]) -> None:
    scenario = Scenario()
    async with showing(scenario, size) as shown:
        assert "AUTO-APPROVE" not in shown.lines[0]
        await shown.press("P")
        assert is_on(scenario)
        assert reversed_words(shown) == "AUTO-APPROVE SEED 42"
        assert shown.hint.startswith("AUTO-APPROVE is on, for every sign-in; P stops it.")
        await shown.press("P")
        assert not is_on(scenario)
        assert reversed_words(shown) == "SEED 42"
        assert shown.hint == "auto-approve is off: sign-ins wait for you."


async def test_what_a_script_switched_is_told() -> None:
    scenario = Scenario()
    async with showing(scenario) as shown:
        scenario.wait(20)
        scenario.simulator.dispatch(SetAutoApprove(is_on=True))
        await shown.settle()
        assert shown.hint.startswith("AUTO-APPROVE is on")
        assert "AUTO-APPROVE" in reversed_words(shown)


async def test_it_lets_a_browser_in_that_waits() -> None:
    scenario = Scenario()
    sign_in = begin(browser_client(scenario))
    async with showing(scenario) as shown:
        await shown.press("P")
        scenario.wait(20)
        sign_in.ask()
        await shown.settle()
        assert "approved" in shown.selected
        assert shown.hint.startswith(f"✓ {sign_in.user_code} approved automatically.")


async def test_it_is_on_from_the_start_where_a_setting_says_so() -> None:
    async with showing(Scenario(settings=Settings(auto_approve=True))) as shown:
        assert reversed_words(shown) == "AUTO-APPROVE"


@SIZES
async def test_what_is_not_saved_is_told_for_as_long_as_it_is_not(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        journal = {"path": "/x", "rows": 1, "stopped_because": "no space left on device"}
        shown.running_server.journal = lambda: journal
        await shown.settle()
        assert reversed_words(shown) == "NOT SAVED SEED 42"
        await shown.press("P")
        assert reversed_words(shown) == "AUTO-APPROVE NOT SAVED SEED 42"
        journal["stopped_because"] = ""
        await shown.press("P")
        assert reversed_words(shown) == "SEED 42"
