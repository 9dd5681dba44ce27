"""Responses that send themselves: bytes that are ready, in one write, and a fault's plan, step by step.

By hand because ``web.Response`` builds a header map, adds Date, Server and Content-Type of its own,
and serialises all of it for each answer; that is the dearest part of an aiohttp request, and AWS's
answers have to be the same to the last byte anyway (wire.md#9). What the caller gives is
sent as it is, but for three things which depend on the connection: ``Connection: close`` when it
will be closed, no body after HEAD, and no body with a status that has none.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_exceptions import ClientConnectionResetError
from aiohttp.http_writer import StreamWriter
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.faults.steps import End, How, Pause, Plan, Send
from oidc_sim.server.http.sockets import linger_not
from oidc_sim.wire.http import Response

_KEEP = b"\r\nConnection: keep-alive\r\n"
_CLOSE = b"\r\nConnection: close\r\n"
_BODILESS = frozenset({204, 304})


class SelfSent(StreamResponse):
    """A response that sends itself in ``prepare``; aiohttp's request loop reads the result from it."""

    def __init__(self, status: int) -> None:
        super().__init__(status=status)
        self._stays: bool | None = None
        self._sent_bytes: int | None = None

    @property
    def keep_alive(self) -> bool | None:
        """True if the connection stays; None until that is known."""
        return self._stays

    def force_close(self) -> None:
        """Let the connection end with this answer."""
        self._stays = False

    @property
    def prepared(self) -> bool:
        """True once it has been sent."""
        return self._sent_bytes is not None

    @property
    def body_length(self) -> int:
        """The number of bytes that have been sent."""
        return self._sent_bytes or 0

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing: ``prepare`` has sent all of it."""


class RawResponse(SelfSent):
    """An answer whose bytes are ready.

    ``headers`` stays empty: the head is bytes, and nothing may be added to it.
    """

    def __init__(
        self, status: int, head: bytes, body: bytes = b"", *, closes: bool = False
    ) -> None:
        """Take the bytes; with ``closes`` the connection ends after them.

        ``head`` ends with its blank line, announces the body's length, and says
        ``Connection: keep-alive`` or nothing about the connection.
        """
        super().__init__(status)
        self._head = head
        self._content = body
        if closes:
            self._stays = False

    @classmethod
    def of(cls, response: Response) -> "RawResponse":
        """Take the bytes of a response that is in parts."""
        return cls(response.status, response.head, response.body)

    @property
    def head(self) -> bytes:
        """The head as the caller gave it."""
        return self._head

    @property
    def content(self) -> bytes:
        """The body as the caller gave it."""
        return self._content

    @property
    def whole(self) -> bytes:
        """All the bytes, for a connection that stays."""
        return self._head + self._content

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Send everything.

        Raises:
            ConnectionError: the client has gone. aiohttp's loop takes that as the end.
        """
        if self._sent_bytes is not None:
            return None
        writer = request.writer
        if self._stays is None:
            self._stays = request.keep_alive
        self._send(request, writer)
        if request.protocol.writing_paused:
            assert isinstance(writer, StreamWriter)  # noqa: S101 - narrows the abstract type
            await writer.drain()
        return writer

    def _send(self, request: BaseRequest, writer: AbstractStreamWriter) -> None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ClientConnectionResetError("Cannot write to closing transport")
        head = self._head if self._stays else _closing(self._head)
        has_body = request.method != "HEAD" and self.status not in _BODILESS
        data = head + self._content if has_body else head
        self._sent_bytes = writer.output_size = len(data)
        transport.write(data)


def _closing(head: bytes) -> bytes:
    if _KEEP in head:
        return head.replace(_KEEP, _CLOSE, 1)
    return head[:-2] + _CLOSE[2:] + b"\r\n"


