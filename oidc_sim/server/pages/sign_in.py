"""The page of a browser sign-in: it asks, waits, and sends the browser back; see ``authorize``."""

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.commands import DECISIONS, FinishBrowserSignIn, NoteBrowser
from oidc_sim.engine.model import Actor, BrowserRequest, Device
from oidc_sim.engine.replies import Refused, SendBack, StillWaiting
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.responses import RawResponse, html_reply, page_policy, redirect_reply
from oidc_sim.server.http.routes import Protection, Route
from oidc_sim.server.pages import page_text
from oidc_sim.server.pages.forms import (
    FORM_BYTES,
    DecisionForm,
    FormError,
    PageSessions,
    decision_form,
)
from oidc_sim.server.pages.page_text import Question
from oidc_sim.server.pages.redirect import SEE_OTHER, WayBack
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.http import query_of

LOOK_EVERY_S = 0.1
MOST = 100
"""Held at once; there are 512 connections for everybody (T-33)."""

EXPECTED_S = 15.0
"""A page asks again two seconds after it was shown; a browser that has not by then, has left."""
LOOKS_FOR_MISSING_EVERY_S = 1.0
MOST_EXPECTED = 10_000
"""Remembered; of more, the first counts as missing."""

Outcome = SendBack | StillWaiting | Refused
"""The engine's answers to a browser that asks where to go."""


