"""``t`` and ``T``: the clock jumps and stands still, loudly, and the hint says what it did."""

import pytest

from oidc_sim.engine.commands import Reset
from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, showing
from tests.tui.test_auto_approve_key import SIZES, reversed_words


@SIZES
async def test_a_digit_steps_and_the_hint_says_what_lapsed(size: tuple[int, int]) -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, size) as shown:
        await shown.press("t", "2")
        assert shown.hint.startswith("advanced 10 min: 1 code expired")
        assert "clock +10m" in reversed_words(shown)
        assert scenario.simulator.clock.offset_s == 600


@SIZES
async def test_a_code_that_is_forgotten_at_once_is_told_and_its_row_says_expired(
    size: tuple[int, int],
) -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, size) as shown:
        await shown.press("t", "3")
        assert shown.hint.startswith("advanced 1 h: 1 code expired and forgotten (polls get ")
        assert "expired" in shown.selected
        assert "pending" not in shown.selected
        assert "gone" in shown.selected


async def test_a_row_that_a_reset_took_keeps_the_state_it_had() -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, NARROW) as shown:
        scenario.simulator.dispatch(Reset())
        await shown.settle()
        scenario.wait(3600)
        await shown.settle()
        assert "◷ pending" in shown.selected
        assert "gone" in shown.selected


async def test_a_time_can_be_typed_and_operator_keys_do_not_fire_meanwhile() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario, NARROW) as shown:
        await shown.press("t", "slash", *"1d")
        assert not scenario.simulator.state.devices[code].decisions
        await shown.press("enter")
        assert shown.hint.startswith("advanced 1 d: ")
        assert scenario.simulator.clock.offset_s == 86400


@pytest.mark.parametrize(("typed", "told"), [("soon", "1h30m"), ("0", "from 1 s to 10 years")])
async def test_what_is_no_time_is_told_in_the_dialog(typed: str, told: str) -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("t", "slash", *typed, "enter")
        assert told in shown.text
        await shown.press("escape")
        assert not shown.scenario.simulator.clock.is_off


async def test_the_clock_stands_still_loudly_until_it_is_let_go() -> None:
    scenario = Scenario()
    async with showing(scenario, WIDE) as shown:
        await shown.press("T")
        assert "FROZEN" in reversed_words(shown)
        assert shown.hint == "the clock stands still; T lets it go on"
        before = scenario.simulator.now().at
        scenario.wait(30)
        assert scenario.simulator.now().at == before
        await shown.press("T")
        assert "FROZEN" not in reversed_words(shown)
        assert "clock -30s" in reversed_words(shown)


@pytest.mark.parametrize("digit", ["0", "6", "9"])
async def test_a_digit_that_stands_for_no_step_says_which_do(digit: str) -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("t", digit)
        assert f"{digit} is none of these: press 1-5" in shown.text
        assert not shown.scenario.simulator.clock.is_off
