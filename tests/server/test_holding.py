"""Held requests as coroutines in a room, without sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from oidc_sim.engine.arrival import Arrival, HeldDecision, Target, Trigger
from oidc_sim.engine.commands import AddRule, Admit, DecideHeld, EndHeld, PauseHeld, ReleaseAll
from oidc_sim.engine.held import BY_ITSELF, DROP, OVERDUE_AT_ONCE, RELEASE
from oidc_sim.engine.model import Policy
from oidc_sim.server.gate import holding
from oidc_sim.server.gate.holding import AT_ONCE, HoldingRoom
from oidc_sim.simulator.clock import Clock
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator

HOLD_S = 30.0


@pytest.fixture(autouse=True)
def _no_look_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "LOOK_EVERY_S", 1e6)


ENDS_WITHIN_S = 1.0
"""What all held requests get of the two seconds in which the server ends (T-50)."""


@dataclass
class Full:
    """A room in which requests wait, and what becomes of them; its looks are the test's."""

    simulator: Simulator
    room: HoldingRoom
    ticks: list[float]
    waiting: list[asyncio.Task[HeldDecision]]

    def pass_time(self, seconds: float) -> None:
        """Real seconds, as the simulator reads them."""
        self.ticks[0] += seconds

    async def look(self) -> list[str]:
        """Look once; returns how those that may go by then were decided."""
        self.room._look()
        await asyncio.sleep(0)
        return [it.result().how for it in self.waiting if it.done()]


@asynccontextmanager
async def full_of(requests: int) -> AsyncIterator[Full]:
    ticks = [1000.0]
    clock = Clock(lambda: 1.7e9, lambda: ticks[0])
    simulator = Simulator(Policy(hold_s=HOLD_S), RandomIds.seeded(1, "us-east-1"), clock)
    simulator.dispatch(AddRule(target=Target(), trigger=Trigger(times=None)))
    for number in range(1, requests + 1):
        arrival = Arrival(operation="CreateToken", endpoint="/token")
        simulator.dispatch(Admit(arrival=arrival, number=number))
    room = HoldingRoom(simulator)
    async with asyncio.TaskGroup() as tasks:
        numbers = range(1, requests + 1)
        waiting = [tasks.create_task(_wait(room, simulator, number)) for number in numbers]
        await asyncio.sleep(0)
        yield Full(simulator, room, ticks, waiting)
        await room.let_all_go()


async def _wait(room: HoldingRoom, simulator: Simulator, number: int) -> HeldDecision:
    decision = await room.decision(number)
    simulator.dispatch(EndHeld(number=number, how=decision.how))
    return decision


async def test_a_look_lets_go_what_is_decided_and_nothing_else() -> None:
    async with full_of(3) as full:
        assert await full.look() == []
        full.simulator.dispatch(DecideHeld(number=2, decision=HeldDecision(how=DROP)))
        assert await full.look() == [DROP]
        assert list(full.simulator.state.held) == [1, 3]


async def test_many_are_let_go_a_few_at_a_time() -> None:
    async with full_of(3 * AT_ONCE) as full:
        full.simulator.dispatch(ReleaseAll())
        assert await full.look() == [RELEASE] * AT_ONCE
        await asyncio.gather(*full.waiting)
        assert full.simulator.state.decided == {}


async def test_thousands_whose_time_is_over_at_once_are_decided_about_a_few_at_a_time() -> None:
    async with full_of(2 * OVERDUE_AT_ONCE + 1) as full:
        full.pass_time(HOLD_S)
        await full.look()
        assert len(full.simulator.state.decided) == OVERDUE_AT_ONCE - AT_ONCE
        await full.look()
        await full.look()
        await asyncio.gather(*full.waiting)
        assert {it.result().how for it in full.waiting} == {BY_ITSELF}


@pytest.mark.parametrize("seconds", [0.1, 0.9, 5.0])
async def test_one_is_released_by_itself_whenever_its_time_is_over(seconds: float) -> None:
    async with full_of(1) as full:
        await full.look()
        full.pass_time(HOLD_S - seconds)
        assert await full.look() == []
        full.pass_time(seconds)
        assert await full.look() == [BY_ITSELF]


async def test_a_countdown_that_stood_still_goes_on_to_its_end() -> None:
    async with full_of(1) as full:
        full.pass_time(HOLD_S - 1)
        full.simulator.dispatch(PauseHeld(number=1, is_paused=True))
        full.pass_time(1000)
        assert await full.look() == []
        full.simulator.dispatch(PauseHeld(number=1, is_paused=False))
        full.pass_time(1)
        assert await full.look() == [BY_ITSELF]


async def test_a_request_that_does_not_go_keeps_the_server_for_a_second_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop, now = asyncio.get_running_loop(), [50.0]

    async def pass_time() -> None:
        while True:
            now[0] += 0.01
            await asyncio.sleep(0)

    async with full_of(0) as full:
        full.room._parked[1] = loop.create_future()
        monkeypatch.setattr(loop, "time", lambda: now[0])
        passing = asyncio.ensure_future(pass_time())
        await full.room.let_all_go()
        passing.cancel()
        full.room._parked.clear()
    monkeypatch.undo()
    assert now[0] - 50 == pytest.approx(ENDS_WITHIN_S, abs=0.05)
