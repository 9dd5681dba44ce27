"""The browser sign-in: ``/authorize`` begins one, somebody decides, the browser goes back with a code.

A browser is sent on to a page of its own, so that a reload begins nothing, and the page waits: two
seconds after it is shown it asks for an address that the server holds until there is a decision. A
browser keeps showing a page, with its focus and its buttons alive, for as long as the next one has not
begun to come, so nobody loses their place as they would by reloading, no script is needed, and the
decision of an operator takes effect within a tenth of a second. The two seconds let programs that drive
a browser find the page loaded. Only when the held request becomes as old as browsers stand is the page
shown anew.

A program that is no browser (``curl -L`` in a script) cannot wait on a page, and keeps no cookie to be
known by; its first request itself is held, so the code goes to whoever asked and no address exists
that would give it to somebody else.

A browser gets the code only with the cookie that it had when it began, and the page's address
has a ticket that proves that. So another browser, or another run, gets nothing out of the address.
Decisions are by POST with a token, as on the verification page; there no browser sign-in is found,
because a user code that decides from another machine is what this flow does away with.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote

from aiohttp import hdrs
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.commands import StartBrowserSignIn
from oidc_sim.engine.model import Device
from oidc_sim.engine.replies import Reason, Refused, SendBack, StillWaiting
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.gate.gate import Gate
from oidc_sim.server.http.guard import is_navigation
from oidc_sim.server.http.responses import RawResponse, html_reply
from oidc_sim.server.http.routes import Endpoint, Route, operation_route
from oidc_sim.server.pages import page_text
from oidc_sim.server.pages.redirect import FOUND, SEE_OTHER, WayBack
from oidc_sim.server.pages.sign_in import SignIn, WaitingRoom
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.authorize import TOO_MANY, authorization_request, shown, with_error
from oidc_sim.wire.errors import Problem, unreadable, wrong_method
from oidc_sim.wire.http import path_of, query_of
from oidc_sim.wire.operations import AUTHORIZE

_GET_ONLY = wrong_method("GET")
"""HEAD is for looking without consequences, and all of this has some."""
_NOT_A_PAGE = unreadable(400, "A sign-in begins where a browser opens this address as a page")


class Authorize:
    """Makes the routes of the browser sign-in of one simulator."""

    def __init__(self, simulator: Simulator, scribe: Scribe, port: int, gate: Gate) -> None:
        self._simulator = simulator
        self._scribe = scribe
        self._room = WaitingRoom(simulator)
        self._way_back = WayBack(scribe, gate)
        self._sign_in = SignIn(simulator, self._room, self._way_back, port)

    def routes(self) -> Iterable[Route]:
        """All of them, the page's too."""
        for route in (operation_route(AUTHORIZE, self._begin), *self._sign_in.routes()):
            yield replace(route, endpoint=self._but_not_by_head(route.endpoint))

    def close(self) -> None:
        """Report no browser as gone any more: the server stops."""
        self._room.presence.close()

    def _but_not_by_head(self, endpoint: Endpoint) -> Endpoint:
        async def serve(request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
            if request.method == "HEAD":
                return self._show(request, _GET_ONLY.answer(), time.perf_counter())
            return await endpoint(request, match)

        return serve

    async def _begin(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        began = time.perf_counter()
        if (objection := self._objection_to(request)) is not None:
            return self._show(request, objection.answer(), began)
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return _detour(request)
        asked = authorization_request(query_of(request.raw_path))
        if isinstance(asked, Problem):
            return self._show(request, asked.answer(), began)
        reply = self._simulator.dispatch(asked)
        if isinstance(reply, Refused):
            return await self._refuse(request, asked, reply, began)
        return await self._go_on(request, asked, reply.device, began)

    def _objection_to(self, request: BaseRequest) -> Problem | None:
        """Return the problem of a request that is refused whatever it asks for."""
        if not is_navigation(request):
            return _NOT_A_PAGE
        return TOO_MANY if self._room.is_full and not _has_pages(request) else None

    async def _refuse(
        self, request: BaseRequest, asked: StartBrowserSignIn, refused: Refused, began: float
    ) -> StreamResponse:
        """Show the problem, or redirect with it where that is safe (RFC 6749 §4.1.2.1; T-15)."""
        if refused.redirect_uri is None:
            return self._show(request, shown(refused), began)
        location = with_error(refused.redirect_uri, refused.reason, asked.client_state)
        code, client_id = refused.user_code, refused.client_id
        answer = Answer(FOUND, b"", None, refused.reason, code, client_id)
        return await self._way_back.lead(request, FOUND, location, answer, began)

    async def _go_on(
        self, request: BaseRequest, asked: StartBrowserSignIn, device: Device, began: float
    ) -> StreamResponse:
        outcome = self._room.look(device.user_code)
        if isinstance(outcome, StillWaiting):
            if _has_pages(request):
                return self._open_page(request, device, began)
            outcome = await self._room.wait(device.user_code)
        if isinstance(outcome, SendBack):
            return await self._way_back.send(request, outcome, began)
        gone = Refused(Reason.ACCESS_DENIED, device.user_code, device.client_id, asked.redirect_uri)
        return await self._refuse(request, asked, gone, began)  # everything was forgotten meanwhile

    def _open_page(self, request: BaseRequest, device: Device, began: float) -> RawResponse:
        page, cookie = self._sign_in.admit(request, device.user_code)
        self._room.presence.expect(device.user_code)
        user_code = device.user_code
        answer = Answer(SEE_OTHER, b"", None, user_code, user_code, device.client_id)
        return self._way_back.redirect(request, SEE_OTHER, page, answer, began, headers=cookie)

    def _show(self, request: BaseRequest, answer: Answer, began: float) -> RawResponse:
        """Show AWS's raw JSON (wire.md#54)."""
        return self._scribe.send(request, AUTHORIZE.name, b"", answer, began)


def _has_pages(request: BaseRequest) -> bool:
    """Whether a person looks at the answer; ``curl`` and the like take what comes."""
    return "text/html" in request.headers.get(hdrs.ACCEPT, "").lower()


def _detour(request: BaseRequest) -> RawResponse:
    """Open the same address in our own name.

    When another site's page leads here, a terminal that is itself a web page for one, a browser keeps
    its ``SameSite=Strict`` cookie back, through all redirects. The second time it comes from us.
    """
    target = f"{path_of(request.raw_path)}?{query_of(request.raw_path)}"
    return html_reply(200, page_text.detour(quote(target, safe=_IN_A_TARGET, errors="replace")))


_IN_A_TARGET = "!#$%&'()*+,/:;=?@[]~"
"""What RFC 3986 allows in a path and query; the rest was sent wrongly."""
