import asyncio
import gzip
import tracemalloc

import pytest
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http.body import read_body
from tests.server.conftest import Serve, raw
from tests.server.raw_http import connected, exchange, request

LIMIT = 65_536
CHUNKED = ("Transfer-Encoding: chunked",)


def chunks(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(it), it) for it in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [0, 1, 8_000, LIMIT])
async def test_a_body_up_to_the_limit_is_read_whole(serve: Serve, size: int) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        for _ in range(2):
            await client.send(request(body=bytes(size), port=serving.port))
            assert (await client.answer()).body == b"POST /token %d" % size


@pytest.mark.parametrize("size", [LIMIT + 1, 2 * LIMIT, 1_000_000])
async def test_a_larger_body_gets_413(serve: Serve, size: int) -> None:
    serving = await serve()
    answer, rest = await exchange(serving.port, request(body=bytes(size), port=serving.port))
    assert answer.status == 413
    assert answer.header("Connection") == "close"
    assert answer.json()["error"] == "invalid_request"
    assert rest == b""


async def test_a_body_that_is_announced_too_large_is_not_waited_for(serve: Serve) -> None:
    serving = await serve()
    head = request(port=serving.port, headers=(f"Content-Length: {LIMIT + 1}",))
    async with connected(serving.port) as client:
        await client.send(head)
        assert (await client.answer()).status == 413


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413)])
@pytest.mark.parametrize("chunk", [1_000, 100_000])
async def test_the_limit_holds_for_a_chunked_body(
    serve: Serve, size: int, status: int, chunk: int
) -> None:
    serving = await serve()
    data = request(port=serving.port, headers=CHUNKED) + chunks(bytes(size), chunk)
    async with connected(serving.port) as client:
        await client.send(data)
        assert (await client.answer()).status == status


async def test_a_body_may_come_byte_by_byte(serve: Serve) -> None:
    arrived = asyncio.Queue[int]()

    async def handler(request: BaseRequest) -> StreamResponse:
        arrived.put_nowait(0)
        return raw(await read_body(request))

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Content-Length: 5",)))
        await arrived.get()
        for letter in b"hello":
            await client.send(bytes([letter]))
        assert (await client.answer()).body == b"hello"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity", "x", ""])
async def test_an_encoded_body_gets_415(serve: Serve, coding: str) -> None:
    serving = await serve()
    data = request(body=b"x" * 100, port=serving.port, headers=(f"Content-Encoding: {coding}",))
    answer, rest = await exchange(serving.port, data)
    assert answer.status == 415
    assert answer.header("Connection") == "close"
    assert rest == b""


async def test_a_gzip_bomb_is_never_unpacked(serve: Serve) -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    serving = await serve()
    data = request(body=bomb, port=serving.port, headers=("Content-Encoding: gzip",))
    tracemalloc.start()
    try:
        answer, _ = await exchange(serving.port, data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status == 415
    assert peak < 8 * 1024 * 1024


async def test_a_flood_is_dropped_while_it_comes(serve: Serve) -> None:
    serving = await serve()
    part = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    tracemalloc.start()
    try:
        async with connected(serving.port) as client:
            await client.send(request(port=serving.port, headers=CHUNKED))
            for _ in range(256):
                await client.send(part)
            await client.send(b"0\r\n\r\n")
            assert (await client.answer()).status == 413
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


async def test_a_client_that_waits_to_continue_is_told_to(serve: Serve) -> None:
    serving = await serve()
    headers = ("Content-Length: 4", "Expect: 100-Continue")
    async with connected(serving.port) as client:
        for _ in range(2):
            await client.send(request(port=serving.port, headers=headers))
            assert (await client.answer()).head == b"HTTP/1.1 100 Continue\r\n\r\n"
            await client.send(b"body")
            assert (await client.answer()).body == b"POST /token 4"


async def test_a_client_that_does_not_wait_is_not_told(serve: Serve) -> None:
    serving = await serve()
    data = request(body=b"body", port=serving.port, headers=("Expect: 100-continue",))
    async with connected(serving.port) as client:
        await client.send(data)
        assert (await client.answer()).status == 200


async def test_a_body_that_is_too_large_is_not_asked_for(serve: Serve) -> None:
    serving = await serve()
    headers = (f"Content-Length: {LIMIT + 1}", "Expect: 100-continue")
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=headers))
        assert (await client.answer()).status == 413


async def test_an_unknown_expectation_gets_417(serve: Serve) -> None:
    serving = await serve()
    headers = ("Content-Length: 4", "Expect: miracles")
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=headers))
        assert (await client.answer()).status == 417


async def test_an_expectation_in_http_1_0_is_ignored(serve: Serve) -> None:
    arrived = asyncio.Event()

    async def handler(request: BaseRequest) -> StreamResponse:
        arrived.set()
        return raw(await read_body(request))

    serving = await serve(handler)
    headers = ("Content-Length: 4", "Expect: 100-continue")
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=headers, version="1.0"))
        await arrived.wait()
        await client.send(b"body")
        assert (await client.answer()).body == b"body"


async def test_a_failure_after_continuing_still_gets_500(serve: Serve) -> None:
    async def handler(request: BaseRequest) -> StreamResponse:
        raise ValueError(await read_body(request))

    serving = await serve(handler)
    headers = ("Content-Length: 4", "Expect: 100-continue")
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=headers))
        assert (await client.answer()).status == 100
        await client.send(b"body")
        assert (await client.answer()).status == 500


@pytest.mark.parametrize(
    "tail", [b"zz\r\nhello\r\n", b"5\r\nhelloX\r\n", b"-5\r\nhello\r\n0\r\n\r\n"]
)
async def test_a_body_that_breaks_its_framing_gets_400(serve: Serve, tail: bytes) -> None:
    arrived = asyncio.Event()

    async def handler(request: BaseRequest) -> StreamResponse:
        arrived.set()
        return raw(await read_body(request))

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=CHUNKED) + b"3\r\nabc\r\n")
        await arrived.wait()
        await client.send(tail)
        answer = await client.answer()
        assert answer.status == 400
        assert answer.header("Connection") == "close"
        assert await client.rest() == b""
    assert serving.faults == []
