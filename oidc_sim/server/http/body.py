"""Reading a request's body within bounds.

By hand because ``BaseRequest.read`` knows no deadline, asks no client to continue, and answers a body
that is too large with aiohttp's own plain-text 413. There is no timer here: a body has nearly always
come with its head, and for the others the connection's sweep breaks the stream off with
``BodyTimeoutError`` (see ``connection``).
"""

from aiohttp import hdrs
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import BaseRequest, RequestKey, RequestPayloadError

from oidc_sim.server.http import refusals
from oidc_sim.server.http.limits import DEFAULT
from oidc_sim.server.http.refusals import RefusedError


class BodyTimeoutError(RefusedError):
    """The body took longer than ``Limits.body_s``."""

    def __init__(self) -> None:
        super().__init__(refusals.BODY_TOO_SLOW)


_BODY = RequestKey("oidc_sim.body", bytes)


def keep_body(request: BaseRequest, body: bytes) -> None:
    """Let a body that has been read be read again."""
    request[_BODY] = body


async def read_body(request: BaseRequest, limit: int = DEFAULT.body_bytes) -> bytes:
    """Return the whole body, undecoded.

    Args:
        request: any request; one without a body gives ``b""``.
        limit: the most bytes that are taken.

    Raises:
        RefusedError: it is larger than the limit (413), too slow (408), not framed as HTTP wants it
            (400), or waits for an expectation that nobody can meet (417). Let it pass: the server
            answers it.
        ConnectionError: the client has gone.
    """
    kept: bytes | None = request.get(_BODY)
    if kept is not None:
        return kept
    content = request.content
    if content.is_eof():
        if content.total_bytes > limit:
            raise RefusedError(refusals.BODY_TOO_LARGE)
        return content.read_nowait()
    if (request.content_length or 0) > limit:
        raise RefusedError(refusals.BODY_TOO_LARGE)
    if hdrs.EXPECT in request.headers:
        await _meet_expectation(request)
    return await _rest_of(request, limit)


async def _rest_of(request: BaseRequest, limit: int) -> bytes:
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > limit:
                raise RefusedError(refusals.BODY_TOO_LARGE)
    # From aiohttp's Python parser; for the compiled one the connection ends the body itself.
    except (RequestPayloadError, HttpProcessingError) as error:
        raise RefusedError(refusals.NOT_HTTP) from error
    return bytes(body)


async def _meet_expectation(request: BaseRequest) -> None:
    """Tell the client to send the body that it is holding back (RFC 9110 section 10.1.1)."""
    if request.version < (1, 1):
        return
    if request.headers[hdrs.EXPECT].lower() != "100-continue":
        raise RefusedError(refusals.EXPECTATION_UNKNOWN)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    # As aiohttp's own router does: these bytes are not yet the answer.
    request.writer.output_size = 0
