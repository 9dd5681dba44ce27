"""What is no proper request: one table of bytes, and what each gets (T-30)."""

import pytest
from aiohttp.helpers import NO_EXTENSIONS

from tests.server.conftest import Serve
from tests.server.raw_http import connected, exchange, request

OWN = b"Host: 127.0.0.1:PORT\r\n"
START = b"POST /token HTTP/1.1\r\n"
BODY = b"Content-Length: 2\r\n\r\n{}"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"

REFUSED = {
    "content-length and transfer-encoding": (
        START + OWN + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN
    ),
    "transfer-encoding and content-length": (
        START + OWN + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n" + HIDDEN
    ),
    "two content-lengths": START
    + OWN
    + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
    + HIDDEN,
    "two equal content-lengths": START + OWN + b"Content-Length: 2\r\n" + BODY + HIDDEN,
    "a list as content-length": START + OWN + b"Content-Length: 2, 2\r\n\r\n{}" + HIDDEN,
    "a negative content-length": START + OWN + b"Content-Length: -2\r\n\r\n{}",
    "a signed content-length": START + OWN + b"Content-Length: +2\r\n\r\n{}",
    "a hexadecimal content-length": START + OWN + b"Content-Length: 0x2\r\n\r\n{}",
    "an empty content-length": START + OWN + b"Content-Length:\r\n\r\n{}",
    "an unknown transfer-encoding": START + OWN + b"Transfer-Encoding: x\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked not last": (
        START + OWN + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN
    ),
    "two transfer-encodings": (
        START
        + OWN
        + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        + HIDDEN
    ),
    "two hosts": START + OWN + OWN + BODY,
    "two hosts, one foreign": START + OWN + b"Host: evil.example\r\n" + BODY,
    "no host": START + BODY,
    "an obs-fold": START + OWN + b"X-Folded: one\r\n two\r\n" + BODY,
    "a folded content-length": START + OWN + b"Content-Length:\r\n 2\r\n\r\n{}",
    "a blank before the colon": START + OWN + b"X-Blank : 1\r\n" + BODY,
    "a blank before the first field": START + b" X: 1\r\n" + OWN + BODY,
    "a field without a name": START + OWN + b": 1\r\n" + BODY,
    "a field without a colon": START + OWN + b"X-Nothing\r\n" + BODY,
    "bare LF": START.replace(b"\r", b"") + OWN.replace(b"\r", b"") + b"\n",
    "bare LF after one field": START + OWN + b"X: 1\n" + BODY,
    "bare CR in a value": START + OWN + b"X: a\rb\r\n" + BODY,
    "NUL in a value": START + OWN + b"X: a\x00b\r\n" + BODY,
    "ESC in user-agent": START + OWN + b"User-Agent: \x1b]52;c;x\x07\r\n" + BODY,
    "a header of 9,000 bytes": START + OWN + b"X: " + b"x" * 9000 + b"\r\n" + BODY,
    "a header name of 9,000 bytes": START + OWN + b"x" * 9000 + b": 1\r\n" + BODY,
    "a target of 9,000 bytes": b"POST /" + b"x" * 9000 + b" HTTP/1.1\r\n" + OWN + BODY,
    "200 headers": START + OWN + b"".join(b"X-%d: 1\r\n" % it for it in range(200)) + BODY,
    "the h2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version in lower case": b"GET / http/1.1\r\n" + OWN + b"\r\n",
    "no target": b"GET  HTTP/1.1\r\n" + OWN + b"\r\n",
    "a blank in the target": b"GET /a b HTTP/1.1\r\n" + OWN + b"\r\n",
    "a method that is no token": b"GE(T / HTTP/1.1\r\n" + OWN + b"\r\n",
    "a chunk size that is no number": (
        START + OWN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
    ),
    "a chunk size with a sign": (
        START + OWN + b"Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n"
    ),
    "a chunk that is longer than it says": (
        START + OWN + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n"
    ),
    "random bytes": bytes(range(128, 256)) + b"\r\n\r\n",
}
# What aiohttp's Python parser takes, or waits for the rest of.
REFUSED_BY_COMPILED_PARSER = {
    "HTTP/9.9": b"GET / HTTP/9.9\r\n" + OWN + b"\r\n",
    "a huge content-length": START + OWN + b"Content-Length: " + b"9" * 100 + b"\r\n\r\n{}",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32),
}
if not NO_EXTENSIONS:
    REFUSED |= REFUSED_BY_COMPILED_PARSER
