"""One table of keys, and everything that is made from it agrees with it."""

from collections import Counter
from inspect import signature
from typing import Any

import pytest
from rich.cells import cell_len
from textual import actions
from textual.binding import Binding

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.app import OperatorApp
from oidc_sim.tui.bars.bar import MAX_KEYS, footer_keys
from oidc_sim.tui.bars.page import Page
from oidc_sim.tui.glyphs import UNICODE, Look
from oidc_sim.tui.keymap import KEYS, PALETTE_ONLY, Holder, Key, bindings, help_keys, keys_markdown
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.operator.screen import OperatorScreen
from oidc_sim.tui.panels import Panel
from tests.tui.busy import busy
from tests.tui.showing import NARROW, WIDE, Shown, showing

HOLDERS: dict[Holder, type[OperatorScreen | RowList | Page]] = {
    Holder.SCREEN: OperatorScreen,
    Holder.LIST: RowList,
    Holder.PAGE: Page,
}


def test_ids_and_keys_are_unique() -> None:
    assert max(Counter(key.id for key in KEYS).values()) == 1
    for holder in Holder:
        pressed = Counter(
            name for key in KEYS if key.holder is holder for name in key.keys.split(",")
        )
        assert max(pressed.values()) == 1


def test_no_letter_fires_through_a_dialog() -> None:
    assert not [key.id for key in KEYS if key.is_priority and not key.keys.startswith("ctrl+")]


@pytest.mark.parametrize("holder", HOLDERS)
def test_bindings_are_those_of_the_table(holder: Holder) -> None:
    own = [binding for binding in HOLDERS[holder].BINDINGS if isinstance(binding, Binding)]
    assert own == bindings(holder)
    assert all(binding.id and not binding.show for binding in own)


def does(shown: Shown, key: Key) -> tuple[object, str, tuple[Any, ...]]:
    """What has the method that a key stands for, its name and what it is called with."""
    place, name, arguments = actions.parse(key.action)
    if name == "do":
        part, method, arguments = actions.parse(arguments[0])
        return shown.screen._does[part], method, arguments
    return OperatorApp if place == "app" else HOLDERS[key.holder], f"action_{name}", arguments


async def test_every_action_exists() -> None:
    async with showing(Scenario()) as shown:
        for key in [*KEYS, *PALETTE_ONLY]:
            if key.holder in HOLDERS:
                holder, name, arguments = does(shown, key)
                given = (*([None] if isinstance(holder, type) else []), *arguments)
                signature(getattr(holder, name)).bind(*given)


async def test_a_user_can_move_a_key() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario) as shown:
        shown.app.set_keymap({"device.approve": "v"})
        await shown.press("a")
        assert not scenario.simulator.state.devices[code].decisions
        await shown.press("v")
        assert scenario.simulator.state.devices[code].decisions


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_footer_never_overflows_and_always_has_the_help(width: int) -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario, (width, 40)) as shown:
        for panel in Panel:
            await shown.press(str(panel.value))
            assert cell_len(shown.footer) <= width - 1
            assert shown.footer.endswith("? help")
            keys = footer_keys(panel)
            assert len(keys) <= MAX_KEYS
            if width == WIDE[0]:
                assert all(f"{key.shown.split()[0]} {key.label}" in shown.footer for key in keys)


async def test_a_click_on_the_footer_presses_the_key() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario) as shown:
        x = shown.lines[-1].index("d deny") + 3
        await shown.pilot.click(offset=(x, WIDE[1] - 1))
        assert scenario.simulator.state.devices[code].decision == "denied"


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_help_has_every_key_and_scrolls(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        await shown.press("question_mark")
        page = shown.app.screen.query_one(Page)
        words = " ".join(page.text.split())
        for topic, keys in help_keys():
            assert topic in words
            assert all(key.help in words and key.shown in words for key in keys)
        assert page.is_cut
        assert "Decide" in shown.text
        await shown.press("end")
        assert "RFC 8628" in shown.text
        await shown.press("escape")
        assert shown.app.screen is shown.screen


async def test_the_help_tells_every_state_and_the_notes() -> None:
    async with showing(Scenario(), WIDE) as shown:
        await shown.press("question_mark")
        text = shown.app.screen.query_one(Page).text
        assert all(UNICODE.label(look) in text for look in Look)
        for noted in ("uncollected", "not told", "too fast", "silent 42s", "next 500"):
            assert noted in text


async def test_the_help_closes_with_the_key_that_opened_it_and_no_key_goes_through_it() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario) as shown:
        await shown.press("question_mark", "a", "d")
        assert not scenario.simulator.state.devices[code].decisions
        await shown.press("question_mark")
        assert shown.app.screen is shown.screen


async def test_the_palette_offers_every_action_and_runs_it() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario) as shown:
        titles = {command.title for command in shown.app.get_system_commands(shown.screen)}
        for key in KEYS:
            if key.is_in_palette:
                assert f"{key.title}  {key.shown}" in titles
        assert {"Theme", "Screenshot"} <= titles
        await shown.pilot.press("ctrl+p", *"approve")
        await shown.app.workers.wait_for_complete()
        await shown.pilot.press("enter")
        assert scenario.simulator.state.devices[code].decision == "approved"


def test_the_readme_table_has_each_key_once() -> None:
    rows = keys_markdown().splitlines()[2:]
    assert len(rows) == sum(len(keys) for _, keys in help_keys())
    assert "| `s` | slow it down: one poll gets slow_down, interval +5 s |" in rows
