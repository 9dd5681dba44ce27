"""The control route that starts demo clients and ends them."""

from collections.abc import Mapping

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.demo.demos import MOST, Demos
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.server.control_answers import refusal
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Protection, Route

PATH = "/_sim/demo/{name}"
_NAMES = ", ".join([*PERFORMANCES, STOP])


def demo_route(demos: Demos) -> Route:
    """The route for one server's."""

    async def demo(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        name = match["name"]
        if name == STOP:
            return json_reply(200, {"stopped": demos.stop(), "running": demos.running})
        if name not in PERFORMANCES:
            return refusal(404, "unknown", f"there is no such demo; there are {_NAMES}")
        started = demos.start(name)
        if started is None:
            return refusal(409, "conflict", f"{MOST} demo clients run already; stop ends them")
        return json_reply(200, {"started": started.client, "running": demos.running})

    return Route("POST", PATH, demo, Protection.TOKEN)