compiled_parser_only = pytest.mark.skipif(NO_EXTENSIONS, reason="the Python parser is in use")


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_no_proper_request_gets_400_and_the_connection_ends(
    serve: Serve,
    data: bytes,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    serving = await serve()
    answer, rest = await exchange(serving.port, data.replace(b"PORT", str(serving.port).encode()))
    assert answer.status == 400
    assert answer.header("Connection") == "close"
    assert rest == b""
    assert answer.header("Server") is None
    assert answer.header("Content-Type") == "application/json"
    assert (answer.header("x-amzn-ErrorType") or "").startswith("InvalidRequestException")
    assert set(answer.json()) == {"error", "error_description", "reason"}
    assert serving.faults == []
    assert capfd.readouterr() == ("", "")
    assert [it for it in caplog.records if it.name != "asyncio"] == []


@compiled_parser_only
async def test_a_client_that_speaks_tls_is_told_so(serve: Serve) -> None:
    serving = await serve()
    answer, _ = await exchange(serving.port, REFUSED["a TLS hello"])
    assert "http://" in answer.json()["error_description"]


MISDIRECTED = {
    "a foreign host": START + b"Host: evil.example\r\n" + BODY,
    "an empty host": START + b"Host:\r\n" + BODY,
    "a host with user": START + b"Host: x@127.0.0.1:PORT\r\n" + BODY,
    "a rebinding host": START + b"Host: 127.0.0.1.nip.io:PORT\r\n" + BODY,
    "a host with a final dot": START + b"Host: localhost.:PORT\r\n" + BODY,
    "a host of another port": START + b"Host: 127.0.0.1:1\r\n" + BODY,
    "a foreign absolute target": b"POST http://evil.example/token HTTP/1.1\r\n" + OWN + BODY,
    "an own absolute target, foreign host": (
        b"POST http://127.0.0.1:PORT/token HTTP/1.1\r\nHost: evil.example\r\n" + BODY
    ),
    "HTTP/1.0 without host": b"GET /token HTTP/1.0\r\n\r\n",
    "invalid UTF-8 in host": START + b"Host: \xff\r\n" + BODY,
}


@pytest.mark.parametrize("data", MISDIRECTED.values(), ids=MISDIRECTED.keys())
async def test_a_request_for_another_host_gets_421_and_the_connection_ends(
    serve: Serve, data: bytes
) -> None:
    serving = await serve()
    answer, rest = await exchange(serving.port, data.replace(b"PORT", str(serving.port).encode()))
    assert answer.status == 421
    assert answer.header("Connection") == "close"
    assert rest == b""


SERVED = {
    "an own absolute target": b"POST http://127.0.0.1:PORT/token HTTP/1.1\r\n" + OWN + BODY,
    "invalid UTF-8 in user-agent": START + OWN + b"User-Agent: \xff\xfe\r\n" + BODY,
    "C1 and bidi in user-agent": START + OWN + b"User-Agent: \xc2\x9b\xe2\x80\xae\r\n" + BODY,
    "a blank after the host": START + b"Host: 127.0.0.1:PORT \t\r\n" + BODY,
    "an empty line first": b"\r\n" + START + OWN + BODY,
    "an unknown method": b"PROPFIND /token HTTP/1.1\r\n" + OWN + BODY,
    "a header of 8,000 bytes": START + OWN + b"X: " + b"x" * 8000 + b"\r\n" + BODY,
    "120 headers": START + OWN + b"".join(b"X-%d: 1\r\n" % it for it in range(120)) + BODY,
    "an upgrade that nobody wants": (
        START + OWN + b"Connection: upgrade\r\nUpgrade: websocket\r\n" + BODY
    ),
    "an upgrade to h2c": (
        START + OWN + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n" + BODY
    ),
}


@pytest.mark.parametrize("data", SERVED.values(), ids=SERVED.keys())
async def test_what_is_odd_but_proper_is_served_and_the_connection_is_kept(
    serve: Serve, data: bytes
) -> None:
    serving = await serve()
    async with connected(serving.port) as client:
        await client.send(data.replace(b"PORT", str(serving.port).encode()))
        assert (await client.answer()).status == 200
        await client.send(request("GET", "/again", port=serving.port))
        assert (await client.answer()).body == b"GET /again 0"


@compiled_parser_only
async def test_a_tunnel_is_no_way_in(serve: Serve) -> None:
    serving = await serve()
    data = b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"
    answer, rest = await exchange(serving.port, data)
    assert answer.status == 421
    assert rest == b""


async def test_http_0_9_is_no_way_in(serve: Serve) -> None:
    serving = await serve()
    answer, rest = await exchange(serving.port, b"GET /\r\n\r\n")
    assert answer.status in {400, 421, 505}
    assert rest == b""


@pytest.mark.parametrize(("version", "status"), [("2.0", 505), ("0.9", 505), ("1.0", 200)])
async def test_a_version_that_is_not_spoken_here_gets_505(
    serve: Serve, version: str, status: int
) -> None:
    serving = await serve()
    answer, _ = await exchange(serving.port, request(port=serving.port, version=version))
    assert answer.status == status
    assert answer.header("Connection") in {"close", "keep-alive" if status == 200 else None}
