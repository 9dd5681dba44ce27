"""Answers that wait for nothing are given without a coroutine, and whatever is special is not."""

import asyncio
from functools import partial

import pytest
from aiohttp.http_parser import RawRequestMessage
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http.aiohttp_private import SwiftConnection
from oidc_sim.server.http.limits import DEFAULT
from oidc_sim.server.http.routes import AtOnce
from tests.server.conftest import Serve, Serving, raw
from tests.server.raw_http import connected, request
from tests.server.world import World, as_json
from tests.waiting import until

BODY = b"{}"
_MORE_THAN_SOCKETS_HOLD = 40
"""Megabytes that nobody reads."""


def swift(message: RawRequestMessage, body: bytes) -> bytes:
    """An answer at once that says what it answers."""
    return raw(f"at once {message.path} {len(body)}".encode()).whole


def for_tokens(message: RawRequestMessage) -> AtOnce | None:
    return swift if message.path.startswith("/token") else None


async def ask(serving: Serving, data: bytes) -> tuple[int, bytes]:
    async with connected(serving.port) as client:
        await client.send(data)
        answer = await client.answer()
        return answer.status, answer.body


async def test_an_ordinary_request_is_answered_at_once(serve: Serve) -> None:
    serving = await serve(at_once=for_tokens)
    assert await ask(serving, request(body=BODY, port=serving.port)) == (200, b"at once /token 2")


async def test_a_connection_is_answered_at_once_as_often_as_it_asks(serve: Serve) -> None:
    serving = await serve(at_once=for_tokens)
    async with connected(serving.port) as client:
        for _ in range(200):
            await client.send(request(port=serving.port))
            assert (await client.answer()).body == b"at once /token 0"
        await client.send(request(port=serving.port) * 2)
        assert [(await client.answer()).status for _ in range(2)] == [200, 200]


async def test_a_path_that_may_have_to_wait_goes_to_the_handler(serve: Serve) -> None:
    serving = await serve(at_once=for_tokens)
    data = request(target="/wait", body=BODY, port=serving.port)
    assert await ask(serving, data) == (200, b"POST /wait 2")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (("Host: evil.example",), 421),
        (("Host: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT"), 400),
        (("Content-Encoding: gzip",), 415),
        ((f"Content-Length: {DEFAULT.body_bytes + 1}",), 413),
        (("Connection: close",), 200),
        (("Connection: Upgrade", "Upgrade: websocket"), 200),
    ],
)
async def test_what_is_special_about_a_request_is_left_to_the_handlers_side(
    headers: tuple[str, ...], status: int, serve: Serve
) -> None:
    serving = await serve(at_once=for_tokens)
    spelled = tuple(it.replace("PORT", str(serving.port)) for it in headers)
    size = DEFAULT.body_bytes + 1 if status == 413 else 2
    data = request(body=b"x" * size, port=serving.port, headers=spelled)
    answer = await ask(serving, data)
    assert answer[0] == status
    assert b"at once" not in answer[1]


async def test_http_1_0_is_left_to_the_handlers_side(serve: Serve) -> None:
    serving = await serve(at_once=for_tokens)
    data = request(body=BODY, port=serving.port, version="1.0", headers=("Connection: keep-alive",))
    assert await ask(serving, data) == (200, b"POST /token 2")


async def test_a_body_that_comes_later_is_waited_for(serve: Serve) -> None:
    serving = await serve(at_once=for_tokens)
    data = request(body=BODY, port=serving.port)
    async with connected(serving.port) as client:
        await client.send(data[:-1])
        await until(lambda: serving.listener.requests_count)
        await client.send(data[-1:])
        assert (await client.answer()).body == b"POST /token 2"
        await client.send(data)
        assert (await client.answer()).body == b"at once /token 2"


async def test_answers_keep_the_order_of_their_requests(serve: Serve) -> None:
    go_on = asyncio.Event()

    async def slow(_request: BaseRequest) -> StreamResponse:
        await go_on.wait()
        return raw(b"slow")

    serving = await serve(slow, at_once=for_tokens)
    async with connected(serving.port) as client:
        await client.send(request(target="/wait", port=serving.port))
        await until(lambda: serving.listener.requests_count)
        await client.send(request(port=serving.port) + request(target="/wait", port=serving.port))
        await client.send(request(port=serving.port))
        go_on.set()
        bodies = [(await client.answer()).body for _ in range(4)]
    assert bodies[0] == bodies[2] == b"slow"
    assert len(bodies) == 4


