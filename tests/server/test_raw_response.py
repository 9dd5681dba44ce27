"""What leaves the socket, byte for byte."""

import asyncio

import pytest
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http.listener import Handler
from oidc_sim.server.http.responses import RawResponse
from tests.server.conftest import Serve, raw
from tests.server.raw_http import connected, exchange, request

HEAD = (
    b"HTTP/1.1 400 Bad Request\r\nX-One: 1\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n"
)
BARE_HEAD = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n"
CLOSING = HEAD.replace(b"keep-alive", b"close")


def answering(
    head: bytes, body: bytes = b"{}", status: int = 400, *, closes: bool = False
) -> Handler:
    async def handler(_: BaseRequest) -> StreamResponse:
        return RawResponse(status, head, body, closes=closes)

    return handler


async def test_the_bytes_are_sent_as_they_are_and_the_connection_is_kept(serve: Serve) -> None:
    serving = await serve(answering(HEAD))
    async with connected(serving.port) as client:
        for _ in range(3):
            await client.send(request(port=serving.port))
            answer = await client.answer()
            assert answer.head + answer.body == HEAD + b"{}"


async def test_the_answer_leaves_in_one_write(serve: Serve) -> None:
    writes: list[bytes] = []

    async def handler(request: BaseRequest) -> StreamResponse:
        transport = request.transport
        assert transport
        write = transport.write

        def noting_write(data: bytes) -> None:
            writes.append(data)
            write(data)

        transport.write = noting_write  # type: ignore[method-assign, assignment]
        return RawResponse(400, HEAD, b"{}")

    serving = await serve(handler)
    await exchange(serving.port, request(port=serving.port, headers=("Connection: close",)))
    assert writes == [CLOSING + b"{}"]


@pytest.mark.parametrize(
    ("version", "headers"),
    [("1.1", ("Connection: close",)), ("1.0", ()), ("1.0", ("Connection: close",))],
)
async def test_an_answer_says_close_when_the_client_wants_no_further_request(
    serve: Serve, version: str, headers: tuple[str, ...]
) -> None:
    serving = await serve(answering(HEAD))
    data = request(port=serving.port, version=version, headers=headers)
    answer, rest = await exchange(serving.port, data)
    assert answer.head + answer.body == CLOSING + b"{}"
    assert rest == b""


async def test_http_1_0_is_kept_alive_when_it_asks(serve: Serve) -> None:
    serving = await serve(answering(HEAD))
    data = request(port=serving.port, version="1.0", headers=("Connection: keep-alive",))
    async with connected(serving.port) as client:
        for _ in range(2):
            await client.send(data)
            assert (await client.answer()).head == HEAD


async def test_an_answer_can_end_the_connection_itself(serve: Serve) -> None:
    serving = await serve(answering(HEAD, closes=True))
    answer, rest = await exchange(serving.port, request(port=serving.port))
    assert answer.head == CLOSING
    assert rest == b""


async def test_close_is_added_to_a_head_that_says_nothing_about_it(serve: Serve) -> None:
    serving = await serve(answering(BARE_HEAD, closes=True))
    answer, _ = await exchange(serving.port, request(port=serving.port))
    assert answer.head == BARE_HEAD[:-2] + b"Connection: close\r\n\r\n"


async def test_text_in_the_body_is_not_taken_for_the_head(serve: Serve) -> None:
    body = b"x\r\nConnection: keep-alive\r\n"
    head = BARE_HEAD.replace(b"2", str(len(body)).encode())
    serving = await serve(answering(head, body, closes=True))
    answer, _ = await exchange(serving.port, request(port=serving.port))
    assert answer.body == body


async def test_head_gets_the_head_alone(serve: Serve) -> None:
    serving = await serve(answering(HEAD))
    async with connected(serving.port) as client:
        for _ in range(2):
            await client.send(request("HEAD", port=serving.port))
            assert (await client.answer(to_head=True)).head == HEAD


@pytest.mark.parametrize("status", [204, 304])
async def test_a_status_without_body_gets_none(serve: Serve, status: int) -> None:
    head = f"HTTP/1.1 {status} X\r\n\r\n".encode()
    serving = await serve(answering(head, b"nothing", status=status))
    async with connected(serving.port) as client:
        for _ in range(2):
            await client.send(request(port=serving.port))
            assert (await client.answer()).head == head


async def test_pipelined_requests_are_answered_in_order(serve: Serve) -> None:
    async def handler(request: BaseRequest) -> StreamResponse:
        return raw(request.raw_path.encode())

    serving = await serve(handler)
    paths = [f"/{number}" for number in range(100)]
    async with connected(serving.port) as client:
        await client.send(b"".join(request("GET", it, port=serving.port) for it in paths))
        assert [(await client.answer()).body.decode() for _ in paths] == paths


async def test_the_writer_waits_for_a_client_that_reads_slowly(serve: Serve) -> None:
    size = 32 * 1024 * 1024
    finished = asyncio.Event()

    class Watched(RawResponse):
        async def write_eof(self, data: bytes = b"") -> None:
            finished.set()
            await super().write_eof(data)

    async def handler(_: BaseRequest) -> StreamResponse:
        body = bytes(size)
        return Watched(200, raw(body)._head, body)

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.reader.readuntil(b"\r\n\r\n")
        assert not finished.is_set()
        assert len(await client.reader.readexactly(size)) == size
        await asyncio.wait_for(finished.wait(), 10)


async def test_a_client_that_has_gone_is_no_fault_of_ours(serve: Serve) -> None:
    gone = asyncio.Event()
    raised: list[BaseException] = []

    async def handler(request: BaseRequest) -> StreamResponse:
        transport = request.transport
        assert transport
        transport.abort()
        try:
            await RawResponse(400, HEAD, b"{}").prepare(request)
        except ConnectionError as error:
            raised.append(error)
            raise
        finally:
            gone.set()
        return raw(b"sent into the void")

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await asyncio.wait_for(gone.wait(), 10)
        assert await client.rest() == b""
    assert len(raised) == 1
    assert serving.faults == []


async def test_a_response_is_sent_once(serve: Serve) -> None:
    async def handler(request: BaseRequest) -> StreamResponse:
        response = RawResponse(400, HEAD, b"{}")
        before = response.prepared
        await response.prepare(request)
        assert (before, response.prepared) == (False, True)
        assert response.body_length == len(CLOSING) + 2
        return response

    serving = await serve(handler)
    data = request(port=serving.port, headers=("Connection: close",))
    answer, rest = await exchange(serving.port, data)
    assert answer.body == b"{}"
    assert rest == b""


async def test_aiohttp_reads_what_came_of_it_by_public_names() -> None:
    response = RawResponse(200, HEAD, closes=True)
    assert (response.keep_alive, response.prepared, response.body_length) == (False, False, 0)
    response = RawResponse(200, HEAD)
    assert response.keep_alive is None
    response.force_close()
    assert response.keep_alive is False
