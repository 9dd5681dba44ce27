"""Everything that uses aiohttp's private parts, with a check that they are there and a way without.

``RequestHandler`` has no public way to tell a half-sent head from an idle connection, nor to answer a
request without a coroutine of its own, which costs as much as the whole answer to a poll. So this
connection reads what aiohttp keeps. An aiohttp that lacks any of it gets the public ``Connection``, which
knows a request only from when its handler is called: an honest client gets the same answers, each takes
longer, and the deadlines hold. A head of more than 64 KiB is then bounded by aiohttp alone, and a body that
breaks its framing ends by its deadline.
"""

from typing import Any, Final

import aiohttp
from aiohttp import web, web_protocol
from aiohttp.http_parser import HttpRequestParser, RawRequestMessage
from aiohttp.streams import StreamReader

from oidc_sim.server.http import body
from oidc_sim.server.http.body import RefusedError
from oidc_sim.server.http.connection import Connection, Stage
from oidc_sim.server.http.limits import READ_BUFFER_BYTES

PIECE_BYTES = 4096
"""Real requests are shorter, and are parsed in one go."""
OF_CONNECTIONS = (
    "_current_request",
    "_keepalive_timeout",
    "_loop",
    "_messages",
    "_next_keepalive_close_time",
    "_parser",
    "_request_count",
    "_waiter",
)
NEEDED: Final = (
    *((web.RequestHandler, name) for name in OF_CONNECTIONS),
    (web_protocol, "_ErrInfo"),
    (HttpRequestParser, "message_consumed"),
)
_ErrInfo: Any = getattr(web_protocol, "_ErrInfo", None)


class SwiftConnection(Connection):
    """A connection that answers from within the parser where that is possible."""

    __slots__ = ("_seen_idle",)

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self._seen_idle = 0

    def data_received(self, data: bytes) -> None:
        """Feed aiohttp's parser, and answer at once what can be.

        aiohttp wakes a coroutine for each request, which makes a task for it: for an answer that waits
        for nothing that is as dear as the answer itself. So here the coroutine sleeps on until it is
        needed. aiohttp calls this again from within, when a body is read: that call only parses.
        """
        waiter, self._waiter = self._waiter, None
        try:
            if data and (self._part or waiter is None or len(data) > PIECE_BYTES):
                self._parse_in_pieces(data, is_busy=waiter is None)
            elif self._parser is not None:
                self._parse(data)
            if self._messages and waiter is not None and not waiter.done():
                self._answer_at_once()
        finally:
            self._waiter = waiter
        if self._messages and waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _parse(self, data: bytes) -> None:
        """Feed aiohttp's parser, and note what the client still owes."""
        seen = self._request_count
        web.RequestHandler.data_received(self, data)
        if self._request_count != seen:
            self._note_request(self._messages[-1][1], len(data))
        else:
            self._note_piece(data)

    def _parse_in_pieces(self, data: bytes, *, is_busy: bool) -> None:
        """Feed long or partial data in pieces, since the parser does not say how much it has kept.

        Where a piece ends a request, bytes that follow in the same piece are not counted.
        """
        head_bytes, at = self._listener.limits.head_bytes, 0
        while self._parser is not None:
            size = PIECE_BYTES
            if self._stage is Stage.HEAD:
                size = min(size, head_bytes - self._part)
                if size <= 0 and at < len(data):
                    self._refuse_head()
                    return
            piece, seen = data[at : at + size], self._request_count
            self._parse(piece)
            if self._request_count != seen:
                if isinstance(self._messages[-1][0], _ErrInfo):
                    self._parser = None  # nothing that follows can be understood
                if is_busy or len(self._messages) > 1:
                    self._keep(self._kept + len(piece))  # it waits behind another one
            at += size
            if at >= len(data):
                break
        self.begin()

    def begin(self, request: web.BaseRequest | None = None) -> None:  # noqa: ARG002 - aiohttp knows it
        """Note that a request is at work: its bytes are not unfinished any more."""
        if self._kept and self._stage is Stage.SERVED and not self._messages:
            self._keep(0)

    def _refuse_head(self) -> None:
        """Answer 431 when it is this request's turn, and drop the bytes that came of it.

        Later bytes are dropped unread until the client has its answer and leaves, or for as long as a
        body may take: a connection that is closed before that takes the answer with it.
        """
        self._parser = None
        self._request_count += 1
        self._payload = StreamReader(self, READ_BUFFER_BYTES, loop=self._loop)
        refused = RefusedError(body.HEAD_TOO_LARGE)
        self._messages.append((_ErrInfo(refused.problem.status, refused, ""), self._payload))
        self._wait_for(Stage.BODY)
        self._keep(0)

    def _answer_at_once(self) -> None:
        """Answer the request that came first, if nothing has to be waited for."""
        message, payload = self._messages[0]
        transport = self.transport
        if transport is None or self.writing_paused:
            return
        if not isinstance(message, RawRequestMessage):  # it is what the parser refused
            return
        if not self._listener.can_answer_at_once(message, payload):
            return
        self._messages.popleft()
        self.begin()
        if self._parser is not None:
            self._parser.message_consumed()
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        transport.write(self._listener.answer_at_once(message, payload.read_nowait()))

    def _note_request(self, payload: StreamReader, size: int) -> None:
        if self._stage is Stage.BODY:
            self._give_up_body()
        self._part = 0
        if payload.is_eof():
            self._stage = Stage.SERVED
        else:
            self._payload = payload
            self._wait_for(Stage.BODY)
            self._note_more(size)

    def _note_piece(self, data: bytes) -> None:
        if self._stage is Stage.BODY:
            if self._payload.is_eof():
                self._stage = Stage.SERVED
                self._part = 0
                self.begin()
                return
        elif data and self._stage is not Stage.HEAD:
            self._wait_for(Stage.HEAD)
        if data:
            self._note_more(len(data))

    def _give_up_body(self) -> None:
        """End a body that the parser gave up in the middle, which aiohttp leaves open for ever."""
        if not self._payload.is_eof():
            self._payload.set_exception(RefusedError(body.NOT_HTTP))

    def log_access(self, *_: Any) -> None:
        """Do nothing: aiohttp itself says whether a request is at work."""

    @property
    def _at_work(self) -> web.BaseRequest | None:
        return self._current_request

    @property
    def _is_between(self) -> bool:
        return self._waiter is not None or not self._request_count

    @property
    def is_idle(self) -> bool:
        """True if it has its answers, and nothing more has come of it."""
        is_waiting = self._waiter is not None and not self._waiter.done()
        return self._stage is Stage.SERVED and is_waiting and not self._messages

    def _idle_s(self, now: float) -> float:
        """Return for how long no request has come or been at work, as far as sweeps can tell."""
        if self._waiter is None or self._request_count != self._seen_idle:
            self._seen_idle = self._request_count
            self._idle_since = now
        return now - self._idle_since

    def _end_body(self) -> None:
        """Break the body off; later bytes, which are the rest of it, are not parsed."""
        self._parser = None
        super()._end_body()


def missing() -> list[str]:
    """Return the private names that this aiohttp lacks."""
    return [name for owner, name in NEEDED if not hasattr(owner, name)]


def notes() -> list[str]:
    """Return a sentence for the person whose aiohttp is not as expected, or nothing."""
    lacks = ", ".join(missing())
    why = f"aiohttp {aiohttp.__version__} is not as known ({lacks}): answers are right, but slower"
    return [why] if lacks else []


def fitting() -> type[Connection]:
    """Return the class of connection that the listener makes for each client."""
    return Connection if missing() else SwiftConnection


CONNECTION = fitting()
