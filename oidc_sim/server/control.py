"""The control API under ``/_sim/``: what the keys do, for programs (design.md §10).

Every route but health wants the bearer token of the ready file; the entrance checks it, together
with Origin and the content type, before anything here runs (threats.md T-11).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.actions import DEVICE_ACTIONS, DeviceAction
from oidc_sim.demo.demos import Demos
from oidc_sim.engine.commands import Reset
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Changed
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.server.auto_approve import auto_approve_route
from oidc_sim.server.client_control import client_routes
from oidc_sim.server.clock_control import clock_route
from oidc_sim.server.control_answers import bad_request, number_of, told
from oidc_sim.server.demo_control import demo_route
from oidc_sim.server.evidence_control import evidence_route
from oidc_sim.server.fault_control import FaultControl
from oidc_sim.server.fault_teller import FaultTeller
from oidc_sim.server.holds_control import HoldsControl
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.server.stream import stream_events
from oidc_sim.server.views import device_view, state_view
from oidc_sim.simulator import Simulator


class Control:
    """Makes the control routes of one simulator."""

    def __init__(
        self,
        simulator: Simulator,
        demos: Demos,
        teller: FaultTeller,
        url: str,
        journal: Callable[[], Mapping[str, Any] | None],
    ) -> None:
        self._holds = HoldsControl(simulator, teller)
        self._faults = FaultControl(simulator, teller)
        self._simulator = simulator
        self._demos = demos
        self._journal = journal
        self._url = url

    def routes(self) -> Iterable[Route]:
        """All of them."""
        yield Route("GET", "/_sim/health", self._health, Protection.OPEN)
        yield Route("GET", "/_sim/state", self._state, Protection.TOKEN)
        yield Route("GET", "/_sim/events", self._events, Protection.TOKEN)
        yield Route("POST", "/_sim/reset", self._reset, Protection.TOKEN)
        yield auto_approve_route(self._simulator)
        yield demo_route(self._demos)
        yield evidence_route(self._simulator, self._url)
        yield clock_route(self._simulator)
        yield from self._holds.routes()
        yield from client_routes(self._simulator)
        yield from self._faults.routes()
        for action in DEVICE_ACTIONS:
            path = f"/_sim/devices/{{user_code}}/{action.name}"
            yield Route("POST", path, self._endpoint_of(action), Protection.TOKEN)

    async def _health(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"status": "ok"})

    async def _state(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {**state_view(self._simulator), "journal": self._journal()})

    async def _events(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        since = request.query.get("since") or request.headers.get("Last-Event-ID") or "0"
        if (number := number_of(since)) is None:
            return bad_request("since is a number of the log")
        return await stream_events(request, self._simulator.log, number)

    async def _reset(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        self._simulator.dispatch(Reset())
        return json_reply(200, {"status": "reset"})

    def _endpoint_of(self, action: DeviceAction) -> Endpoint:
        async def act(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
            user_code = canonical_user_code(match["user_code"])
            return self._act(action, user_code)

        return act

    def _act(self, action: DeviceAction, user_code: str) -> StreamResponse:
        reply = self._simulator.dispatch(action.command(user_code, Actor.SCRIPT))
        device = reply.device if isinstance(reply, Changed) else None
        return told(reply, device_view(self._simulator, device) if device else {})
