import asyncio
import logging
import socket
from contextlib import AsyncExitStack, ExitStack

import pytest
from aiohttp import http_parser, web
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.http import listener as listener_module
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.limits import Limits
from oidc_sim.server.http.listener import require_compiled_parser
from oidc_sim.wire.answers import ErrorTypeForm
from tests.server.conftest import Serve, Serving, raw
from tests.server.raw_http import RawClient, connected, exchange, request
from tests.waiting import until


class BugError(Exception):
    pass


async def test_a_thousand_failures_leave_the_connection_and_the_server_at_work(
    serve: Serve, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: BaseRequest) -> StreamResponse:
        await read_body(request)
        if request.raw_path == "/fine":
            return raw(b"fine")
        raise BugError("secret words")

    serving = await serve(handler)
    with caplog.at_level(logging.DEBUG):
        async with connected(serving.port) as client:
            for _ in range(1000):
                await client.send(request(body=b"{}", port=serving.port))
                answer = await client.answer()
                assert answer.status == 500
            await client.send(request("GET", "/fine", port=serving.port))
            assert (await client.answer()).body == b"fine"
    assert serving.listener.counts.faults == len(serving.faults) == 1000
    assert all(isinstance(it, BugError) for it in serving.faults)
    assert answer.json()["error"] == "server_error"
    assert answer.header("Connection") == "keep-alive"
    assert (answer.header("x-amzn-ErrorType") or "").startswith("InternalServerException:")
    assert b"secret words" not in answer.body
    assert capfd.readouterr() == ("", "")
    assert [it for it in caplog.records if it.name != "asyncio"] == []


FAILURES = [
    TimeoutError(),
    RecursionError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    LookupError("rot13"),
    web.HTTPFound("https://evil.example"),
    web.HTTPNotFound(),
    asyncio.InvalidStateError(),
    MemoryError(),
    AssertionError(),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda it: type(it).__name__)
async def test_whatever_a_handler_raises_the_client_gets_an_aws_shaped_500(
    serve: Serve, failure: Exception
) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        raise failure

    serving = await serve(handler)
    async with connected(serving.port) as client:
        for _ in range(2):
            await client.send(request(port=serving.port))
            answer = await client.answer()
            assert answer.status == 500
            assert answer.json()["error"] == "server_error"
            assert answer.header("Server") is None
            assert answer.header("Location") is None
    assert serving.faults == [failure, failure]


async def test_a_failure_in_the_middle_of_an_answer_ends_the_connection(serve: Serve) -> None:
    async def handler(request: BaseRequest) -> StreamResponse:
        response = StreamResponse()
        await response.prepare(request)
        await response.write(b"begun")
        raise BugError

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        rest = await client.rest()
    assert b"begun" in rest
    assert b"server_error" not in rest
    assert len(serving.faults) == 1


async def test_a_handler_that_returns_nothing_is_reported(serve: Serve) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        return None  # type: ignore[return-value]

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        assert (await client.answer()).status == 500
    assert len(serving.faults) == 1


async def test_a_client_that_leaves_cancels_its_handler(serve: Serve) -> None:
    at_work, cancelled = asyncio.Event(), asyncio.Event()

    async def handler(_: BaseRequest) -> StreamResponse:
        at_work.set()
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        raise AssertionError

    serving = await serve(handler)
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await at_work.wait()
    await asyncio.wait_for(cancelled.wait(), 10)
    assert serving.faults == []


async def test_a_foreign_host_gets_421_before_the_handler_runs(serve: Serve) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        raise AssertionError("the guard comes first")

    serving = await serve(handler)
    for target in ("/", "/token", "/_sim/health", "/_sim/state", "/nowhere", "/device?user_code=x"):
        for method in ("GET", "POST", "DELETE", "OPTIONS", "HEAD"):
            data = request(method, target, headers=("Host: evil.example",))
            async with connected(serving.port) as client:
                await client.send(data)
                answer = await client.answer(to_head=method == "HEAD")
            assert answer.status == 421
            if method != "HEAD":
                assert "--allow-host" in answer.json()["error_description"]
                assert b"evil" not in answer.body
    assert serving.faults == []
    assert {it.status for it in serving.refused} == {421}
    assert serving.listener.counts.requests_refused == len(serving.refused) == 30


async def test_an_allowed_host_is_served(serve: Serve) -> None:
    serving = await serve(allow_hosts=("*.amazonaws.com",))
    async with connected(serving.port) as client:
        await client.send(request(headers=("Host: oidc.us-east-1.amazonaws.com",)))
        assert (await client.answer()).status == 200


async def test_the_setting_error_type_reaches_refusals(serve: Serve) -> None:
    serving = await serve(error_type=ErrorTypeForm.BARE)
    answer, _ = await exchange(serving.port, request(headers=("Host: evil.example",)))
    assert answer.header("x-amzn-ErrorType") == "InvalidRequestException"


async def opened(serving: Serving, *, served: bool) -> RawClient:
    client = RawClient(*await asyncio.open_connection("127.0.0.1", serving.port))
    if served:
        await client.send(request(port=serving.port))
        assert (await client.answer()).status == 200
    return client