SELF = "'self'"
_NEVER_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def page_policy(*form_targets: str) -> str:
    """A page's Content-Security-Policy: no script, no frame, nothing from elsewhere (T-13, T-14).

    Args:
        form_targets: Origins that an answer to the page's form may redirect to. Chromium holds
            redirects to ``form-action`` too (CSP 3, section 6.4.1, leaves it open).
    """
    return (
        f"default-src 'none'; style-src 'self'; form-action {' '.join((SELF, *form_targets))}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


PAGE_HEADERS = {
    "Content-Security-Policy": page_policy(),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""T-13 and T-14. A browser then sends ``Origin: null`` with our own form (Fetch standard,
"append a request Origin header"), which ``browser_check`` knows.
"""


def json_reply(
    status: int, members: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> RawResponse:
    """Answer with JSON in ASCII, for programs and for terminals that show it."""
    return encoded_json_reply(status, json.dumps(members).encode(), headers)


def encoded_json_reply(
    status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> RawResponse:
    """Answer with what is JSON in ASCII already."""
    return _reply(status, "application/json", body + b"\n", headers or {})


def html_reply(status: int, html: str, headers: Mapping[str, str] | None = None) -> RawResponse:
    """Answer with a page; ``headers`` come on top of the strict ones."""
    body = html.encode("utf-8", "backslashreplace")
    return _reply(status, "text/html; charset=utf-8", body, {**PAGE_HEADERS, **(headers or {})})


def redirect_reply(
    status: int, location: str, headers: Mapping[str, str] | None = None
) -> RawResponse:
    """Send the browser on, without a referrer; ``location`` is ASCII."""
    lines = {"Location": location, "Referrer-Policy": "no-referrer", **(headers or {})}
    return _reply(status, "text/plain; charset=utf-8", b"", lines)


def css_reply(css: bytes) -> RawResponse:
    """Answer with the pages' one style sheet."""
    return _reply(200, "text/css; charset=utf-8", css, {})


def stream_start(content_type: str) -> RawResponse:
    """Begin an answer that goes on until one side closes the connection."""
    return RawResponse(200, _head(200, {"Content-Type": content_type}), closes=True)


def _reply(status: int, content_type: str, body: bytes, headers: Mapping[str, str]) -> RawResponse:
    lines = {
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
        **headers,
    }
    return RawResponse(status, _head(status, lines), body)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = {"Date": formatdate(usegmt=True), **headers, **_NEVER_STORED}
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    return head.encode("ascii")


Sleep = Callable[[float], Awaitable[object]]


class Delivery(SelfSent):
    """A fault's plan as a response, sent byte for byte and pause for pause.

    A client that leaves and a server that stops cancel it like any handler; that is no failure of ours.
    """

    def __init__(self, plan: Plan, status: int = 200, sleep: Sleep = asyncio.sleep) -> None:
        """Take a plan that ends with an ``End``; ``status`` is for aiohttp alone, not sent."""
        super().__init__(status)
        self._plan = plan
        self._sleep = sleep
        self._sent = 0

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Take every step.

        Raises:
            ConnectionError: the client has gone, or the plan has reset the connection.
        """
        if self.prepared:
            return None
        for step in self._plan:
            await self._take(step, request)
        self._sent_bytes = request.writer.output_size = self._sent
        return request.writer

    async def _take(self, step: Send | Pause | End, request: BaseRequest) -> None:
        match step:
            case Send(data):
                self._send(data, request)
                await request.writer.drain()
            case Pause(seconds):
                await self._sleep(seconds)
            case End(how):
                await self._end(how, request)

    def _send(self, data: bytes, request: BaseRequest) -> None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ClientConnectionResetError("the client has gone")
        self._sent += len(data)
        transport.write(data)

    async def _end(self, how: How, request: BaseRequest) -> None:
        if how is How.NEVER:
            await asyncio.get_running_loop().create_future()
        if how is How.RESET:
            reset(request)
        self._stays = how is How.KEEP and request.keep_alive


def reset(request: BaseRequest) -> None:
    """End the connection with RST.

    Raises:
        ClientConnectionResetError: Always; aiohttp's loop takes it as the end.
    """
    if (transport := request.transport) is not None:
        linger_not(transport)
        transport.abort()
    raise ClientConnectionResetError("a fault has reset the connection")
