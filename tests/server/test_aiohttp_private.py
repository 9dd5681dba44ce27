"""With another aiohttp than is known, whose private parts are not looked at, everything is still right."""

from typing import Any

import pytest

from oidc_sim.server.http import aiohttp_private, listener
from oidc_sim.server.http.aiohttp_private import SwiftConnection, fitting, missing, notes
from oidc_sim.server.http.connection import Connection
from tests.server.conftest import Serve
from tests.server.raw_http import connected, request
from tests.server.test_deadlines import HALF, is_open, settle
from tests.server.world import World, as_json
from tests.waiting import until


@pytest.fixture(params=[Connection, SwiftConnection], autouse=True)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(listener, "CONNECTION", request.param)
    return request.param


def test_this_aiohttp_is_known_and_another_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing() == []
    assert notes() == []
    assert fitting() is SwiftConnection
    other = (*aiohttp_private.NEEDED, (SwiftConnection, "_of_another_day"))
    monkeypatch.setattr(aiohttp_private, "NEEDED", other)
    assert fitting() is Connection
    (sentence,) = notes()
    assert "is not as known (_of_another_day): answers are right, but slower" in sentence


async def test_polls_are_answered_and_recorded_and_the_connection_is_kept(
    world: World, kind: type
) -> None:
    sign_in = await world.sign_in()
    data = request(body=as_json(sign_in.body()), port=world.port)
    seen = world.simulator.log.exchanges.seen
    async with connected(world.port) as client:
        for piece in (data, data[:40], data[40:], data[:-1], data[-1:], data + data):
            await client.send(piece)
            await settle(client)
        answers = [await client.answer() for _ in range(5)]
    assert [it.status for it in answers] == [400] * 5
    assert len({it.body for it in answers}) == 1
    assert world.simulator.log.exchanges.seen == seen + 5
    assert {type(it) for it in world.server.listener._live} <= {kind}


async def test_slow_and_silent_clients_are_closed_in_time(serve: Serve) -> None:
    serving = await serve()
    for sent, limit_s in ((b"", 10), (HALF, 10), (request(port=serving.port), 75)):
        async with connected(serving.port) as client:
            await client.send(sent)
            if limit_s > 10:
                await client.answer()
            await settle(client)
            serving.pass_time(0)
            serving.pass_time(limit_s - 0.1)
            assert await is_open(serving), sent
            serving.pass_time(0.2)
            assert await client.rest() == b""
    assert serving.listener.counts.timed_out == 2


@pytest.mark.parametrize("part", [b"", b"abc"])
async def test_a_body_that_stops_coming_gets_408_and_one_that_comes_is_read(
    serve: Serve, part: bytes
) -> None:
    serving = await serve()
    whole = request(body=b"x" * 100, port=serving.port)
    async with connected(serving.port) as client:
        await client.send(whole[:-100] + part)
        await settle(client)
        await client.send(b"x" * (100 - len(part)))
        assert (await client.answer()).body == b"POST /token 100"
        await client.send(whole[:-100] + part)
        await settle(client)
        serving.pass_time(10.1)
        assert (await client.answer()).status == 408
    await until(lambda: not serving.listener.open_connections)


async def test_what_is_too_large_is_refused_and_what_is_kept_is_counted(
    serve: Serve, kind: type
) -> None:
    serving = await serve()
    unfinished = serving.listener.unfinished
    async with connected(serving.port) as client:
        await client.send(HALF)
        await until(lambda: unfinished.total == len(HALF))
        await client.send(request(port=serving.port)[len(HALF) :])
        await client.answer()
        await until(lambda: unfinished.total == 0)
    async with connected(serving.port) as client:
        await client.send(request(body=b"x" * 65_537, port=serving.port))
        assert (await client.answer()).status == 413
    async with connected(serving.port) as client:
        await client.send(b"GET / HTTP/1.1\r\n")
        sent = 0
        while sent < 100 and serving.listener.open_connections and not unfinished.dropped:
            client.writer.write(b"X-%d: %s\r\n" % (sent, b"x" * 8_000))
            await settle(client)
            assert unfinished.total < 700_000
            sent += 1
            if kind is SwiftConnection and sent > 9:
                assert (await client.answer()).status == 431
                break
    assert sent in {10, 82}
    assert serving.faults == []
