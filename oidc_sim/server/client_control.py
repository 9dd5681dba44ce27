"""The control routes that end a registration before its time, and take that back."""

from collections.abc import Iterable, Mapping

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.actions import CLIENT_ACTIONS, ClientAction
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import ClientChanged
from oidc_sim.server.control_answers import told
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.server.views import client_view
from oidc_sim.simulator import Simulator


def client_routes(simulator: Simulator) -> Iterable[Route]:
    """The routes for one simulator."""
    for action in CLIENT_ACTIONS:
        path = f"/_sim/clients/{{client_id}}/{action.route}"
        yield Route("POST", path, _endpoint(simulator, action), Protection.TOKEN)


def _endpoint(simulator: Simulator, action: ClientAction) -> Endpoint:
    async def act(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        command = action.command(client_id=match["client_id"], by=Actor.SCRIPT)
        reply = simulator.dispatch(command)
        changed = reply if isinstance(reply, ClientChanged) else None
        return told(reply, client_view(changed.client) if changed else {})

    return act
