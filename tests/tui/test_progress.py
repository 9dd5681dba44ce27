"""What lasts is told of while it lasts."""

import pytest

from oidc_sim.engine.arrival import Arrival, Held, HeldDecision
from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, WIDE, showing


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_requests_that_are_let_go_are_counted_down(size: tuple[int, int]) -> None:
    scenario = Scenario()
    held, decided = scenario.simulator.state.held, scenario.simulator.state.decided
    async with showing(scenario, size) as shown:
        for number in range(1234):
            arrival = Arrival(operation="CreateToken", endpoint="/token")
            held[number] = Held(number=number, arrival=arrival, at=0, since_tick=0, ends_tick=60)
        await shown.settle()
        assert "RELEASING" not in shown.text
        for number, it in held.items():
            it.decision = HeldDecision(how="release")
            decided[number] = None
        await shown.settle()
        assert "RELEASING 1,234" in shown.lines[0]
        for number in range(1000):
            del held[number], decided[number]
        await shown.settle()
        assert "RELEASING 234" in shown.lines[0]
        held.clear()
        decided.clear()
        await shown.settle()
        assert "RELEASING" not in shown.text
