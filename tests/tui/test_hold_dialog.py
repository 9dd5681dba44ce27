"""``H``: one digit holds a kind; a filter and settings say it more closely."""

import pytest

from oidc_sim.engine.arrival import Rule, Target, Trigger
from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, Shown, showing

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
SEED = 42
"""Of the scenario's desk: what chance starts from."""


def rule_of(shown: Shown) -> Rule:
    (rule,) = shown.scenario.simulator.state.rules.values()
    return rule


async def write(shown: Shown, text: str) -> None:
    await shown.press(*text)
    await shown.pilot.pause()  # a line tells of its changes by messages
    await shown.settle()


@SIZES
async def test_a_digit_holds_every_request_of_a_kind(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        await shown.press("H", "1")
        assert rule_of(shown).target == Target(operation="CreateToken")
        assert rule_of(shown).trigger == Trigger(times=None, seed=SEED)
        assert shown.hint.startswith("holds every CreateToken request")


@SIZES
async def test_a_filter_is_typed_with_its_error_and_its_english(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        await shown.press("H", "slash")
        await write(shown, "client:aws* & ip:(")
        assert "^ expected" in shown.text
        await shown.press("enter")
        assert not shown.scenario.simulator.state.rules
        await shown.press("backspace")
        await write(shown, "127.*")
        assert "every request with a client like aws* and an address like 127.*" in shown.text
        await shown.press("enter")
        assert rule_of(shown).target.filter.text == "client:aws* & ip:127.*"


async def test_tab_writes_the_next_word_of_the_filter() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "slash")
        await write(shown, "cli")
        assert "tab: client:" in shown.text
        await shown.press("tab")
        await write(shown, "x")
        await shown.press("enter")
        assert rule_of(shown).target.filter.text == "client:x"


async def test_what_only_an_answer_tells_cannot_be_asked() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "slash")
        await write(shown, "status>=400")
        assert "status is not known when a request arrives; expected agent:, client:" in shown.text
        assert "scope: or state:" in shown.text


async def test_a_kind_a_filter_and_settings_go_together() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "down", "down", "slash")
        await write(shown, "client:a*")
        await shown.press("escape", "t", "equals_sign")
        await write(shown, "skip=2 for=30m")
        assert "the next StartDeviceAuthorization request with a client like a*" in shown.text
        await shown.press("enter")
        rule = rule_of(shown)
        assert rule.target.operation == "StartDeviceAuthorization"
        assert rule.target.filter.text == "client:a*"
        assert rule.trigger == Trigger(times=1, skip=2, seed=SEED, lifetime_s=1800.0)


async def test_a_setting_that_is_not_clear_is_told_and_holds_nothing() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "equals_sign")
        await write(shown, "skip=two")
        assert "skip is a whole number" in shown.text
        await shown.press("enter")
        assert not shown.scenario.simulator.state.rules


@SIZES
async def test_what_would_hold_everything_asks_first(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        await shown.press("H", "y")
        assert not shown.scenario.simulator.state.rules
        await shown.press("enter")
        assert "every request of every client" in shown.text
        await shown.press("n")
        assert "every request of every client" not in shown.text
        await shown.press("y")
        assert not shown.scenario.simulator.state.rules
        await shown.press("down", "0", "y")
        assert rule_of(shown).target.is_everything
        assert shown.hint.startswith("holds every request")


async def test_a_filter_that_only_leaves_out_asks_too() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "slash")
        await write(shown, "!zz")
        await shown.press("enter")
        assert not shown.scenario.simulator.state.rules
        assert "hold nearly all?" in shown.text
        await shown.press("y")
        assert rule_of(shown).target.filter.text == "!zz"


async def test_a_blank_filter_asks_too() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "slash")
        await write(shown, "  ")
        await shown.press("enter")
        assert not shown.scenario.simulator.state.rules
        await shown.press("y")
        assert rule_of(shown).target.is_everything


async def test_esc_holds_nothing() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "slash", "escape", "escape")
        assert not shown.scenario.simulator.state.rules
        assert "whoever sends them" not in shown.text


@SIZES
async def test_a_digit_of_no_kind_says_which_are(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        await shown.press("H", "7")
        assert "7 is no kind: press 0-5" in shown.text
        assert not shown.scenario.simulator.state.rules


async def test_what_is_held_for_ever_is_not_held_twice() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "1", "H", "1")
        number = rule_of(shown).rule_id
        assert shown.hint.startswith(f"rule {number} holds these already; I lists and ends it")


async def test_of_holds_for_so_many_requests_each_counts() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("H", "t", "1", "H", "t", "1")
        assert len(shown.scenario.simulator.state.rules) == 2
