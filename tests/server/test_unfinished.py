"""What has begun to come is bounded, for one connection and for all (T-33, T-46)."""

import asyncio
import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.model import DEVICE_CODE_GRANT
from oidc_sim.server.http import limits
from oidc_sim.server.http.limits import (
    CONNECTION_BYTES,
    DEFAULT,
    WORTH_GIVING_BACK,
    Limits,
    Unfinished,
)
from tests.server.conftest import Serve, Serving, raw
from tests.server.raw_http import connected, request
from tests.server.world import World
from tests.waiting import until

HEAD_BYTES = 65_536


def head(port: int, size: int, *, length: int = 0) -> bytes:
    """A head of so many bytes."""
    top = f"POST /token HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n"
    data = top.encode() + b"".join(b"X-%d: %b\r\n" % (it, b"x" * 8_000) for it in range(8))
    data = data[: size - 12]
    data = data[: data.rindex(b"\r\n") + 2]
    return data + b"Y: " + b"y" * (size - len(data) - 7) + b"\r\n\r\n"


async def taken_in(serving: Serving, size: int) -> None:
    await until(lambda: serving.listener.unfinished.total == size)


@pytest.mark.parametrize("pieces", [1, 7, 1_000])
@pytest.mark.parametrize("before", [0, 1])
async def test_a_head_is_at_most_64_kib_however_it_comes(
    serve: Serve, pieces: int, before: int
) -> None:
    serving = await serve()
    for size, status in ((HEAD_BYTES, 200), (HEAD_BYTES + 4_096, 431)):
        data = head(serving.port, size)
        each = len(data) // pieces
        async with connected(serving.port) as client:
            client.writer.write(request(port=serving.port) * before)
            for at in range(0, len(data), each):
                await client.send(data[at : at + each])
                await asyncio.sleep(0)
            for _ in range(before):
                assert (await client.answer()).status == 200
            answer = await client.answer()
            assert answer.status == status
        await taken_in(serving, 0)
    assert str(answer.header("x-amzn-ErrorType")).startswith("InvalidRequestException:")
    assert answer.header("Connection") == "close"
    assert answer.json()["error_description"] == "The request's head is too large."
    assert serving.faults == []


async def test_the_first_byte_too_many_is_refused(serve: Serve) -> None:
    serving = await serve()
    data = head(serving.port, HEAD_BYTES + 1)
    async with connected(serving.port) as client:
        await client.send(data[:HEAD_BYTES])
        await taken_in(serving, HEAD_BYTES)
        await client.send(data[HEAD_BYTES:])
        assert (await client.answer()).status == 431
        for _ in range(20):
            await client.send(
                b"x" * 65_536
            )  # it is read, so that the answer is not lost, and dropped
        await taken_in(serving, 0)
        serving.pass_time(10.1)
        assert await client.rest() == b""


async def test_who_began_first_goes_when_all_together_have_begun_too_much(serve: Serve) -> None:
    serving = await serve(limits=Limits(unfinished_bytes=100_000))
    half, rest = (data := head(serving.port, 50_000))[:40_000], data[40_000:]
    async with connected(serving.port) as first, connected(serving.port) as second:
        await first.send(half)
        await taken_in(serving, 40_000)
        await second.send(half)
        await taken_in(serving, 80_000)
        async with connected(serving.port) as third:
            await third.send(half)
            assert await first.rest() == b""
            for client in (second, third):
                await client.send(rest)
                assert (await client.answer()).status == 200
    assert serving.listener.unfinished.dropped == 1
    await taken_in(serving, 0)


