"""The control routes of holds: what lies in wait, and what becomes of what it holds (design.md §10)."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule, PauseRule, ReleaseAll, RemoveRule
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Reply, RuleStands
from oidc_sim.engine.rules import MAX_COUNT, MAX_LIFETIME_S
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.held_actions import HELD_ACTIONS, act_on_held, hold_device, read_filter
from oidc_sim.server.answer_control import AnswerControl
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request, number_in, told
from oidc_sim.server.fault_teller import FaultTeller
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.server.rule_view import held_views, rule_view, rule_views
from oidc_sim.simulator import Simulator

PATH = "/_sim/holds"
_BODY_BYTES = 4096
_USAGE = (
    'send any of {"operation", "client_id", "user_code", "filter", "skip", "times", "ttl_s"}; '
    "times null is always, ttl_s is at most a day"
)
_ALL = 'this would hold every request: send {"all": true} with it if that is meant'
_Text = Annotated[str, Field(min_length=1, max_length=500)]


class HoldWish(BaseModel):
    """What the body of a new hold says."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    operation: _Text | None = None
    client_id: _Text | None = None
    user_code: _Text | None = None
    filter: Annotated[str, Field(max_length=500)] = ""
    skip: int = Field(0, ge=0, le=MAX_COUNT)
    times: int | None = Field(1, ge=1, le=MAX_COUNT)
    ttl_s: float = Field(600.0, gt=0, le=MAX_LIFETIME_S)
    all: StrictBool = False

    def command(self) -> AddRule:
        """What the engine is asked.

        Raises:
            ValueError: The filter is none, or everything is meant and that was not confirmed.
        """
        user_code = self.user_code and canonical_user_code(self.user_code)
        target = Target(
            operation=self.operation,
            client_id=self.client_id,
            user_code=user_code,
            filter=read_filter(self.filter),
        )
        if target.is_everything and not self.all:
            raise ValueError(_ALL)
        trigger = Trigger(skip=self.skip, times=self.times, lifetime_s=self.ttl_s)
        return AddRule(target=target, trigger=trigger)


class HoldsControl:
    """Makes the routes for one simulator."""

    def __init__(self, simulator: Simulator, teller: FaultTeller) -> None:
        self._simulator = simulator
        self._answers = AnswerControl(simulator, teller)

    def routes(self) -> Iterable[Route]:
        """All of them."""
        yield _route("GET", PATH, self._list)
        yield _route("POST", PATH, self._add)
        yield _route("DELETE", f"{PATH}/{{number}}", self._remove)
        yield _route("POST", f"{PATH}/{{number}}/pause", self._pausing(is_paused=True))
        yield _route("POST", f"{PATH}/{{number}}/resume", self._pausing(is_paused=False))
        yield _route("POST", "/_sim/devices/{user_code}/hold", self._hold_device)
        yield _route("GET", "/_sim/requests/held", self._list_held)
        yield _route("POST", "/_sim/requests/release-all", self._release_all)
        for action in HELD_ACTIONS:
            path = f"/_sim/requests/{{number}}/{action.name}"
            yield _route("POST", path, self._acting(action.name))
        yield _route("POST", "/_sim/requests/{number}/fault", self._answers.fault)
        yield _route("POST", "/_sim/requests/{number}/edit", self._answers.edit)

    async def _list(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"holds": rule_views(self._simulator, holds=True)})

    async def _list_held(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        return json_reply(200, {"held": held_views(self._simulator)})

    async def _add(self, request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        body = await read_body(request, _BODY_BYTES)
        try:
            command = HoldWish.model_validate_json(body or b"{}").command()
        except ValidationError:
            return bad_request(_USAGE)
        except ValueError as error:
            return bad_request(str(error))
        return self._told_rule(self._simulator.dispatch(command))

    async def _hold_device(self, _request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        return self._told_rule(
            hold_device(self._simulator, canonical_user_code(match["user_code"]))
        )

    async def _remove(self, _request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        number = number_in(match)
        return told(self._simulator.dispatch(RemoveRule(number)), {"id": number, "removed": True})

    def _pausing(self, *, is_paused: bool) -> Endpoint:
        async def pause(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
            number = number_in(match)
            reply = self._simulator.dispatch(PauseRule(rule_id=number, is_paused=is_paused))
            return told(reply, {"id": number, "is_paused": is_paused})

        return pause

    async def _release_all(
        self, _request: BaseRequest, _match: Mapping[str, str]
    ) -> StreamResponse:
        waiting = sum(it.decision is None for it in self._simulator.state.held.values())
        self._simulator.dispatch(ReleaseAll())
        return json_reply(200, {"released": waiting})

    def _acting(self, name: str) -> Endpoint:
        async def act(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
            number = number_in(match)
            reply = act_on_held(self._simulator, number, name, Actor.SCRIPT)
            return told(reply, {"number": number, "decision": name})

        return act

    def _told_rule(self, reply: Reply) -> StreamResponse:
        if not isinstance(reply, RuleStands):
            return told(reply, {})
        rule = self._simulator.state.rules[reply.rule_id]
        return json_reply(200, rule_view(rule, self._simulator.now().tick))


def _route(method: str, path: str, endpoint: Endpoint) -> Route:
    return Route(method, path, endpoint, Protection.TOKEN)
