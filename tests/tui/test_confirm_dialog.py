"""Leaving asks only while requests are held, and lets them go first; forgetting everything asks always."""

import pytest

from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, showing
from tests.tui.waiting_requests import arrive


async def test_quitting_asks_nothing_when_nothing_is_held() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("q")
        assert shown.app._exit


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_quitting_with_a_held_request_asks_and_releases_first(
    key: str, size: tuple[int, int]
) -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario, size) as shown:
        await shown.press("space")
        number = arrive(scenario, program, sign_in) or 0
        for stay in ("n", "escape", "enter"):
            await shown.press(key)
            assert "1 request is held. Quitting releases all first." in shown.text
            await shown.press(stay)
            assert not shown.app._exit
            assert scenario.simulator.state.held[number].decision is None
        await shown.press(key, "y")
        assert shown.app._exit
        decision = scenario.simulator.state.held[number].decision
        assert decision is not None
        assert decision.how == "release"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_everything_is_forgotten_only_after_y(size: tuple[int, int]) -> None:
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, size) as shown:
        for keep in ("n", "escape", "enter"):
            await shown.press("X")
            assert "This forgets 1 client, 1 sign-in, 0 rules." in shown.text
            await shown.press(keep)
            assert scenario.simulator.state.clients
        await shown.press("X", "y")
        assert not scenario.simulator.state.clients
        assert not scenario.simulator.state.devices
        assert shown.hint == "everything is forgotten but the requests, which stay listed"
        assert "2 requests" in shown.text or size == NARROW


async def test_nothing_is_asked_where_there_is_nothing_to_forget() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("X")
        assert "nothing to forget" in shown.hint


async def test_leaving_is_possible_while_something_else_is_asked() -> None:
    scenario = Scenario()
    scenario.register("aws-cli")
    async with showing(scenario) as shown:
        await shown.press("X", "ctrl+q")
        assert shown.app._exit


async def test_a_reset_counts_the_rules_that_the_top_bar_counts() -> None:
    scenario = Scenario()
    simulator = scenario.simulator
    scenario.register("aws-cli").start()
    async with showing(scenario, NARROW) as shown:
        await shown.press("H", "1", "H", "2")
        next(iter(simulator.state.rules.values())).over_because = "its time is over"
        await shown.press("X")
        assert "This forgets 1 client, 1 sign-in, 1 rule." in shown.text
