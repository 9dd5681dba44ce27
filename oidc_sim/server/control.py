"""The control API under ``/_sim/``: the table of actions over HTTP.

Every route but health wants the bearer token of the ready file; the entrance checks it, together
with Origin and the content type, before anything here runs (T-11).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.actions.answer import Act, Answer, Asked, Later, bad_request, number_of
from oidc_sim.actions.aside import MOST_AT_ONCE, aside
from oidc_sim.actions.operations import EVENTS, Journal, more_routes, operations
from oidc_sim.actions.table import ACTIONS
from oidc_sim.demo.demos import Demos
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.plain import encoded_json_reply, json_reply
from oidc_sim.server.http.raw_response import RawResponse
from oidc_sim.server.http.routes import Endpoint, Protection, Route
from oidc_sim.server.stream import stream_events
from oidc_sim.simulator.simulator import Simulator


class Control:
    """Makes the control routes of one simulator."""

    def __init__(self, simulator: Simulator, demos: Demos, url: str, journal: Journal) -> None:
        self._simulator = simulator
        self._acts = operations(simulator, demos, url, journal)

    def routes(self) -> Iterable[Route]:
        """All of them; actions that share a route share what it does."""
        yield Route("GET", "/_sim/health", self._health, Protection.OPEN)
        yield Route("GET", "/_sim/events", self._events, Protection.TOKEN)
        acts = {it.route: self._acts[it.id] for it in ACTIONS if it.id != EVENTS}
        for route, act in {**acts, **dict(more_routes(self._simulator))}.items():
            method, _, path = route.partition(" ")
            yield Route(method, path, _endpoint(act), Protection.TOKEN)

    async def _health(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"status": "ok"})

    async def _events(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        since = request.query.get("since") or request.headers.get("Last-Event-ID") or "0"
        if (number := number_of(since)) is None:
            return _reply(bad_request("since is a number of the log"))
        return await stream_events(request, self._simulator.log, number)


def _endpoint(act: Act) -> Endpoint:
    at_once = asyncio.Semaphore(MOST_AT_ONCE)

    async def answer(request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request)
        answered = act(Asked(texts=match, query=request.query, body=body))
        for _ in answered.turns:
            await asyncio.sleep(0)
        if answered.later is not None:
            async with at_once:  # who asks meanwhile waits
                return await aside(partial(_reply_later, answered, answered.later))
        return _reply(answered)

    return answer


def _reply(answer: Answer) -> RawResponse:
    return json_reply(answer.status, answer.members)


def _reply_later(answer: Answer, later: Later, go_on: Callable[[], None]) -> RawResponse:
    """In a thread, and in pieces: whatever is encoded at one go stops all other threads meanwhile."""
    from oidc_sim.evidence.folder import json_pieces  # evidence alone takes long

    pieces = []
    for piece in json_pieces(later(go_on)):
        go_on()
        pieces.append(piece)
    return encoded_json_reply(answer.status, b"".join(pieces))
