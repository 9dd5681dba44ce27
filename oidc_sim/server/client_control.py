"""The control routes that end a registration before its time, and take that back."""

from collections.abc import Iterable, Mapping

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.actions import CLIENT_ACTIONS, ClientAction
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import ClientChanged, Hindrance, Impossible
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.server.views import client_view
from oidc_sim.simulator import Simulator

_STATUS = {Hindrance.UNKNOWN: 404, Hindrance.CONFLICT: 409}


def client_routes(simulator: Simulator) -> Iterable[Route]:
    """The routes for one simulator."""
    for action in CLIENT_ACTIONS:
        path = f"/_sim/clients/{{client_id}}/{action.route}"
        yield Route("POST", path, _endpoint(simulator, action), Protection.TOKEN)


def _endpoint(simulator: Simulator, action: ClientAction) -> Endpoint:
    async def act(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        command = action.command(client_id=match["client_id"], by=Actor.SCRIPT)
        reply = simulator.dispatch(command)
        if isinstance(reply, Impossible):
            problem = {"error": reply.hindrance, "reason": reply.why}
            return json_reply(_STATUS[reply.hindrance], problem)
        assert isinstance(reply, ClientChanged)  # noqa: S101 - the engine answers these in two ways
        return json_reply(200, client_view(reply.client))

    return act
