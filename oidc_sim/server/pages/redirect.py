"""Sends a browser back to the client that it came from, and records that.

Rules that are active look at the redirect in this moment, so a fault that is injected while somebody
waits on the page, or a program for its answer, acts when the sign-in is decided.
"""

import time

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.model import Device
from oidc_sim.engine.replies import Reason, SendBack
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.gate.gate import Gate
from oidc_sim.server.http.responses import RawResponse, redirect_reply
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.authorize import with_code, with_error
from oidc_sim.wire.operations import AUTHORIZE

CODE_ISSUED = "code issued"
FOUND, SEE_OTHER = 302, 303
"""After a form it is 303, so that no browser sends the form on to the client (RFC 9700 §4.12)."""


class WayBack:
    """Redirects that the operator can see."""

    def __init__(self, scribe: Scribe, gate: Gate) -> None:
        self._scribe = scribe
        self._gate = gate

    async def send(
        self, request: BaseRequest, decided: SendBack, began: float, form: bytes | None = None
    ) -> StreamResponse:
        """Send the browser to its client; ``form`` is the request's body where it is a form."""
        answer = _answer(decided.device, CODE_ISSUED if decided.code else str(decided.error))
        status = FOUND if form is None else SEE_OTHER
        return await self.lead(request, status, location_of(decided), answer, began, form or b"")

    async def lead(
        self,
        request: BaseRequest,
        status: int,
        location: str,
        answer: Answer,
        began: float,
        form: bytes = b"",
    ) -> StreamResponse:
        """Redirect to the client's own address, as ``redirect`` does, or as a fault has it."""

        async def truth() -> StreamResponse:
            return self.redirect(request, status, location, answer, began, form)

        return await self._gate.send_back(request, answer, form, truth)

    def redirect(
        self,
        request: BaseRequest,
        status: int,
        location: str,
        answer: Answer,
        began: float,
        form: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> RawResponse:
        """Redirect, and record that as ``answer`` has it, but for the status."""
        response = redirect_reply(status, location, headers)
        answered = answer._replace(status=status, body=b"")
        took_s = time.perf_counter() - began
        self._scribe.record(request, AUTHORIZE.name, form, answered, response.head, took_s)
        return response


def location_of(decided: SendBack) -> str:
    """Return the client's own address, with the code or error for it."""
    browser = decided.device.browser
    assert browser is not None  # noqa: S101 - the engine sends nothing else back
    if decided.code:
        return with_code(browser.redirect_uri, decided.code, browser.client_state)
    return with_error(
        browser.redirect_uri, Reason(decided.error or Reason.ACCESS_DENIED), browser.client_state
    )


def _answer(device: Device, outcome: str) -> Answer:
    return Answer(FOUND, b"", None, outcome, device.user_code, device.client_id)
