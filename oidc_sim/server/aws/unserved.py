"""Answers calls of AWS services that are not served, so that ``exec`` can lead all of AWS here."""

import time

from aiohttp import hdrs
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.aws.sts import signed_request
from oidc_sim.server.http.body import keep_body, read_body
from oidc_sim.server.http.limits import DEFAULT
from oidc_sim.server.http.responses import RawResponse, html_reply
from oidc_sim.server.pages.page_text import refused
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.answers import Answer, head, http_date
from oidc_sim.wire.http import path_of
from oidc_sim.wire.unserved import (
    AGENT_SIGNS,
    AUTHORIZE_PATH,
    PRESIGNED,
    SIGNS,
    Call,
    Protocol,
    call_of,
)

_TO_THE_PERSON = (
    "This is oidc-sim, a simulator of 'aws sso login'. The program that opened this page signs in by "
    "'aws login', which is another service and is not simulated; nothing was sent to AWS. End the "
    "program in your terminal, and use 'aws sso login' there."
)


def may_be_call(request: BaseRequest) -> bool:
    """Say, quickly, whether a request has any sign that only a call of AWS has."""
    agent, target = request.headers.get(hdrs.USER_AGENT, ""), request.raw_path
    return (
        any(name in request.headers for name in SIGNS)
        or any(sign in agent for sign in AGENT_SIGNS)
        or any(sign in target for sign in PRESIGNED)
        or path_of(target) == AUTHORIZE_PATH
    )


class Unserved:
    """Answers calls of other services with an error, or a page, that explains this server."""

    def __init__(self, simulator: Simulator, scribe: Scribe) -> None:
        self._simulator = simulator
        self._scribe = scribe

    async def answer(self, request: BaseRequest, *, is_known_path: bool) -> StreamResponse | None:
        """Answer a call of another service; None for any other request.

        A large body is not read, nor asked for where the client holds it back. aiohttp reads and
        drops it once the answer is out, for a client sends all of it before it reads.
        """
        if not may_be_call(request):
            return None
        began = time.perf_counter()
        body = await _small_body(request)
        call = call_of(signed_request(request, body or b""), is_known_path=is_known_path)
        if call is None:
            return None
        if call.protocol is Protocol.PAGE:
            return self._show(request, call, began)
        return self._tell(request, call, body, began)

    def _tell(
        self, request: BaseRequest, call: Call, body: bytes | None, began: float
    ) -> RawResponse:
        from oidc_sim.wire.unserved import answer, headers  # seldom asked for

        request_id = self._scribe.request_id()
        answered = answer(call, request_id)
        date = http_date(self._simulator.now().at)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers(call).items())
        top = (
            head(answered, request_id=request_id, date=date)[:-2] + lines.encode("ascii") + b"\r\n"
        )
        took_s = time.perf_counter() - began
        self._scribe.record(request, call.name, body or b"", answered, top, took_s)
        return RawResponse(answered.status, top, answered.body, closes=body is None)

    def _show(self, request: BaseRequest, call: Call, began: float) -> RawResponse:
        from oidc_sim.wire.unserved import OUTCOME, STATUS  # seldom asked for

        page = html_reply(STATUS, refused("Not simulated", _TO_THE_PERSON))
        answered = Answer(STATUS, page.content, None, OUTCOME)
        self._scribe.record(
            request, call.name, b"", answered, page.head, time.perf_counter() - began
        )
        return page


async def _small_body(request: BaseRequest) -> bytes | None:
    """Read a body that is within bounds and not held back; None for any other, which is not read."""
    has_come = request.content.is_eof()
    length = request.content.total_bytes if has_come else request.content_length
    is_held_back = hdrs.EXPECT in request.headers and not has_come
    if length is None or length > DEFAULT.body_bytes or is_held_back:
        return None
    body = await read_body(request)
    keep_body(request, body)
    return body
