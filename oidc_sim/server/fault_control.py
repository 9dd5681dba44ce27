"""The control routes of faults: what can be injected, what lies in wait, and how that went."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from oidc_sim.engine.arrival import Setting, Target, Trigger
from oidc_sim.engine.catalogue import CATALOGUE
from oidc_sim.engine.commands import AddRule, PauseRule, RemoveRule
from oidc_sim.engine.faults import Fault
from oidc_sim.engine.replies import RuleStands
from oidc_sim.engine.rules import MAX_COUNT, MAX_LIFETIME_S
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.held_actions import read_filter
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request, number_in, told
from oidc_sim.server.fault_teller import FaultTeller
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.server.rule_view import rule_view, rule_views
from oidc_sim.simulator import Simulator
from oidc_sim.wire.faults import made_for, shown

PATH = "/_sim/faults"
_USAGE = (
    'send {"fault": NAME} and any of {"settings", "operation", "client_id", "user_code", "filter", '
    '"skip", "times", "probability", "seed", "ttl_s"}; times is a number or "always"'
)
_ALL = 'this would catch every request: send {"all": true} with it if that is meant'
_ALWAYS = "always"
_Text = Annotated[str, Field(min_length=1, max_length=500)]


class FaultRuleWish(BaseModel):
    """What the body of a new fault says."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    fault: Annotated[str, Field(max_length=60)]
    settings: dict[str, str | int | float | bool | None] = {}
    operation: _Text | None = None
    client_id: _Text | None = None
    user_code: _Text | None = None
    filter: Annotated[str, Field(max_length=500)] = ""
    skip: int = Field(0, ge=0, le=MAX_COUNT)
    times: Annotated[int, Field(ge=1, le=MAX_COUNT)] | str | None = 1
    probability: float = Field(1.0, ge=0, le=1)
    seed: int = 0
    ttl_s: float = Field(600.0, gt=0, le=MAX_LIFETIME_S)
    all: StrictBool = False

    def command(self) -> AddRule:
        """What the engine is asked.

        Raises:
            ValueError: The filter is none, or everything is meant and that was not confirmed.
        """
        if isinstance(self.times, str) and self.times != _ALWAYS:
            raise ValueError(_USAGE)
        target = Target(
            operation=self.operation,
            client_id=self.client_id,
            user_code=self.user_code and canonical_user_code(self.user_code),
            filter=read_filter(self.filter),
        )
        if target.is_everything and not self.all:
            raise ValueError(_ALL)
        trigger = Trigger(
            skip=self.skip,
            times=self.times if isinstance(self.times, int) else None,
            probability=self.probability,
            seed=self.seed,
            lifetime_s=self.ttl_s,
        )
        settings: dict[str, Setting] = dict(self.settings)
        return AddRule(fault=self.fault, settings=settings, target=target, trigger=trigger)


class FaultControl:
    """Makes the routes for one simulator."""

    def __init__(self, simulator: Simulator, teller: FaultTeller) -> None:
        self._simulator = simulator
        self._teller = teller

    def routes(self) -> Iterable[Route]:
        """All of them."""
        yield _route("GET", PATH, self._list)
        yield _route("GET", f"{PATH}/catalogue", self._catalogue)
        yield _route("POST", PATH, self._add)
        yield _route("DELETE", f"{PATH}/{{number}}", self._remove)
        yield _route("POST", f"{PATH}/{{number}}/pause", self._pausing(is_paused=True))
        yield _route("POST", f"{PATH}/{{number}}/resume", self._pausing(is_paused=False))

    async def _list(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"faults": rule_views(self._simulator, holds=False)})

    async def _catalogue(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"catalogue": [fault_view(fault) for fault in CATALOGUE]})

    async def _add(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        try:
            wish = FaultRuleWish.model_validate_json(await read_body(request))
            command = wish.command()
        except ValidationError:
            return bad_request(_USAGE)
        except ValueError as error:
            return bad_request(str(error))
        if (why := self._teller.objection(wish.fault, wish.settings)) is not None:
            return bad_request(why)
        reply = self._simulator.dispatch(command)
        if not isinstance(reply, RuleStands):
            return told(reply, {})
        rule = self._simulator.state.rules[reply.rule_id]
        return json_reply(200, rule_view(rule, self._simulator.now().tick))

    async def _remove(self, _request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        number = number_in(match)
        return told(self._simulator.dispatch(RemoveRule(number)), {"id": number, "removed": True})

    def _pausing(self, *, is_paused: bool) -> Endpoint:
        async def pause(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
            number = number_in(match)
            reply = self._simulator.dispatch(PauseRule(rule_id=number, is_paused=is_paused))
            return told(reply, {"id": number, "is_paused": is_paused})

        return pause


def fault_view(fault: Fault) -> dict[str, Any]:
    """One row of the catalogue."""
    return {**asdict(fault), "shows": shown(fault), "operations": sorted(made_for(fault.name))}


def _route(method: str, path: str, endpoint: Endpoint) -> Route:
    return Route(method, path, endpoint, Protection.TOKEN)