class Presence:
    """Follows which sign-ins have a browser on their page, or a program that waits in its place.

    A browser on the page has a request here nearly all the time, so its absence is known: at once when
    the held request hangs up, and soon when the next one does not come. The engine learns changes alone.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._held: Counter[str] = Counter()
        self._shown: OrderedDict[str, float] = OrderedDict()
        """User codes of pages that were shown, to the tick of that; the oldest first."""
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    def close(self) -> None:
        """Report nothing any more: the server stops, and it is not the browsers that leave."""
        self._is_closed = True
        self._shown.clear()

    def expect(self, user_code: str) -> None:
        """Note that a browser came for this sign-in, and should come again soon."""
        if self._is_closed:
            return
        self._tell(user_code, is_there=True)
        self._shown[user_code] = self._simulator.now().tick
        self._shown.move_to_end(user_code)
        if len(self._shown) > MOST_EXPECTED:
            self._miss(next(iter(self._shown)))
        self._arm()

    @contextmanager
    def held(self, user_code: str) -> Iterator[None]:
        """Count a held request while the block runs; one that is cancelled meanwhile has hung up."""
        self._shown.pop(user_code, None)
        self._held[user_code] += 1
        self._tell(user_code, is_there=True)
        try:
            yield
        except asyncio.CancelledError:
            self._let_go(user_code)
            if not self._held[user_code] and user_code not in self._shown:
                self._tell(user_code, is_there=False)
            raise
        self._let_go(user_code)
        self.expect(user_code)

    def look(self) -> None:
        """Report the browsers that should have come again by now."""
        due = self._simulator.now().tick - EXPECTED_S
        while self._shown and self._shown[next(iter(self._shown))] <= due:
            self._miss(next(iter(self._shown)))

    def _let_go(self, user_code: str) -> None:
        self._held[user_code] -= 1
        self._held += Counter()  # keeps what is more than nothing

    def _miss(self, user_code: str) -> None:
        ago_s = self._simulator.now().tick - self._shown.pop(user_code)
        if not self._held[user_code]:
            self._tell(user_code, is_there=False, ago_s=ago_s)

    def _tell(self, user_code: str, *, is_there: bool, ago_s: float = 0.0) -> None:
        if not self._is_closed:
            note = NoteBrowser(user_code=user_code, is_there=is_there, ago_s=ago_s)
            self._simulator.dispatch(note)

    def _arm(self) -> None:
        if self._timer is None and self._shown:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(LOOKS_FOR_MISSING_EVERY_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self.look()
        finally:  # a failure about one must not keep the others from being looked for
            self._arm()


class WaitingRoom:
    """Holds requests until somebody decides about their sign-ins, and never too many.

    They look ten times a second, as the screen and the event stream do: nothing is posted to anybody when
    a device changes, and a look costs microseconds. So there is nobody to forget to wake.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.presence = Presence(simulator)
        self._held = 0

    @property
    def is_full(self) -> bool:
        """True if one more could not be held."""
        return self._held >= MOST

    def look(self, user_code: str) -> Outcome:
        """Return where this sign-in's browser goes now."""
        return self._simulator.dispatch(FinishBrowserSignIn(user_code))

    async def wait(self, user_code: str, at_most_s: float = math.inf) -> Outcome:
        """Return where the browser goes once that is decided; ``StillWaiting`` when real time is up.

        A caller whose client leaves is cancelled.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (0 if self.is_full else at_most_s)
        self._held += 1
        try:
            with self.presence.held(user_code):
                while isinstance(outcome := self.look(user_code), StillWaiting):
                    if loop.time() >= until:
                        break
                    await asyncio.sleep(LOOK_EVERY_S)
            return outcome
        finally:
            self._held -= 1


SHOWN_S = 2
"""From showing the page to its request that is held."""
HELD_S = 50.0
"""Time that a request is held; a browser may give up after a minute without a byte."""
_MAX_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser on the page of a sign-in that it began."""

    browser: str
    user_code: str
    ticket: str

    @property
    def query(self) -> str:
        """The end of its addresses."""
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
    """Makes the routes of the page. Its tokens are good for no other page: its key is its own."""

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
        """Let the browser that began a sign-in onto its page; returns the address, and headers."""
        browser, cookie = self._sessions.welcome(request)
        return self._visit_of(browser, user_code).page, cookie

    async def _show(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        began = time.perf_counter()
        visit = self._visit(request)
        if visit is None:
            return html_reply(403, page_text.elsewhere())
        self._room.presence.expect(visit.user_code)
        return await self._answer(request, visit, self._room.look(visit.user_code), began)

    async def _wait(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        began = time.perf_counter()
        visit = self._visit(request)
        if visit is None:
            return html_reply(403, page_text.elsewhere())
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
            return html_reply(400, page_text.malformed(str(error)))
        browser = self._sessions.browser_at(request)
        if browser is None or not self._sessions.proves(form.csrf_token, browser, form.user_code):
            return html_reply(403, page_text.unproven())
        visit = self._visit_of(browser, form.user_code)
        return await self._answer(request, visit, self._carry_out(form), began, body)

    def _carry_out(self, form: DecisionForm) -> Outcome:
        """Decide, unless somebody was quicker: then the browser goes back with their decision."""
        self._simulator.dispatch(DECISIONS[form.decision](form.user_code, Actor.USER))
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
        token = self._sessions.token(visit.browser, device.user_code)
        question = Question.about(device, token, self._simulator.now().at)
        page = page_text.ask_and_wait(question, client.removeprefix("http://"), visit.page)
        headers = {
            "Content-Security-Policy": page_policy(client),
            "Refresh": f"{SHOWN_S}; url={visit.wait}",
        }
        return html_reply(200, page, headers)

    def _over(self, visit: Visit) -> RawResponse:
        device = self._simulator.state.devices.get(visit.user_code)
        if device is None:
            return html_reply(404, page_text.forgotten())
        return html_reply(410, page_text.over(device.state(self._simulator.now().at)))

    def _visit(self, request: BaseRequest) -> Visit | None:
        """Return the visit of a request whose address and cookie belong together."""
        browser = self._sessions.browser_at(request)
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


def _on_ticket(user_code: str) -> str:
    """Name what a ticket is for: it is in an address, and must not be good as a form's token."""
    return f"{user_code} ticket"


def _origin(asked: BrowserRequest | None) -> str:
    """Return scheme and authority of the client's address, which is ``http://127.0.0.1`` and a port."""
    assert asked is not None  # noqa: S101 - only a browser sign-in waits for its browser
    scheme, _, rest = asked.redirect_uri.partition("//")
    return f"{scheme}//{rest.partition('/')[0]}"