async def test_for_one_connection_too_many_the_idlest_is_closed(serve: Serve) -> None:
    """``ctl`` and pages get in while others only sit there."""
    full: list[None] = []
    serving = await serve(limits=Limits(max_connections=3), on_full=lambda: full.append(None))
    served = await opened(serving, served=True)
    silent = await opened(serving, served=False)
    begun = await opened(serving, served=False)
    await begun.send(b"POST /token HTTP/1.1\r\n")
    newcomers = []
    for closed in (silent, begun, served):
        newcomers.append(await opened(serving, served=True))
        assert await closed.rest() == b""
    assert serving.listener.open_connections == 3
    assert serving.listener.counts.connections_refused == len(full) == 3
    for client in (served, silent, begun, *newcomers):
        client.writer.close()


async def test_while_all_are_at_work_one_more_is_closed_at_once(serve: Serve) -> None:
    release = asyncio.Event()

    async def handler(_: BaseRequest) -> StreamResponse:
        await release.wait()
        return raw(b"late")

    serving = await serve(handler, limits=Limits(max_connections=3))
    working = [await opened(serving, served=False) for _ in range(3)]
    for client in working:
        await client.send(request(port=serving.port) + b"POST /begun")
    await until(lambda: serving.listener.requests_count == 3)
    for _ in range(5):
        async with connected(serving.port) as refused:
            assert await refused.rest() == b""
    assert serving.listener.counts.connections_refused == 5
    release.set()
    for client in working:
        assert (await client.answer()).body == b"late"
        client.writer.close()
    await until(lambda: serving.listener.open_connections == 0)
    async with connected(serving.port) as admitted:
        await admitted.send(request(port=serving.port))
        assert (await admitted.answer()).status == 200


async def test_many_may_connect_before_the_server_has_its_turn(serve: Serve) -> None:
    """Else the kernel drops some, and they try again a second later."""
    serving = await serve()
    with ExitStack() as clients:
        for _ in range(300):
            client = clients.enter_context(socket.socket())
            client.settimeout(0.5)
            client.connect(("127.0.0.1", serving.port))


async def test_three_thousand_idle_connections_do_not_disturb_a_working_one(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as working:
        await working.send(request(port=serving.port))
        await working.answer()
        idle = [await asyncio.open_connection("127.0.0.1", serving.port) for _ in range(3000)]
        for _ in range(10):
            await working.send(request(port=serving.port))
            assert (await working.answer()).status == 200
        assert serving.listener.open_connections <= serving.listener.limits.max_connections
        for _, writer in idle:
            writer.close()
    assert serving.listener.counts.connections_refused == 3001 - 512


async def test_stopping_ends_a_request_that_would_never_end(serve: Serve) -> None:
    at_work = asyncio.Event()

    async def handler(_: BaseRequest) -> StreamResponse:
        at_work.set()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    serving = await serve(handler, limits=Limits(stop_s=0.01))
    async with connected(serving.port) as client, connected(serving.port) as silent:
        await client.send(request(port=serving.port))
        await at_work.wait()
        await serving.listener.stop()
        assert await client.rest() == b""
        assert await silent.rest() == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", serving.port)
    assert serving.listener.open_connections == 0


async def test_stopping_drops_a_client_that_does_not_read(serve: Serve) -> None:
    async def handler(_: BaseRequest) -> StreamResponse:
        return raw(bytes(32 * 1024 * 1024))

    serving = await serve(handler, limits=Limits(stop_s=0.01))
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.reader.readuntil(b"\r\n\r\n")
        await serving.listener.stop()
        assert serving.listener.open_connections == 0


async def test_the_sweep_sleeps_while_nobody_is_connected(serve: Serve) -> None:
    serving = await serve()
    seen = [serving.listener.is_sweeping]
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port, headers=("Connection: close",)))
        await client.rest()
        seen.append(serving.listener.is_sweeping)
    serving.listener._tick()
    seen.append(serving.listener.is_sweeping)
    assert seen == [False, True, False]


async def test_the_sweep_goes_on_while_somebody_is_connected(serve: Serve) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(request(port=serving.port))
        await client.answer()
        serving.listener._tick()
        assert serving.listener.is_sweeping


async def test_the_sweep_looks_at_a_few_connections_at_a_time(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener_module, "SWEPT_AT_ONCE", 2)
    serving = await serve()
    async with AsyncExitStack() as stack:
        for _ in range(5):
            await stack.enter_async_context(connected(serving.port))
        await until(lambda: serving.listener.open_connections == 5)
        counts = serving.listener.counts
        serving.pass_time(20)
        assert counts.timed_out == 2
        await until(lambda: serving.listener.open_connections == 0)
        assert counts.timed_out == 5


def test_the_python_parser_is_not_used_unawares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_parser, "HttpRequestParser", http_parser.HttpRequestParserPy)
    monkeypatch.setattr(listener_module, "NO_EXTENSIONS", False)
    with pytest.raises(RuntimeError, match="AIOHTTP_NO_EXTENSIONS"):
        require_compiled_parser()
    monkeypatch.setattr(listener_module, "NO_EXTENSIONS", True)
    require_compiled_parser()
