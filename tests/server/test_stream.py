"""``/_sim/events``: the log as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from oidc_sim.engine.commands import Reset
from oidc_sim.server import control
from tests.server.raw_http import PATIENCE_S, RawAnswer, RawClient, connected, request
from tests.server.world import World
from tests.waiting import until


class EventReader:
    """A reader of the stream, one event at a time."""

    def __init__(self, client: RawClient, answer: RawAnswer) -> None:
        self._client = client
        self.answer = answer

    async def block(self) -> dict[str, str]:
        """The next event, field by field; a comment has the empty name."""
        async with asyncio.timeout(PATIENCE_S):
            text = (await self._client.reader.readuntil(b"\n\n")).decode("ascii")
        pairs = (line.partition(":") for line in text.rstrip("\n").split("\n"))
        return {name: value.strip() for name, _, value in pairs}

    async def event(self) -> dict[str, Any]:
        """The data of the next event, whose own fields agree with it."""
        while "data" not in (block := await self.block()):
            pass
        members: dict[str, Any] = json.loads(block["data"])
        assert block["event"] == members["type"]
        assert "seq" not in members or block["id"] == str(members["seq"])
        return members | {"id": int(block["id"])}


@asynccontextmanager
async def reading(world: World, query: str = "", *headers: str) -> AsyncIterator[EventReader]:
    async with connected(world.port) as client:
        lines = (world.bearer, *headers)
        await client.send(request("GET", f"/_sim/events{query}", port=world.port, headers=lines))
        yield EventReader(client, await client.answer(to_head=True))


def happen(world: World, times: int = 1) -> None:
    for _ in range(times):
        world.simulator.dispatch(Reset())


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "LOOK_EVERY_S", 0.001)


async def test_what_happened_and_what_happens_is_told_in_order(world: World) -> None:
    await world.register(clientName="one")
    async with reading(world) as events:
        assert events.answer.header("Content-Type") == "text/event-stream"
        first = await events.event()
        assert (first["seq"], first["type"], first["name"]) == (1, "client_registered", "one")
        second = await events.event()
        assert (second["seq"], second["type"], second["outcome"]) == (2, "exchange", "one")
        happen(world)
        third = await events.event()
        assert (third["seq"], third["type"]) == (3, "was_reset")


async def test_the_head_names_no_software_and_is_never_stored(world: World) -> None:
    async with reading(world) as events:
        names = [name for name, _ in events.answer.headers]
        assert names == [
            "Date",
            "Content-Type",
            "Cache-Control",
            "X-Content-Type-Options",
            "Connection",
        ]
        assert events.answer.header("Connection") == "close"


async def test_head_gets_the_head_alone(world: World) -> None:
    async with connected(world.port) as client:
        data = request("HEAD", "/_sim/events", port=world.port, headers=(world.bearer,))
        await client.send(data)
        assert (await client.answer(to_head=True)).status == 200
        assert await client.rest() == b""


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?since=3", ()),
        ("", ("Last-Event-ID: 3",)),
        ("?since=3", ("Last-Event-ID: 1",)),
        ("?since=", ("Last-Event-ID: 3",)),
    ],
)
async def test_a_reader_goes_on_where_it_was(
    world: World, query: str, headers: tuple[str, ...]
) -> None:
    happen(world, 5)
    async with reading(world, query, *headers) as events:
        assert [(await events.event())["seq"] for _ in range(2)] == [4, 5]


@pytest.mark.parametrize("since", ["-1", "x", "1.0", "%EF%BC%91", "9" * 5000, "1e3", "+1"])
async def test_a_since_that_is_no_number_is_a_400(world: World, since: str) -> None:
    answer = await world.control("GET", f"events?since={since}")
    assert answer.status == 400
    assert answer.json() == {"error": "bad_request", "reason": "since is a number of the log"}


async def test_a_reader_of_an_earlier_run_starts_anew(world: World) -> None:
    happen(world, 2)
    async with reading(world, "?since=1000") as events:
        assert (await events.event())["seq"] == 1


async def test_what_the_log_has_dropped_is_counted(world: World) -> None:
    capacity = world.simulator.log.entries.capacity
    happen(world, capacity + 7)
    async with reading(world, "?since=2") as events:
        assert await events.event() == {"type": "dropped", "count": 5, "id": 7}
        assert (await events.event())["seq"] == 8


async def test_many_events_come_in_portions_and_none_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "BATCH", 3)
    happen(world, 100)
    async with reading(world) as events:
        assert [(await events.event())["seq"] for _ in range(100)] == list(range(1, 101))


async def test_a_portion_is_small_so_that_others_get_their_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "BATCH", 3)
    happen(world, 10)
    written: list[bytes] = []

    class Writer:
        async def write(self, data: bytes) -> None:
            written.append(data)

    assert await control._write_batch(Writer(), world.simulator.log, 0) == 3  # type: ignore[arg-type]
    assert [it.count(b"\n\n") for it in written] == [3]


async def test_two_readers_hear_the_same(world: World) -> None:
    async with reading(world) as one, reading(world) as two:
        happen(world, 3)
        heard = [[await it.event() for _ in range(3)] for it in (one, two)]
    assert heard[0] == heard[1]


async def test_a_reader_that_leaves_is_noticed_and_harms_nobody(world: World) -> None:
    async with reading(world) as stays:
        async with reading(world) as leaves:
            await leaves.block()
            assert world.server.listener.open_connections == 2
        await until(lambda: world.server.listener.open_connections == 1)
        happen(world)
        assert (await stays.event())["type"] == "was_reset"


async def test_a_quiet_stream_shows_that_it_lives(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "HEARTBEAT_EVERY_S", 0)
    async with reading(world) as events:
        assert [await events.block() for _ in range(3)] == [
            {"": "oidc-sim events"},
            {"": "still here"},
            {"": "still here"},
        ]


async def test_a_strangers_text_cannot_forge_an_event(world: World) -> None:
    name = "x\n\nid: 99\nevent: was_reset\ndata: {}\n\n\x1b[2J\x85\u2028"
    await world.register(clientName=name)
    async with reading(world) as events:
        assert (await events.event())["name"] == name
        assert (await events.event())["type"] == "exchange"


async def test_the_stream_ends_with_the_server(world: World) -> None:
    async with connected(world.port) as client:
        await client.send(request("GET", "/_sim/events", port=world.port, headers=(world.bearer,)))
        await client.answer(to_head=True)
        await world.server.listener.stop()
        assert await client.rest() in {b"", b": oidc-sim events\n\n"}
