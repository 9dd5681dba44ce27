"""One client's connection: aiohttp's protocol with deadlines, a quiet log and AWS-shaped refusals.

aiohttp closes a half-sent head or a silent connection after an hour and never ends a stalled body
(T-32), so the deadlines are our own. They cost nothing while a client behaves: the time is
read only when a request came in pieces, and one sweep of the listener looks at all connections. A
timer for each request would cost more than the whole answer of a poll.

What is here needs aiohttp's public parts alone; ``aiohttp_private`` knows more, and sooner.
"""

import asyncio
from enum import Enum
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod, HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from oidc_sim.server.http import body
from oidc_sim.server.http.body import BodyTimeoutError, RefusedError
from oidc_sim.server.http.sockets import linger_not

if TYPE_CHECKING:
    from oidc_sim.server.http.listener import Listener


class Stage(Enum):
    """The part of a request that the server is waiting for on a connection."""

    SILENT = "the first byte"
    HEAD = "the rest of a request's head"
    BODY = "the rest of a request's body"
    SERVED = "nothing, or the next request"


class Connection(web.RequestHandler):
    """An accepted connection. The listener makes it and calls ``sweep`` once a second."""

    __slots__ = (
        "_idle_since",
        "_kept",
        "_listener",
        "_part",
        "_payload",
        "_request",
        "_since",
        "_stage",
        "_unsent",
        "_unsent_since",
        "_wire",
    )

    def __init__(self, listener: "Listener", **options: Any) -> None:
        """Make a connection that is not yet open; ``options`` are aiohttp's."""
        super().__init__(listener, **options)
        self._listener = listener
        self._stage = Stage.SILENT
        self._since = 0.0
        self._payload: StreamReader = EMPTY_PAYLOAD
        # Bytes that have come of the unfinished head or body, and bytes that are kept in all.
        self._part = 0
        self._kept = 0
        self._request: web.BaseRequest | None = None
        self._idle_since = 0.0
        self._unsent = 0
        self._unsent_since = 0.0
        # aiohttp forgets its transport when it starts to close it; the sweep must still see it.
        self._wire: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the client, or close at once when the server has as many as it takes (T-33)."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows asyncio's type
        if not self._listener.admit(self):
            transport.abort()
            return
        self._wire = transport
        self._since = self._listener.now()
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the client; a handler that is still at work is cancelled."""
        self._wire = None
        self._listener.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed aiohttp's parser, and note what of a request is still missing."""
        super().data_received(data)
        if data and self._stage is Stage.BODY and self._payload.is_eof():
            self._stage = Stage.SERVED
        elif data and (self._stage is Stage.BODY or self._request is None):
            self._note_part(len(data))

    def _note_part(self, size: int) -> None:
        """Count bytes of a request that nobody has begun to answer, or of its body."""
        if self._stage in {Stage.SILENT, Stage.SERVED}:
            self._part = 0
            self._wait_for(Stage.HEAD)
        self._note_more(size)
        limits = self._listener.limits
        most = limits.head_bytes + limits.body_bytes + limits.framing_bytes
        if self._stage is Stage.HEAD and self._part > most:
            self.abort()

    def _note_more(self, size: int) -> None:
        """Count bytes of a request that is not whole."""
        limits = self._listener.limits
        self._part += size
        if self._stage is Stage.BODY:
            if self._part - self._payload.total_bytes > limits.framing_bytes + limits.head_bytes:
                self._break_body(RefusedError(body.BODY_TOO_LARGE))
            if self._part > 2 * limits.body_bytes:
                return  # it is read and dropped, or waits in the system's buffers
        self._keep(self._kept + size)

    def _keep(self, size: int) -> None:
        self._kept = size
        self._listener.unfinished.keep(self, size)

    def begin(self, request: web.BaseRequest) -> None:
        """Note that a request is at work; its body may still be on its way."""
        self._request = request
        self._part = 0
        if request.content.is_eof():
            self._stage = Stage.SERVED
            self._keep(0)
        else:
            self._payload = request.content
            self._wait_for(Stage.BODY)

    def log_access(self, *_: Any) -> None:
        """Note that a request is answered: aiohttp calls this for each."""
        self._request = None
        self._idle_since = self._listener.now()
        if self._stage is Stage.SERVED:
            self._keep(0)

    def _wait_for(self, stage: Stage) -> None:
        self._stage = stage
        self._since = self._listener.now()

    def sweep(self, now: float) -> None:
        """Close the connection if a deadline has passed by the listener's clock, in seconds."""
        limits = self._listener.limits
        waited_s = now - self._since
        if self._is_stuck(now, limits.write_s):
            self._abort()
        elif self._stage is Stage.SERVED:
            if self._idle_s(now) >= limits.idle_s:
                self.force_close()
        elif self._stage is Stage.BODY:
            if waited_s >= limits.body_s:
                self._end_body()
        elif self._is_between:
            limit_s = limits.silent_s if self._stage is Stage.SILENT else limits.head_s
            if waited_s >= limit_s:
                self._listener.counts.timed_out += 1
                self.force_close()

    @property
    def is_unserved(self) -> bool:
        """True if no whole request of it is at work: it is silent, or has begun one and not ended it."""
        if self._stage is Stage.BODY:
            request = self._at_work
            return request is None or request.content is self._payload
        return self._stage is not Stage.SERVED and self._is_between

    @property
    def is_idle(self) -> bool:
        """True if it has its answers, and nothing more has come of it."""
        return self._stage is Stage.SERVED and self._is_between

    @property
    def _at_work(self) -> web.BaseRequest | None:
        """The request that is being answered."""
        return self._request

    @property
    def _is_between(self) -> bool:
        return self._at_work is None

    def _is_stuck(self, now: float, limit_s: float) -> bool:
        """Say whether bytes have been waiting that long and the client took none of them.

        Bytes that are added meanwhile hide what the client takes. That can only make a client look
        stuck that is megabytes behind (the system's buffers come first) and falls back further.
        """
        unsent = self._wire.get_write_buffer_size() if self._wire is not None else 0
        if not self._unsent or unsent < self._unsent:
            self._unsent_since = now
        self._unsent = unsent
        return unsent > 0 and now - self._unsent_since >= limit_s

    def _idle_s(self, now: float) -> float:
        """Return for how long no request has come or been at work, as far as sweeps can tell."""
        return now - self._idle_since if self._is_between else 0.0

    def _end_body(self) -> None:
        """Break the body off: its reader answers 408, or if that has answered, aiohttp closes."""
        self._listener.counts.timed_out += 1
        self._stage = Stage.SERVED
        self._part = 0
        self._break_body(BodyTimeoutError())

    def _break_body(self, why: RefusedError) -> None:
        if self._payload.exception() is None:
            self._payload.set_exception(why)

    def _abort(self) -> None:
        self._listener.counts.timed_out += 1
        self.abort()

    def abort(self) -> None:
        """Drop the connection with whatever is unsent."""
        if self._wire is not None:
            self._wire.abort()

    def reset(self) -> None:
        """Drop the connection with RST."""
        if self._wire is not None:
            linger_not(self._wire)
            self._wire.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what the parser refused; aiohttp would log a traceback and quote the request.

        ``request`` is a stand-in when the real one could not be parsed. ``message`` repeats the client's
        bytes, so it is not sent.

        Raises:
            ConnectionError: the client has gone, or an answer broke off in the middle.
        """
        if isinstance(exc, ConnectionError):
            raise exc  # nobody is left to answer: aiohttp's loop ends the connection
        if status >= body.FAILED.status:
            return self._listener.fail(request, exc or RuntimeError(message))
        if isinstance(exc, RefusedError):
            return self._listener.refuse(request, exc.problem)
        is_tls = isinstance(exc, BadHttpMethod) and "HTTPS" in str(exc)
        return self._listener.refuse(request, body.IS_TLS if is_tls else body.NOT_HTTP)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Report instead of logging: a traceback on stderr would tear the screen."""
        error = kw.get("exc_info")
        # A body that broke off is raised again while aiohttp reads the rest of it; the client has
        # its answer by then.
        if not isinstance(error, RefusedError | web.RequestPayloadError | HttpProcessingError):
            self._listener.report(
                error if isinstance(error, BaseException) else RuntimeError(*args[:1])
            )
