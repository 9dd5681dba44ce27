"""A response that is bytes already: head and body leave in one write.

By hand because ``web.Response`` builds a header map, adds Date, Server and Content-Type of its own,
and serialises all of it for each answer; that is the dearest part of an aiohttp request, and AWS's
answers have to be the same to the last byte anyway (wire.md#9). What the caller gives is
sent as it is, but for three things which depend on the connection: ``Connection: close`` when it
will be closed, no body after HEAD, and no body with a status that has none.

This is the only file that touches private attributes of aiohttp's response: ``_keep_alive``,
``_eof_sent`` and ``_body_length``, which aiohttp's request loop reads through public properties.
``tests/server/test_raw_response.py`` fails when aiohttp changes them.
"""

from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_exceptions import ClientConnectionResetError
from aiohttp.http_writer import StreamWriter
from aiohttp.web import BaseRequest, StreamResponse

_KEEP = b"\r\nConnection: keep-alive\r\n"
_CLOSE = b"\r\nConnection: close\r\n"
_BODILESS = frozenset({204, 304})


class RawResponse(StreamResponse):
    """An answer whose bytes are ready.

    ``headers`` stays empty: the head is bytes, and nothing may be added to it.
    """

    def __init__(
        self, status: int, head: bytes, body: bytes = b"", *, closes: bool = False
    ) -> None:
        """Take the bytes.

        Args:
            status: as in the head; decides whether a body may follow.
            head: status line and header lines, with the blank line that ends them. It says
                ``Connection: keep-alive`` or nothing about the connection.
            body: what the head's Content-Length announces.
            closes: the connection ends with this answer.
        """
        super().__init__(status=status)
        self._head = head
        self._content = body
        if closes:
            self._keep_alive = False

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
        if self._eof_sent:
            return None
        writer = request.writer
        if self._keep_alive is None:
            self._keep_alive = request.keep_alive
        self._send(request, writer)
        if request.protocol.writing_paused:
            assert isinstance(writer, StreamWriter)  # noqa: S101 - narrows the abstract type
            await writer.drain()
        return writer

    def _send(self, request: BaseRequest, writer: AbstractStreamWriter) -> None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ClientConnectionResetError("Cannot write to closing transport")
        head = self._head if self._keep_alive else _closing(self._head)
        has_body = request.method != "HEAD" and self.status not in _BODILESS
        data = head + self._content if has_body else head
        self._eof_sent = True
        self._body_length = writer.output_size = len(data)
        transport.write(data)

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing: ``prepare`` has sent all of it."""


def _closing(head: bytes) -> bytes:
    if _KEEP in head:
        return head.replace(_KEEP, _CLOSE, 1)
    return head[:-2] + _CLOSE[2:] + b"\r\n"
