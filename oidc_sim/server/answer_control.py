"""The control routes that answer one held request with a fault, or with what somebody wrote."""

from collections.abc import Mapping
from typing import Annotated

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oidc_sim.engine.arrival import Decision
from oidc_sim.engine.commands import DecideHeld
from oidc_sim.engine.held import EDIT, FAULT
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request, number_in, told
from oidc_sim.server.fault_teller import FaultTeller
from oidc_sim.simulator import Simulator
from oidc_sim.wire.edited import objection_to

_FAULT_USAGE = 'send {"fault": "slow-down"}, and "settings" where it has some'
_EDIT_USAGE = 'send {"status": 400, "headers": [["Content-Type", "application/json"]], "body": ""}'
_STRICT = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)


class FaultWish(BaseModel):
    """What the body says of a fault."""

    model_config = _STRICT

    fault: Annotated[str, Field(max_length=60)]
    settings: dict[str, str | int | float | bool | None] = {}


class EditWish(BaseModel):
    """What the body says of an answer."""

    model_config = _STRICT

    status: int
    headers: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = []
    body: str = ""


class AnswerControl:
    """Makes the endpoints for one simulator."""

    def __init__(self, simulator: Simulator, teller: FaultTeller) -> None:
        self._simulator = simulator
        self._teller = teller

    async def fault(self, request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        """Answer it with a fault of the catalogue."""
        try:
            wish = FaultWish.model_validate_json(await read_body(request))
        except ValidationError:
            return bad_request(_FAULT_USAGE)
        if (why := self._teller.objection(wish.fault, wish.settings)) is not None:
            return bad_request(why)
        return self._decide(match, Decision(how=FAULT, fault=wish.fault, settings=wish.settings))

    async def edit(self, request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        """Answer it with what is in the body."""
        try:
            wish = EditWish.model_validate_json(await read_body(request))
        except ValidationError:
            return bad_request(_EDIT_USAGE)
        decision = Decision(
            how=EDIT,
            status=wish.status,
            headers=tuple((name, value) for name, value in wish.headers),
            body=wish.body.encode("utf-8", "replace"),
        )
        if (why := objection_to(decision)) is not None:
            return bad_request(why)
        return self._decide(match, decision)

    def _decide(self, match: Mapping[str, str], decision: Decision) -> StreamResponse:
        number = number_in(match)
        reply = self._simulator.dispatch(DecideHeld(number=number, decision=decision))
        return told(reply, {"number": number, "decision": decision.how})
