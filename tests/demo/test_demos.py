"""Demo clients at the real server: what they ask, and how they end."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from oidc_sim.demo.demos import MOST, Demos
from oidc_sim.demo.performance import PERFORMANCES
from oidc_sim.engine.commands import Approve, Deny, Expire, Reset, SlowDown
from oidc_sim.engine.model import Actor, DeviceState
from tests.fake_server import answering
from tests.server.raw_http import PATIENCE_S
from tests.server.world import World, open_world

WAITED = 0.01
"""Seconds that a wait of a demo takes here, however long it should be."""


class Stage:
    """A server, demo clients that hurry through their waits, and what they were told to wait."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answer_word: list[str] = []
        self.waits: list[float] = []
        self.demos = Demos(world.url, self.answer_word.append, self.wait)

    async def wait(self, span_s: float) -> None:
        self.waits.append(span_s)
        self.world.passed_s += span_s
        await asyncio.sleep(WAITED)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():  # noqa: ASYNC110 - nobody sets an event
                await asyncio.sleep(WAITED)

    async def started(self, name: str) -> str:
        assert self.demos.start(name) is PERFORMANCES[name]
        await self.until(lambda: bool(self.world.simulator.state.devices))
        return next(iter(self.world.simulator.state.devices))

    async def ended(self) -> None:
        await self.until(lambda: self.demos.running == 0)

    def state(self, code: str) -> DeviceState:
        return self.world.simulator.state.devices[code].state(self.world.simulator.now().at)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_world() as world:
        stage = Stage(world)
        yield stage
        await stage.demos.close()


@pytest.fixture
async def strict() -> AsyncIterator[Stage]:
    async with open_world(profile="rfc") as world:
        stage = Stage(world)
        yield stage
        await stage.demos.close()


@pytest.mark.parametrize("name", PERFORMANCES)
async def test_it_ends_by_itself_with_its_token(stage: Stage, name: str) -> None:
    code = await stage.started(name)
    device = stage.world.simulator.state.devices[code]
    assert device.client_name == f"demo-{name}"
    assert stage.demos.running == 1
    stage.world.do(Approve(code, Actor.OPERATOR))
    await stage.ended()
    assert stage.state(code) is DeviceState.COLLECTED
    assert stage.answer_word == []


@pytest.mark.parametrize("name", PERFORMANCES)
@pytest.mark.parametrize("decision", [Deny, Expire])
async def test_it_ends_by_itself_without(
    stage: Stage, name: str, decision: type[Deny | Expire]
) -> None:
    code = await stage.started(name)
    stage.world.do(decision(code, Actor.OPERATOR))
    await stage.ended()
    assert stage.answer_word == []


async def test_the_hurried_one_is_early_and_the_server_throttles_it(strict: Stage) -> None:
    await strict.started("hurried")
    await strict.until(lambda: len(strict.waits) > 4)
    assert strict.waits[0] == 2.0
    assert max(strict.waits) >= 4.0  # heeds slow_down, and is early again


async def test_the_stubborn_one_does_not_wait_longer(strict: Stage) -> None:
    code = await strict.started("stubborn")
    strict.world.do(SlowDown(code, Actor.OPERATOR))
    await strict.until(lambda: len(strict.waits) > 4)
    assert set(strict.waits) == {5.0}
    outcomes = [it.outcome for it in strict.world.exchanges()]
    assert outcomes.count("slow_down") >= 2


async def test_the_device_one_waits_five_seconds_longer_for_each_slow_down(strict: Stage) -> None:
    code = await strict.started("device")
    strict.world.do(SlowDown(code, Actor.OPERATOR))
    await strict.until(lambda: 10.0 in strict.waits)


async def test_there_are_five_at_once_and_they_stop_together(stage: Stage) -> None:
    for _ in range(MOST):
        assert stage.demos.start("device")
    assert stage.demos.start("browser") is None
    assert stage.demos.stop() == MOST
    assert stage.demos.running == 0
    assert stage.demos.stop() == 0
    assert stage.answer_word == []


async def test_it_ends_when_its_code_is_forgotten(stage: Stage) -> None:
    code = await stage.started("device")
    stage.world.simulator.dispatch(Reset())
    await stage.ended()
    assert code not in stage.world.simulator.state.devices
    assert stage.answer_word == []


@pytest.mark.parametrize("name", PERFORMANCES)
@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"error":"invalid_scope"}', 400), (b"<html>", 500), (b"[]", 200), (b"", 204)],
)
async def test_an_answer_that_leads_nowhere_is_one_line(
    name: str, body: bytes, status: int
) -> None:
    told: list[str] = []

    async def no_wait(_: float) -> None:
        await asyncio.sleep(0)

    with answering(body, status) as running:
        demos = Demos(running.url, told.append, no_wait)
        demos.start(name)
        async with asyncio.timeout(PATIENCE_S):
            while demos.running:  # noqa: ASYNC110 - nobody sets an event
                await asyncio.sleep(WAITED)
    assert len(told) == 1
    assert told[0].startswith(f"demo-{name} ended: ")


async def test_a_server_that_is_gone_is_one_line() -> None:
    told: list[str] = []
    demos = Demos("http://127.0.0.1:1", told.append)
    demos.start("browser")
    async with asyncio.timeout(PATIENCE_S):
        while demos.running:  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(WAITED)
    assert len(told) == 1
    assert told[0].startswith("demo-browser ended: ")
    assert "\n" not in told[0]


async def test_closing_ends_a_browser_that_waits(stage: Stage) -> None:
    await stage.started("browser")
    await asyncio.wait_for(stage.demos.close(), PATIENCE_S)
    assert stage.demos.running == 0
    assert stage.answer_word == []


async def test_the_route_starts_and_stops(stage: Stage) -> None:
    for _ in range(MOST):
        answer = await stage.world.control("POST", "demo/device", {})
        assert answer.json()["started"] == "demo-device"
    full = await stage.world.control("POST", "demo/hurried", {})
    assert (full.status, full.json()["error"]) == (409, "conflict")
    stopped = await stage.world.control("POST", "demo/stop", {})
    assert stopped.json() == {"stopped": MOST, "running": 0}
    unknown = await stage.world.control("POST", "demo/waltz", {})
    assert unknown.status == 404
    assert "device, browser, hurried, stubborn, stop" in unknown.json()["reason"]