@pytest.mark.parametrize("chunks", [1, 100, 20_000])
async def test_pipelined_requests_behind_a_chunked_body_are_answered_in_order(
    chunks: int, serve: Serve
) -> None:
    """A body of many chunks makes aiohttp stop to parse, and go on from within the reading of it."""
    serving = await serve(at_once=for_tokens)
    head = request(target="/token/1", port=serving.port, headers=("Transfer-Encoding: chunked",))
    body = b"1\r\nx\r\n" * chunks + b"0\r\n\r\n"
    async with connected(serving.port) as client:
        await client.send(head + body + request(target="/token/2", port=serving.port))
        first, second = await client.answer(), await client.answer()
    assert first.body.endswith(f"/token/1 {chunks}".encode())
    assert second.body.endswith(b"/token/2 0")


async def test_a_failure_is_a_500_and_the_connection_lives(serve: Serve) -> None:
    answers = iter([ZeroDivisionError()])

    def failing(message: RawRequestMessage, body: bytes) -> bytes:
        for error in answers:
            raise error
        return swift(message, body)

    serving = await serve(at_once=lambda _message: failing)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        answer = await client.answer()
        assert (answer.status, answer.header("x-amzn-ErrorType")) == (
            500,
            "InternalServerException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/",
        )
        await client.send(request(port=serving.port))
        assert (await client.answer()).status == 200
    assert [type(it) for it in serving.faults] == [ZeroDivisionError]


async def test_a_client_that_does_not_read_fills_no_memory(serve: Serve) -> None:
    handled = asyncio.Event()

    async def handler(_request: BaseRequest) -> StreamResponse:
        handled.set()
        return raw(b"late")

    answer = raw(b"x" * 2**20).whole
    serving = await serve(handler, at_once=lambda _message: lambda _again, _body: answer)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await until(lambda: serving.listener._live)
        (connection,) = serving.listener._live
        assert isinstance(connection, SwiftConnection)
        for _ in range(_MORE_THAN_SOCKETS_HOLD):
            seen = connection._request_count
            await client.send(request(port=serving.port))
            await until(partial(_has_more, connection, seen))
            if handled.is_set():
                break
        assert connection._wire is not None
        assert connection._wire.get_write_buffer_size() < 2 * len(answer)


def _has_more(connection: SwiftConnection, seen: int) -> bool:
    return connection._request_count > seen


async def test_a_connection_that_was_only_answered_at_once_is_closed_when_idle(
    serve: Serve,
) -> None:
    serving = await serve(at_once=for_tokens)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.answer()
        serving.pass_time(0)
        serving.pass_time(DEFAULT.idle_s - 1)
        assert serving.listener.open_connections == 1
        serving.pass_time(1)
        assert await client.rest() == b""


async def test_aiohttps_own_timer_hears_of_answers_at_once(serve: Serve) -> None:
    serving = await serve(at_once=for_tokens)
    async with connected(serving.port) as client:
        await client.send(request(target="/wait", port=serving.port))
        await client.answer()
        (connection,) = serving.listener._live
        connection._next_keepalive_close_time = 0.0
        await client.send(request(port=serving.port))
        await client.answer()
        assert connection._next_keepalive_close_time > 0


async def test_both_ways_give_the_same_bytes_and_the_same_record(world: World) -> None:
    sign_in = await world.sign_in()
    data = request(body=as_json(sign_in.body()), port=world.port)
    async with connected(world.port) as client:
        await client.send(data)
        at_once = await client.answer()
        await client.send(data[:-1])
        await until(lambda: world.server.listener.requests_count == 1)
        await client.send(data[-1:])
        by_handler = await client.answer()
    assert at_once.body == by_handler.body
    assert [it for it in at_once.headers if it[0] != "x-amzn-RequestId"] == [
        it for it in by_handler.headers if it[0] != "x-amzn-RequestId"
    ]
    first, second = world.exchanges()[-2:]
    assert second == first._replace(
        number=second.number, response_head=second.response_head, took_s=second.took_s
    )