async def test_half_a_body_counts_until_it_is_whole(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(head(serving.port, 1_000, length=50_000) + bytes(20_000))
        await taken_in(serving, 21_000)
        await client.send(bytes(20_000))
        await taken_in(serving, 41_000)
        await client.send(bytes(10_000))
        assert (await client.answer()).body == b"POST /token 50000"
        await taken_in(serving, 0)


async def test_what_waits_behind_a_request_at_work_counts_until_its_turn(serve: Serve) -> None:
    release = asyncio.Event()

    async def handler(_: BaseRequest) -> StreamResponse:
        await release.wait()
        return raw(b"late")

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await until(lambda: serving.listener.requests_count)
        await client.send(head(serving.port, 30_000) * 2)
        await until(lambda: serving.listener.unfinished.total >= 60_000)
        release.set()
        for _ in range(3):
            assert (await client.answer()).body == b"late"
        await taken_in(serving, 0)


async def test_after_what_is_no_http_nothing_more_is_parsed(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(b"no HTTP\r\n" * 20_000)
        assert (await client.answer()).status == 400
        assert await client.rest() == b""
    assert serving.listener.counts.requests_refused == 1


async def test_chunk_extensions_have_a_bound(serve: Serve) -> None:
    serving = await serve()
    top = request(port=serving.port, headers=("Transfer-Encoding: chunked",))
    async with connected(serving.port) as client:
        await client.send(top + b"1;" + b"x" * (DEFAULT.framing_bytes // 2) + b"\r\nx\r\n0\r\n\r\n")
        assert (await client.answer()).status == 200
        await client.send(top + b"1;" + b"x" * 2 * DEFAULT.framing_bytes)
        assert (await client.answer()).status == 413
        assert await client.rest() == b""
    assert serving.faults == []


@dataclass(eq=False)
class Sender:
    """A connection that can be dropped."""

    is_dropped: bool = False

    def abort(self) -> None:
        self.is_dropped = True


@dataclass
class Memory:
    """Where memory is given back to."""

    times: int = 0
    senders: list[Sender] = field(default_factory=lambda: [Sender() for _ in range(4)])

    def give_back(self) -> None:
        self.times += 1


def test_memory_is_given_back_once_after_a_flood() -> None:
    memory = Memory()
    kept = Unfinished(10 * WORTH_GIVING_BACK, memory.give_back)
    kept.look(100)
    for sender in memory.senders:
        kept.keep(sender, WORTH_GIVING_BACK)
    kept.look(100)
    assert memory.times == 0
    for sender in memory.senders:
        kept.keep(sender, 0)
    kept.look(100)
    kept.look(100)
    assert memory.times == 1
    kept.look(100 + WORTH_GIVING_BACK // CONNECTION_BYTES + 1)
    kept.look(100)
    assert memory.times == 2
    assert not any(it.is_dropped for it in memory.senders)


def test_a_peak_between_two_looks_counts() -> None:
    memory = Memory()
    kept = Unfinished(10 * WORTH_GIVING_BACK, memory.give_back)
    kept.keep(memory.senders[0], WORTH_GIVING_BACK)
    kept.keep(memory.senders[0], 0)
    kept.look(0)
    assert memory.times == 1


def _none_at_all(_: object) -> object:
    return object()


def _no_library(_: object) -> object:
    raise TypeError("argument of type 'NoneType' is not iterable")


@pytest.mark.parametrize("library", [_none_at_all, _no_library])
def test_without_glibc_nothing_is_given_back_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, library: Callable[[object], object]
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", library)
    trim = limits._c_librarys.__wrapped__()
    trim(0)
    monkeypatch.undo()
    limits.give_back_memory()


async def test_a_client_that_leaves_in_the_middle_takes_its_bytes_along(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(head(serving.port, 50_000)[:-2])
        await taken_in(serving, 49_998)
    await taken_in(serving, 0)


async def test_the_rest_of_a_body_that_was_given_up_is_no_head_and_stops_nobody(
    serve: Serve,
) -> None:
    """It waits behind a request that is held; counting it once went on for ever."""
    let_go = asyncio.Event()

    async def held(request: BaseRequest) -> StreamResponse:
        if request.method == "GET":
            await let_go.wait()
        return raw(b"answered")

    serving = await serve(held)
    async with connected(serving.port) as client:
        await client.send(request("GET", "/", port=serving.port))
        stalled = b"POST /token HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 500000\r\n\r\n"
        await client.send(stalled % serving.port + b"x" * 90_000)
        await until(lambda: serving.listener.unfinished.total > 0)
        serving.pass_time(DEFAULT.body_s + 1)
        await client.send(b"x" * 6_000)
        async with connected(serving.port) as other:
            await other.send(request(port=serving.port))
            assert (await other.answer()).body == b"answered"
        let_go.set()
        assert (await client.answer()).body == b"answered"
    await taken_in(serving, 0)
    assert serving.faults == []


async def test_a_long_poll_that_was_answered_at_once_is_not_unfinished(world: World) -> None:
    poll = b'{"clientId":"x","clientSecret":"%s","grantType":"%s","deviceCode":"z"}' % (
        b"y" * 6_000,
        DEVICE_CODE_GRANT.encode(),
    )
    async with connected(world.port) as client:
        for _ in range(10):
            await client.send(request(body=poll, port=world.port))
            assert (await client.answer()).status == 400
            assert world.server.listener.unfinished.total == 0
