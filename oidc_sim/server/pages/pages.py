"""The verification page (RFC 8628 §3.3): a person enters the user code, sees who asks, and decides.

It asks twice: the first page takes the code, or the address brings it, and the second shows who wants
in. Only the second page's form decides, by POST, with a token bound to this browser and this code
(RFC 8628 §5.4; T-12). The answer to a decision is a page of its own and no redirect, so
that no address exists which says what happened; sending the form again is answered with what is true
by then.
"""

import math
from collections.abc import Iterable, Mapping
from importlib.resources import files

from aiohttp import hdrs
from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.commands import DECISIONS
from oidc_sim.engine.model import Actor, Decision, Device, DeviceState, canonical_user_code
from oidc_sim.engine.replies import Hindrance, Impossible
from oidc_sim.server.gate.gate import Gate
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.guard import is_navigation
from oidc_sim.server.http.responses import css_reply, html_reply
from oidc_sim.server.http.routes import Protection, Route
from oidc_sim.server.pages import page_text
from oidc_sim.server.pages.forms import (
    FORM_BYTES,
    CodeAttempts,
    FormError,
    PageSessions,
    decision_form,
    typed_code,
)
from oidc_sim.server.pages.page_text import Html, Question
from oidc_sim.simulator.simulator import Simulator

_BY_NOW = {
    DeviceState.APPROVED: "This sign-in has been approved already.",
    DeviceState.DENIED: "This sign-in has been denied already.",
    DeviceState.EXPIRED: "This code has expired. Start the sign-in again in your terminal.",
    DeviceState.COLLECTED: "This sign-in is complete: the client has its token already.",
}
"""Why a decision came too late. The engine's own sentences tell an operator which key helps."""


class Pages:
    """Makes the routes of the pages of one simulator."""

    def __init__(self, simulator: Simulator, port: int, gate: Gate) -> None:
        self._simulator = simulator
        self._gate = gate
        self._sessions = PageSessions(port)
        self._attempts = CodeAttempts()
        self._style = files("oidc_sim.server.pages").joinpath("style.css").read_bytes()

    def routes(self) -> Iterable[Route]:
        """All of them. ``<startUrl>/#/device`` opens ``/start``, since a fragment stays at home."""
        yield Route("GET", "/", self._home, Protection.OPEN)
        yield Route("GET", "/start", self._enter_code, Protection.OPEN)
        yield Route("GET", "/start/", self._enter_code, Protection.OPEN)
        yield Route("GET", "/device", self._device, Protection.OPEN)
        yield Route("POST", "/device", self._decide, Protection.PAGE)
        yield Route("GET", "/style.css", self._css, Protection.OPEN)

    async def _css(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return css_reply(self._style)

    async def _home(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return html_reply(200, page_text.home())

    async def _enter_code(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return html_reply(200, page_text.enter_code())

    async def _device(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        try:
            typed = typed_code(request.raw_path)
        except FormError as error:
            return _not_ours(error)
        if not typed or not is_navigation(request):
            return html_reply(200, page_text.enter_code())
        return self._look_up(canonical_user_code(typed), *self._sessions.welcome(request))

    def _look_up(self, user_code: str, browser: str, headers: dict[str, str]) -> StreamResponse:
        """Show who waits for this code, unless this browser, or all of them, guessed too often."""
        tick = self._simulator.now().tick
        wait_s = math.ceil(self._attempts.wait_s(browser, tick))
        if wait_s:
            why = f"Too many wrong codes were entered. Wait {wait_s} seconds, then try again."
            page = page_text.refused("Too many wrong codes", why)
            return html_reply(429, page, {**headers, hdrs.RETRY_AFTER: str(wait_s)})
        device = self._simulator.state.devices.get(user_code)
        if device is None or not self._is_open_here(device):
            self._attempts.note_wrong(browser, tick)
            return html_reply(404, page_text.wrong_code(), headers)
        return html_reply(200, self._question(device, browser), headers)

    def _is_open_here(self, device: Device) -> bool:
        """True if somebody may decide on this page: a browser sign-in has one of its own."""
        is_pending = device.state(self._simulator.now().at) is DeviceState.PENDING
        return is_pending and device.browser is None

    def _question(self, device: Device, browser: str) -> Html:
        token = self._sessions.token(browser, device.user_code)
        agent = self._user_agent_of(device)
        return page_text.ask(Question.about(device, token, self._simulator.now().at, agent))

    def _user_agent_of(self, device: Device) -> str | None:
        """Return the client's name for itself in its last request, if that is still in the log."""
        number = self._simulator.stories[device.user_code].last_exchange
        exchange = self._simulator.log.exchanges.get(number) if number is not None else None
        headers = exchange.request_headers if exchange else ()
        names = (value for name, value in headers if name.lower() == b"user-agent")
        name = next(names, b"")
        return name.decode("utf-8", "backslashreplace") or None

    async def _decide(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request, FORM_BYTES)
        try:
            form = decision_form(request.headers, body)
        except FormError as error:
            return _not_ours(error)
        user_code = canonical_user_code(form.user_code)
        browser = self._sessions.browser_at(request)
        # Before the code is looked at: without its token, nothing can be learnt about a code here.
        if browser is None or not self._sessions.proves(form.csrf_token, browser, user_code):
            return html_reply(403, page_text.refused("Nothing was decided", _NO_PROOF))
        device = self._simulator.state.devices.get(user_code)
        if device is None:
            return html_reply(404, page_text.wrong_code())

        async def truth() -> StreamResponse:
            return self._carry_out(form.decision, user_code)

        return await self._gate.decide(request, device, body, truth)

    def _carry_out(self, decision: Decision, user_code: str) -> StreamResponse:
        reply = self._simulator.dispatch(DECISIONS[decision](user_code, Actor.USER))
        if isinstance(reply, Impossible):
            return self._too_late(reply)
        page = page_text.approved if decision is Decision.APPROVE else page_text.denied
        return html_reply(200, page(reply.device.client_name))

    def _too_late(self, reply: Impossible) -> StreamResponse:
        """Say who or what was quicker: the operator, another window, or the clock."""
        device = self._simulator.state.devices.get(reply.user_code)
        if reply.hindrance is Hindrance.UNKNOWN or device is None:
            return html_reply(404, page_text.wrong_code())
        state = device.state(self._simulator.now().at)
        why = _BY_NOW.get(state, reply.why)
        return html_reply(409, page_text.refused("Nothing was changed", why))


_NO_PROOF = (
    "This form was not made for this browser, or it is from an earlier run of oidc-sim. "
    "Enter the code again."
)


def _not_ours(error: FormError) -> StreamResponse:
    return html_reply(400, page_text.refused("That could not be read", str(error)))
