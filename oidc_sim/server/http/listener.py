"""The server below the routes: accepts connections, guards them, and lets no failure out.

``web.Server`` with one handler coroutine rather than ``web.Application``: the Host guard has to run
before routing and on every path, AWS answers unknown paths itself, and the router would cost
7 microseconds of a poll's 42. The rest of ``Application`` is in ``body`` (limits, expectations,
refusals) and ``routes`` (the table).

It must never: log, show a traceback, let a request in that names another host, or keep a client
without a deadline.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from socket import socket
from typing import Any

from aiohttp import HttpVersion10, HttpVersion11, hdrs, http_parser, web
from aiohttp.helpers import NO_EXTENSIONS
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader

from oidc_sim.server.http import body as refusals
from oidc_sim.server.http.aiohttp_private import CONNECTION
from oidc_sim.server.http.body import RefusedError
from oidc_sim.server.http.connection import Connection
from oidc_sim.server.http.guard import SEC_FETCH_SITE, HostGuard
from oidc_sim.server.http.limits import (
    DEFAULT,
    READ_BUFFER_BYTES,
    Limits,
    Unfinished,
    give_back_memory,
)
from oidc_sim.server.http.routes import AtOnce
from oidc_sim.wire.answers import ErrorTypeForm
from oidc_sim.wire.errors import Problem

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_VERSIONS = (HttpVersion11, HttpVersion10)
SWEPT_AT_ONCE = 500
"""Connections; half a millisecond."""


@dataclass(slots=True)
class Counts:
    """Counts what the transport has done by itself since it started.

    Attributes:
        connections_refused: closed because there were too many, mostly idle ones to let others in.
        requests_refused: answered without a handler.
        timed_out: closed for a deadline.
        faults: failures of ours.
    """

    connections_refused: int = 0
    requests_refused: int = 0
    timed_out: int = 0
    faults: int = 0


class Listener(web.Server):
    """A server for one handler."""

    def __init__(
        self,
        handler: Handler,
        guard: HostGuard,
        *,
        limits: Limits = DEFAULT,
        error_type: ErrorTypeForm = ErrorTypeForm.FULL,
        clock: Callable[[], float] | None = None,
        on_fault: Callable[[BaseException], object] = lambda _: None,
        on_refusal: Callable[[web.BaseRequest, Problem], object] = lambda *_: None,
        on_full: Callable[[], object] = lambda: None,
        at_once: Callable[[RawRequestMessage], AtOnce | None] = lambda _: None,
        may_be_encoded: Callable[[web.BaseRequest], bool] = lambda _: False,
    ) -> None:
        """Make a server; a running loop is needed, and aiohttp's compiled parser (T-30).

        Args:
            handler: answers every request that passes the guard. It may raise ``RefusedError``.
            guard: the names that are served.
            limits: the bounds of connections and requests.
            error_type: how ``x-amzn-ErrorType`` is written.
            clock: monotonic seconds; the loop's own by default.
            on_fault: called with what a handler raised; the client got a 500.
            on_refusal: called with what was refused; the request is a stand-in if it was no HTTP.
            on_full: called whenever there are more connections than there may be.
            at_once: finds what can answer a request without the handler.
            may_be_encoded: true for a request with Content-Encoding that the handler is to refuse.
        """
        require_compiled_parser()
        super().__init__(self._serve, handler_cancellation=True)
        self._turns = asyncio.get_running_loop()
        self.limits = limits
        self.counts = Counts()
        self.now = clock or self._turns.time
        self._error_type = error_type
        self._handler = handler
        self._guard = guard
        self._on_fault, self._on_refusal, self._on_full = on_fault, on_refusal, on_full
        self._at_once, self._may_be_encoded = at_once, may_be_encoded
        self.unfinished = Unfinished(limits.unfinished_bytes, give_back_memory)
        self._live: dict[Connection, None] = {}
        """Oldest first."""
        self._servers: list[asyncio.Server] = []
        self._timer: asyncio.TimerHandle | None = None
        self._options = self._connection_options()

    def _connection_options(self) -> dict[str, Any]:
        return {
            "loop": self._turns,
            "access_log": None,
            "auto_decompress": False,
            "max_line_size": self.limits.line_bytes,
            "max_field_size": self.limits.field_bytes,
            "max_headers": self.limits.max_headers,
            "read_bufsize": READ_BUFFER_BYTES,
        }

    def __call__(self) -> Connection:
        """Make the protocol of one accepted connection."""
        return CONNECTION(self, **self._options)

    async def open(self, sockets: Iterable[socket]) -> None:
        """Accept connections on sockets that are bound."""
        for sock in sockets:
            server = await self._turns.create_server(self, sock=sock, backlog=self.limits.accepts)
            self._servers.append(server)
            sock.listen(self.limits.backlog)  # asyncio takes one number for both

    async def stop(self) -> None:
        """Close the sockets, give running answers ``Limits.stop_s``, then drop what is left."""
        self.shut()
        self.pre_shutdown()
        await self.shutdown(self.limits.stop_s)
        for connection in tuple(self._live):
            connection.abort()
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.sleep(0)  # lets the dropped connections say goodbye

    @property
    def open_connections(self) -> int:
        """The number of clients that are connected."""
        return len(self._live)

    @property
    def is_sweeping(self) -> bool:
        """True while a next look at the deadlines is planned: as long as somebody is connected."""
        return self._timer is not None

    def admit(self, connection: Connection) -> bool:
        """Count a connection in, or say that there is no room."""
        if len(self._live) >= self.limits.max_connections:
            self.counts.connections_refused += 1
            self._on_full()
            if not self._make_room():
                return False
        self._live[connection] = None
        self._arm()
        return True

    def _make_room(self) -> bool:
        """Close a connection that has long waited for nothing, so that a newcomer such as ``ctl`` gets in.

        Those that never asked for anything go before those that were served. Only a few are looked at
        each time: ten thousand held ones are no reason to stop the rest.
        """
        oldest = tuple(islice(self._live, SWEPT_AT_ONCE))
        unserved = next((each for each in oldest if each.is_unserved), None)
        closed = unserved or next((each for each in oldest if each.is_idle), None)
        if closed is not None:
            del self._live[closed]
            closed.abort()
            return True
        for connection in oldest:
            del self._live[connection]
            self._live[connection] = None
        return False

    def shut(self) -> None:
        """Listen no more, so that whoever connects is refused; connections that stand go on."""
        for server in self._servers:
            server.close()
        self._servers.clear()

    def stop_accepting(self, backlog: int) -> tuple[socket, ...]:
        """Leave connections to the system, which takes so many; returns sockets to open again."""
        kept = tuple(sock.dup() for server in self._servers for sock in server.sockets)
        self.shut()
        for sock in kept:
            sock.listen(backlog)
        return kept

    def reset_all(self) -> None:
        """Reset every connection, as the system does for a process that died with unread bytes."""
        for connection in tuple(self._live):
            connection.reset()

    def forget(self, connection: Connection) -> None:
        """Count a connection out."""
        self._live.pop(connection, None)
        self.unfinished.keep(connection, 0)

    def _arm(self) -> None:
        if self._timer is None:
            self._timer = self._turns.call_later(self.limits.sweep_s, self._tick)

    def _tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.sweep()
        self.unfinished.look(len(self._live))
        if self._live:
            self._arm()

    def sweep(self) -> None:
        """Close every connection that is past a deadline. A timer calls it; tests may."""
        self._sweep_some(iter(tuple(self._live)))

    def _sweep_some(self, connections: Iterator[Connection]) -> None:
        """Look at a few, and soon at the next ones: twelve thousand at once would stop the others."""
        now = self.now()
        few = list(islice(connections, SWEPT_AT_ONCE))
        for connection in few:
            if connection in self._live:
                connection.sweep(now)
        if len(few) == SWEPT_AT_ONCE:
            self._turns.call_soon(self._sweep_some, connections)

    def can_answer_at_once(self, message: RawRequestMessage, payload: StreamReader) -> bool:
        """Say whether a request can be answered without a coroutine; nothing unusual can."""
        return self._at_once(message) is not None and self._is_ordinary(message, payload)

    def answer_at_once(self, message: RawRequestMessage, body: bytes) -> bytes:
        """Return the bytes that answer a request for which ``can_answer_at_once``."""
        answer = self._at_once(message)
        assert answer is not None  # noqa: S101 - as promised
        try:
            return answer(message, body)
        except Exception as error:  # noqa: BLE001 - the border where no failure may pass (T-36)
            self.report(error)
            failed = refusals.answer(refusals.FAILED, closes=False, error_type=self._error_type)
            return failed.whole

    def _is_ordinary(self, message: RawRequestMessage, payload: StreamReader) -> bool:
        """Say whether a request has come whole, asks for nothing special, and would not be refused."""
        return (
            payload.is_eof()
            and payload.total_bytes <= self.limits.body_bytes
            and message.version == HttpVersion11
            and not message.should_close
            and not message.upgrade
            and hdrs.CONTENT_ENCODING not in message.headers
            and SEC_FETCH_SITE not in message.headers
            and self._guard.accepts(message.headers.getall(hdrs.HOST, ()), message.path)
        )

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        assert isinstance(request.protocol, Connection)  # noqa: S101 - we made it
        request.protocol.begin(request)
        if request.version not in _VERSIONS:
            return self.refuse(request, refusals.VERSION_UNKNOWN)
        headers = request.headers
        if not self._guard.accepts(headers.getall(hdrs.HOST, ()), request.raw_path):
            return self.refuse(request, refusals.FOREIGN_HOST)
        if hdrs.CONTENT_ENCODING in headers and not self._may_be_encoded(request):
            return self.refuse(request, refusals.BODY_IS_ENCODED)
        try:
            return await self._handler(request)
        except RefusedError as error:
            return self.refuse(request, error.problem)
        except ConnectionError:
            raise  # the client has gone; aiohttp ends the connection
        except Exception as error:  # noqa: BLE001 - the border where no failure may pass (T-36)
            return self.fail(request, error)

    def refuse(self, request: web.BaseRequest, problem: Problem) -> web.StreamResponse:
        """Count and report a refused request; returns its answer."""
        self.counts.requests_refused += 1
        self._on_refusal(request, problem)
        return refusals.answer(problem, error_type=self._error_type)

    def fail(self, request: web.BaseRequest, error: BaseException) -> web.StreamResponse:
        """Return the answer for a request whose handler failed; the connection stays.

        Raises:
            ConnectionAbortedError: part of an answer has been sent already, so nothing can be added.
        """
        self.report(error)
        if request.writer.output_size > 0:
            raise ConnectionAbortedError("The answer broke off.") from error
        return refusals.answer(refusals.FAILED, closes=False, error_type=self._error_type)

    def report(self, error: BaseException) -> None:
        """Count a failure of ours and report it."""
        self.counts.faults += 1
        self._on_fault(error)


def require_compiled_parser() -> None:
    """Refuse to run on aiohttp's pure-Python parser, which is far slower (T-30).

    ``AIOHTTP_NO_EXTENSIONS``, which aiohttp reads, asks for that parser and so allows it.

    Raises:
        RuntimeError: the compiled parser is not there.
    """
    if NO_EXTENSIONS:
        return
    if http_parser.HttpRequestParser is http_parser.HttpRequestParserPy:
        raise RuntimeError(
            "aiohttp came without its compiled HTTP parser; reinstall aiohttp from a wheel, "
            "or set AIOHTTP_NO_EXTENSIONS=1 to run without it"
        )
