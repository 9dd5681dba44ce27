"""``D``: demo clients from the screen."""

import asyncio
from typing import Any

import pytest

from oidc_sim.demo.demos import Demos
from oidc_sim.demo.performance import PERFORMANCES
from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, showing

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server is there: a demo client waits for ever instead of asking one."""

    async def perform(_demos: Demos, _performance: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Demos, "_perform", perform)


@SIZES
async def test_the_dialog_names_each_client_in_full(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        assert "D  demo client" in shown.text
        await shown.press("D")
        for digit, performance in enumerate(PERFORMANCES.values(), 1):
            assert str(digit) in shown.line_with(performance.client)
            assert performance.help in shown.line_with(performance.client)
        assert "0 of at most 5 running" in shown.text


@pytest.mark.parametrize("digit", ["1", "2", "3", "4"])
async def test_a_digit_runs_one_and_d_twice_stops_it(digit: str) -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("D", digit)
        name = list(PERFORMANCES.values())[int(digit) - 1].client
        assert shown.hint.startswith(f"{name} signs in now")
        assert shown.running_server.demos.running == 1
        await shown.press("D", "D")
        assert shown.hint == "stopped 1 demo client"
        assert shown.running_server.demos.running == 0


async def test_a_sixth_is_told_why_not() -> None:
    async with showing(Scenario(), NARROW) as shown:
        for _ in range(6):
            await shown.press("D", "1")
        assert shown.hint.startswith("5 demo clients run already")
        await shown.press("D", "x")
        assert shown.hint == "stopped 5 demo clients"


async def test_esc_changes_nothing_and_nothing_to_stop_is_said() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("D", "escape")
        assert shown.app.screen is shown.screen
        await shown.press("D", "x")
        assert shown.hint.startswith("no demo client is running")


async def test_a_digit_that_stands_for_no_client_says_which_do() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("D", "9")
        assert "no such digit: press 1-" in shown.text


async def test_a_failure_is_said_on_the_hint_line() -> None:
    async with showing(Scenario(), NARROW) as shown:
        shown.running_server.demos.tell("demo-device ended: its poll got invalid_client")
        await shown.settle()
        assert shown.hint.startswith("demo-device ended: its poll got invalid_client")
        assert shown.running_server.notes == []
        running_server = shown.running_server
    running_server.demos.tell("late")
    assert running_server.notes == ["late"]
