"""The page of a browser sign-in: it asks, waits, and sends the browser back; see ``authorize``."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import hdrs
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.commands import Approve, Deny
from oidc_sim.engine.model import Actor, BrowserRequest, Device
from oidc_sim.engine.replies import SendBack, StillWaiting
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.plain import html_reply, page_policy, redirect_reply
from oidc_sim.server.http.raw_response import RawResponse
from oidc_sim.server.http.routes import Protection, Route, query_of
from oidc_sim.server.pages import authorize_text
from oidc_sim.server.pages.page_form import (
    FORM_BYTES,
    Decision,
    DecisionForm,
    FormError,
    decision_form,
)
from oidc_sim.server.pages.page_session import PageSessions
from oidc_sim.server.pages.page_text import Question
from oidc_sim.server.pages.waiting import Outcome, WaitingRoom
from oidc_sim.server.pages.way_back import SEE_OTHER, WayBack
from oidc_sim.simulator.simulator import Simulator

SHOWN_S = 2
"""Until the page asks for the address that is held."""
HELD_S = 50.0
"""How long that is held; a browser may give up after a minute without a byte."""
_DEEDS: dict[Decision, type[Approve | Deny]] = {"approve": Approve, "deny": Deny}
_MAX_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser on the page of a sign-in that it began."""

    browser: str
    user_code: str
    ticket: str

    @property
    def query(self) -> str:
        """What its addresses end with."""
        return f"?user_code={self.user_code}&ticket={self.ticket}"

    @property
    def page(self) -> str:
        """Address of the page."""
        return f"/sign-in{self.query}"

    @property
    def wait(self) -> str:
        """Address that is held until there is a decision."""
        return f"/sign-in/wait{self.query}"


class SignIn:
    """Makes the routes of the page. Its tokens are good for no other page: the keys are its own."""

    def __init__(
        self, simulator: Simulator, room: WaitingRoom, way_back: WayBack, port: int
    ) -> None:
        self._simulator = simulator
        self._room = room
        self._way_back = way_back
        self._sessions = PageSessions(port)

    def routes(self) -> Iterable[Route]:
        """All of them."""
        yield Route("GET", "/sign-in", self._show, Protection.OPEN)
        yield Route("GET", "/sign-in/wait", self._wait, Protection.OPEN)
        yield Route("POST", "/sign-in", self._decide, Protection.PAGE)

    def admit(self, request: BaseRequest, user_code: str) -> tuple[str, dict[str, str]]:
        """Let the browser that began a sign-in onto its page; gives the address, and headers for it."""
        known = self._browser_of(request)
        browser = known or self._sessions.new_browser()
        cookie: dict[str, str] = (
            {} if known else {hdrs.SET_COOKIE: self._sessions.set_cookie(browser)}
        )
        return self._visit_of(browser, user_code).page, cookie

    async def _show(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        began = time.perf_counter()
        visit = self._visit(request)
        if visit is None:
            return html_reply(403, authorize_text.elsewhere())
        self._room.presence.expect(visit.user_code)
        return await self._answer(request, visit, self._room.look(visit.user_code), began)

    async def _wait(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        began = time.perf_counter()
        visit = self._visit(request)
        if visit is None:
            return html_reply(403, authorize_text.elsewhere())
        outcome = await self._room.wait(visit.user_code, HELD_S)
        if isinstance(outcome, StillWaiting):
            return redirect_reply(SEE_OTHER, visit.page)
        return await self._answer(request, visit, outcome, began)

    async def _decide(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request, FORM_BYTES)
        began = time.perf_counter()
        try:
            form = decision_form(request.headers, body)
        except FormError as error:
            return html_reply(400, authorize_text.malformed(str(error)))
        browser = self._browser_of(request)
        if browser is None or not self._sessions.proves(form.csrf_token, browser, form.user_code):
            return html_reply(403, authorize_text.unproven())
        visit = self._visit_of(browser, form.user_code)
        return await self._answer(request, visit, self._carry_out(form), began, body)

    def _carry_out(self, form: DecisionForm) -> Outcome:
        """If somebody was quicker, what they decided is what the browser goes back with."""
        self._simulator.dispatch(_DEEDS[form.decision](form.user_code, Actor.USER))
        return self._room.look(form.user_code)

    async def _answer(
        self,
        request: BaseRequest,
        visit: Visit,
        outcome: Outcome,
        began: float,
        form: bytes | None = None,
    ) -> StreamResponse:
        match outcome:
            case SendBack():
                return await self._way_back.send(request, outcome, began, form)
            case StillWaiting():
                return self._question(outcome.device, visit)
            case _:
                return self._over(visit)

    def _question(self, device: Device, visit: Visit) -> RawResponse:
        client = _origin(device.browser)
        question = Question(
            user_code=device.user_code,
            csrf_token=self._sessions.token(visit.browser, device.user_code),
            client_name=device.client_name,
            scopes=device.scopes,
            asked_at=device.issued_at,
            asked_ago_s=self._simulator.now().at - device.issued_at,
            user_agent=None,
        )
        page = authorize_text.ask(question, client.removeprefix("http://"), visit.page)
        headers = {
            "Content-Security-Policy": page_policy(client),
            "Refresh": f"{SHOWN_S}; url={visit.wait}",
        }
        return html_reply(200, page, headers)

    def _over(self, visit: Visit) -> RawResponse:
        device = self._simulator.state.devices.get(visit.user_code)
        if device is None:
            return html_reply(404, authorize_text.forgotten())
        return html_reply(410, authorize_text.over(device.state(self._simulator.now().at)))

    def _visit(self, request: BaseRequest) -> Visit | None:
        """Whose visit this is, if the address and the cookie belong together."""
        browser = self._browser_of(request)
        try:
            given = dict(parse_qsl(query_of(request.raw_path), max_num_fields=_MAX_FIELDS))
        except ValueError:
            return None
        user_code, ticket = given.get("user_code", ""), given.get("ticket", "")
        if browser is None or not self._sessions.proves(ticket, browser, _on_ticket(user_code)):
            return None
        return Visit(browser, user_code, ticket)

    def _visit_of(self, browser: str, user_code: str) -> Visit:
        return Visit(browser, user_code, self._sessions.token(browser, _on_ticket(user_code)))

    def _browser_of(self, request: BaseRequest) -> str | None:
        return self._sessions.browser_of(request.headers.getall(hdrs.COOKIE, ()))


def _on_ticket(user_code: str) -> str:
    """What a ticket is made for: it is in an address, and must not be good as a form's token."""
    return f"{user_code} ticket"


def _origin(asked: BrowserRequest | None) -> str:
    """Scheme and authority of the client's own address, which is ``http://127.0.0.1`` and a port."""
    assert asked is not None  # noqa: S101 - only a browser sign-in waits for its browser
    scheme, _, rest = asked.redirect_uri.partition("//")
    return f"{scheme}//{rest.partition('/')[0]}"
