"""No key is dead: each does something that can be seen, or the hint line says why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.keymap import KEYS, Holder, Key
from oidc_sim.tui.panels import LISTS, Panel
from tests.tui.busy import busy
from tests.tui.showing import NARROW, WIDE, Shown, showing


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the keys writes into the working directory."""
    monkeypatch.chdir(tmp_path)


TO_TIPS_S = 11.0
"""Seconds after which the hint line is back at its tip."""


def observed(shown: Shown) -> tuple[Any, ...]:
    """All that a person can notice, here or in the clipboard or in a browser."""
    app = shown.app
    return shown.text, app.clipboard, len(shown.opened), len(app.screen_stack), app._exit


def keys_of(panel: Panel) -> list[Key]:
    """All that can be pressed there, ``quit`` last."""
    holders = {Holder.SCREEN, Holder.APP, Holder.LIST if panel in LISTS else Holder.PAGE}
    return sorted((key for key in KEYS if key.holder in holders), key=lambda key: key.id == "quit")


async def from_rest(shown: Shown, panel: Panel, key: Key) -> None:
    """The focus on a panel, away from the end that a key moves to, and a tip on the hint line."""
    while len(shown.app.screen_stack) > 1:
        await shown.press("escape")
    await shown.press("escape", "escape", str(panel.value))
    if key.holder in {Holder.LIST, Holder.PAGE}:
        moves_up = key.action in {"move(-1)", "page(-1)", "start"}
        await shown.press("end" if moves_up else "home")
    shown.scenario.clock.advance(TO_TIPS_S)
    await shown.settle()


async def walk(shown: Shown, panel: Panel, is_exempt: Callable[[Key], bool]) -> None:
    """Press every key, each from rest."""
    for key in keys_of(panel):
        await from_rest(shown, panel, key)
        if is_exempt(key):
            continue
        before = observed(shown)
        await shown.press(key.keys.split(",")[0])
        assert observed(shown) != before, f"{key.id} in {panel.title}"
    assert shown.app._exit


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("panel", Panel)
async def test_a_key_does_something_or_says_why_not(panel: Panel, size: tuple[int, int]) -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario, size) as shown:
        inspector = shown.screen.panels.inspector
        await walk(shown, panel, lambda key: key.holder is Holder.PAGE and not inspector.is_cut)


@pytest.mark.parametrize("panel", Panel)
async def test_on_an_empty_screen_too(panel: Panel) -> None:
    async with showing(Scenario(), NARROW) as shown:
        await walk(shown, panel, lambda key: key.holder in {Holder.LIST, Holder.PAGE})
