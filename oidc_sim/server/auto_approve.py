"""The control route that switches auto-approve: the one wish that comes with a body."""

from collections.abc import Mapping

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError

from oidc_sim.actions import AUTO_APPROVE
from oidc_sim.engine.commands import SetAutoApprove
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Protection, Route
from oidc_sim.simulator import Simulator

PATH = f"/_sim/{AUTO_APPROVE}"
_BODY_BYTES = 1024
_USAGE = 'send {"on": true} or {"on": false}'


class Wish(BaseModel):
    """What the body says."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    on: StrictBool


def auto_approve_route(simulator: Simulator) -> Route:
    """The route for one simulator."""

    async def switch(request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request, _BODY_BYTES)
        try:
            wish = Wish.model_validate_json(body)
        except ValidationError:
            return bad_request(_USAGE)
        simulator.dispatch(SetAutoApprove(is_on=wish.on))
        return json_reply(200, {"auto_approve": simulator.state.policy.auto_approves})

    return Route("POST", PATH, switch, Protection.TOKEN)
