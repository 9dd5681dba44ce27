"""Slow clients (T-32): the clock is the test's, so nothing here waits."""

import asyncio

import pytest
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.limits import Limits
from tests.server.conftest import Serve, Serving, raw
from tests.server.raw_http import RawClient, connected, request

HALF = b"POST /token HTTP/1.1\r\nHost: 127.0"


async def settle(client: RawClient) -> None:
    """Let the server take in what was sent: a round trip on the loop's own sockets."""
    await client.writer.drain()
    for _ in range(20):
        await asyncio.sleep(0)


async def is_open(serving: Serving) -> bool:
    """Let a connection that was closed say so; then tell whether the only one is still there."""
    for _ in range(20):
        await asyncio.sleep(0)
    return serving.listener.open_connections == 1


async def test_a_silent_connection_is_closed(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await settle(client)
        serving.pass_time(9.9)
        assert await is_open(serving)
        serving.pass_time(0.2)
        assert await client.rest() == b""
    assert serving.listener.counts.timed_out == 1


async def test_half_a_head_is_closed_though_it_drips(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await settle(client)
        serving.pass_time(5)
        for letter in HALF[:9]:
            await client.send(bytes([letter]))
            await settle(client)
            serving.pass_time(1)
        assert await is_open(serving)
        serving.pass_time(1.1)
        assert await client.rest() == b""
    assert serving.listener.counts.timed_out == 1


async def test_silence_and_half_a_head_have_limits_of_their_own(serve: Serve) -> None:
    serving = await serve(limits=Limits(silent_s=3, head_s=5))
    async with connected(serving.port) as silent, connected(serving.port) as slow:
        await slow.send(HALF)
        await settle(slow)
        serving.pass_time(4)
        assert await silent.rest() == b""
        assert await is_open(serving)
        serving.pass_time(2)
        assert await slow.rest() == b""


async def test_half_a_head_on_a_connection_in_use_is_closed(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.answer()
        serving.pass_time(40)
        await client.send(HALF)
        await settle(client)
        serving.pass_time(9.9)
        assert await is_open(serving)
        serving.pass_time(0.2)
        assert await client.rest() == b""


async def test_a_head_in_pieces_is_served_if_it_is_in_time(serve: Serve) -> None:
    serving = await serve()
    whole = request(port=serving.port)
    async with connected(serving.port) as client:
        for _ in range(3):
            await client.send(whole[:30])
            await settle(client)
            serving.pass_time(9)
            await client.send(whole[30:])
            assert (await client.answer()).status == 200
        serving.pass_time(20)
        assert await is_open(serving)


@pytest.mark.parametrize("part", [b"", b"abc"])
async def test_a_body_that_stops_coming_gets_408(serve: Serve, part: bytes) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Content-Length: 9",)) + part)
        await settle(client)
        serving.pass_time(9.9)
        assert await is_open(serving)
        serving.pass_time(0.2)
        answer = await client.answer()
        assert answer.status == 408
        assert answer.header("Connection") == "close"
        assert await client.rest() == b""
    assert serving.faults == []
    assert [it.status for it in serving.refused] == [408]
    assert serving.listener.counts.timed_out == 1


async def test_a_body_that_drips_gets_408(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Content-Length: 99",)))
        for _ in range(10):
            await client.send(b"x")
            await settle(client)
            serving.pass_time(1.01)
        assert (await client.answer()).status == 408


async def test_a_body_in_pieces_is_served_if_it_is_in_time(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        for _ in range(3):
            await client.send(request(port=serving.port, headers=("Content-Length: 4",)) + b"ab")
            await settle(client)
            serving.pass_time(9)
            await client.send(b"cd")
            assert (await client.answer()).body == b"POST /token 4"
        serving.pass_time(20)
        assert await is_open(serving)


async def test_half_a_head_after_a_body_in_pieces_is_closed(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Content-Length: 4",)) + b"ab")
        await settle(client)
        await client.send(b"cd")
        await client.answer()
        serving.pass_time(5)
        await client.send(HALF)
        await settle(client)
        serving.pass_time(9.9)
        assert await is_open(serving)
        serving.pass_time(0.2)
        assert await client.rest() == b""


async def test_a_body_that_stops_after_the_answer_ends_the_connection(serve: Serve) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        return raw(b"early")

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Content-Length: 9",)))
        assert (await client.answer()).body == b"early"
        await settle(client)
        serving.pass_time(10.1)
        assert await client.rest() == b""
    assert serving.faults == []


async def test_a_body_that_stops_under_a_handler_that_does_not_want_it_disturbs_nobody(
    serve: Serve,
) -> None:
    release = asyncio.Event()

    async def handler(_: BaseRequest) -> StreamResponse:
        await release.wait()
        return raw(b"late")

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Content-Length: 9",)))
        await settle(client)
        for _ in range(3):
            serving.pass_time(10.1)
        release.set()
        assert (await client.answer()).body == b"late"
        assert await client.rest() == b""
    assert serving.faults == []
    assert serving.listener.counts.timed_out == 1


async def test_a_reader_that_never_reads_is_dropped(serve: Serve) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        return raw(bytes(32 * 1024 * 1024))

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.reader.readuntil(b"\r\n\r\n")
        serving.pass_time(1)
        serving.pass_time(9.9)
        assert await is_open(serving)
        serving.pass_time(0.2)
        assert not await is_open(serving)
    assert serving.listener.counts.timed_out == 1
    assert serving.faults == []


async def test_a_reader_that_never_reads_the_last_answer_is_dropped_too(serve: Serve) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        return raw(bytes(8 * 1024 * 1024))

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Connection: close",)))
        await client.reader.readuntil(b"\r\n\r\n")
        for _ in range(12):
            serving.pass_time(1)
        assert not await is_open(serving)


async def test_a_reader_that_reads_slowly_gets_everything(serve: Serve) -> None:
    size = 16 * 1024 * 1024

    async def handler(_: BaseRequest) -> StreamResponse:
        return raw(bytes(size))

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.reader.readuntil(b"\r\n\r\n")
        for _ in range(16):
            await client.reader.readexactly(size // 16)
            await settle(client)
            serving.pass_time(8)
    assert serving.listener.counts.timed_out == 0


async def test_an_idle_connection_is_closed_after_75_s(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.answer()
        await settle(client)
        serving.pass_time(1)
        serving.pass_time(74.9)
        assert await is_open(serving)
        serving.pass_time(0.2)
        assert await client.rest() == b""


async def test_a_connection_in_use_is_never_idle(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        for _ in range(10):
            await client.send(request(port=serving.port))
            assert (await client.answer()).status == 200
            await settle(client)
            serving.pass_time(1)
            serving.pass_time(70)
        assert await is_open(serving)


async def test_a_held_request_has_no_deadline(serve: Serve) -> None:
    release = asyncio.Event()

    async def handler(request: BaseRequest) -> StreamResponse:
        await read_body(request)
        await release.wait()
        return raw(b"released")

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await settle(client)
        await client.send(HALF)  # the next one, half sent already
        await settle(client)
        for _ in range(100):
            serving.pass_time(10)
        release.set()
        assert (await client.answer()).body == b"released"
