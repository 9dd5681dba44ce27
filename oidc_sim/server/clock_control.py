"""The control route of the clock: steps it, stops it, lets it go on (design.md §10)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from oidc_sim.engine.clockwork import LEAST_STEP_S, MOST_STEP_S
from oidc_sim.engine.commands import FreezeClock, StepClock
from oidc_sim.engine.replies import ClockMoved, Lapses
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Protection, Route
from oidc_sim.server.views import clock_view
from oidc_sim.simulator import Simulator

PATH = "/_sim/clock"
_BODY_BYTES = 1024
_USAGE = (
    'send {"advance_s": 600}, {"frozen": true} or both; '
    "the clock steps from 1 s to 10 years forwards"
)


class ClockWish(BaseModel):
    """What the body says."""

    model_config = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)

    advance_s: float | None = Field(None, ge=LEAST_STEP_S, le=MOST_STEP_S)
    frozen: StrictBool | None = None


def clock_route(simulator: Simulator) -> Route:
    """The route for one simulator."""

    async def set_clock(request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request, _BODY_BYTES)
        try:
            wish = ClockWish.model_validate_json(body)
        except ValidationError:
            return bad_request(_USAGE)
        if wish.advance_s is None and wish.frozen is None:
            return bad_request(_USAGE)
        return json_reply(200, {**_obey(simulator, wish), **clock_view(simulator)})

    return Route("POST", PATH, set_clock, Protection.TOKEN)


def _obey(simulator: Simulator, wish: ClockWish) -> dict[str, Any]:
    lapses = Lapses()
    if wish.frozen is not None:
        simulator.dispatch(FreezeClock(is_frozen=wish.frozen))
    if wish.advance_s is not None:
        reply = simulator.dispatch(StepClock(by_s=wish.advance_s))
        assert isinstance(reply, ClockMoved)  # noqa: S101 - the bounds are the body's too
        lapses = reply.lapses
    return {"lapsed": asdict(lapses)}
