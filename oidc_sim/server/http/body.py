"""Reads a request's body within bounds, and words the refusals of the transport.

By hand because ``BaseRequest.read`` knows no deadline, asks no client to continue, and answers a body
that is too large with aiohttp's own plain-text 413. There is no timer here: a body has nearly always
come with its head, and for the others the connection's sweep breaks the stream off with
``BodyTimeoutError`` (see ``connection``).

An SDK that is refused must still be able to read the answer, so a refusal is a ``Problem`` of the wire
layer, with AWS's header order. Which statuses the real service gives here is not published (wire.md
section 10); they are HTTP's own, and the sentences are ours. None repeats anything that the client sent.
"""

import time
from http import HTTPStatus
from uuid import uuid4

from aiohttp import hdrs
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import BaseRequest, RequestKey, RequestPayloadError

from oidc_sim.server.http.limits import DEFAULT
from oidc_sim.server.http.responses import RawResponse
from oidc_sim.wire.answers import ErrorTypeForm, head, http_date
from oidc_sim.wire.errors import INTERNAL_SERVER_ERROR, Problem, unreadable


class RefusedError(Exception):
    """Raised by a handler or below it to answer with a problem and close the connection."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text)


NOT_HTTP = unreadable(HTTPStatus.BAD_REQUEST, "The request is not well-formed HTTP/1.1.")
IS_TLS = unreadable(
    HTTPStatus.BAD_REQUEST,
    "The client speaks TLS, this port plain HTTP: use http://, not https://.",
)
VERSION_UNKNOWN = unreadable(
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Only HTTP/1.0 and HTTP/1.1 are spoken here."
)
HEAD_TOO_LARGE = unreadable(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's head is too large."
)
BODY_TOO_SLOW = unreadable(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time.")
BODY_TOO_LARGE = unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
BODY_IS_ENCODED = unreadable(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding."
)
EXPECTATION_UNKNOWN = unreadable(
    HTTPStatus.EXPECTATION_FAILED, "Only 100-continue can be expected here."
)
FOREIGN_HOST = unreadable(
    HTTPStatus.MISDIRECTED_REQUEST,
    "This name in Host is not served; start oidc-sim with --allow-host NAME to accept it.",
)
OF_ANOTHER_SITE = unreadable(
    HTTPStatus.FORBIDDEN,
    "A page of another site had a browser send this; AWS's operations are for programs.",
)
FAILED = INTERNAL_SERVER_ERROR.saying(
    "The simulator failed to answer this request; its screen or its output says why."
)


def answer(
    problem: Problem, *, closes: bool = True, error_type: ErrorTypeForm = ErrorTypeForm.FULL
) -> RawResponse:
    """Return the response for a problem that no handler answers; by default it ends the connection."""
    top = head(
        problem.answer(),
        request_id=str(uuid4()),
        date=http_date(time.time()),
        error_type=error_type,
    )
    return RawResponse(problem.status, top, problem.body, closes=closes)


class BodyTimeoutError(RefusedError):
    """The body took longer than ``Limits.body_s``."""

    def __init__(self) -> None:
        super().__init__(BODY_TOO_SLOW)


_BODY = RequestKey("oidc_sim.body", bytes)


def keep_body(request: BaseRequest, body: bytes) -> None:
    """Let a body that has been read be read again."""
    request[_BODY] = body


async def read_body(request: BaseRequest, limit: int = DEFAULT.body_bytes) -> bytes:
    """Return the whole body, undecoded; ``b""`` for a request that has none.

    Raises:
        RefusedError: it is larger than the limit (413), too slow (408), not framed as HTTP wants it
            (400), or waits for an expectation that nobody can meet (417). The server answers it.
        ConnectionError: the client has gone.
    """
    kept: bytes | None = request.get(_BODY)
    if kept is not None:
        return kept
    content = request.content
    if content.is_eof():
        if content.total_bytes > limit:
            raise RefusedError(BODY_TOO_LARGE)
        return content.read_nowait()
    if (request.content_length or 0) > limit:
        raise RefusedError(BODY_TOO_LARGE)
    if hdrs.EXPECT in request.headers:
        await _meet_expectation(request)
    return await _rest_of(request, limit)


async def _rest_of(request: BaseRequest, limit: int) -> bytes:
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > limit:
                raise RefusedError(BODY_TOO_LARGE)
    # From aiohttp's Python parser; for the compiled one the connection ends the body itself.
    except (RequestPayloadError, HttpProcessingError) as error:
        raise RefusedError(NOT_HTTP) from error
    return bytes(body)


async def _meet_expectation(request: BaseRequest) -> None:
    """Tell the client to send the body that it is holding back (RFC 9110 section 10.1.1)."""
    if request.version < (1, 1):
        return
    if request.headers[hdrs.EXPECT].lower() != "100-continue":
        raise RefusedError(EXPECTATION_UNKNOWN)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    # As aiohttp's own router does: these bytes are not yet the answer.
    request.writer.output_size = 0
