"""The control routes of holds: what lies in wait, and what becomes of what it holds (design.md §10)."""

from collections.abc import Iterable, Mapping

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import Field, ValidationError

from oidc_sim.engine.arrival import Trigger
from oidc_sim.engine.commands import AddRule, ReleaseAll
from oidc_sim.engine.model import Actor
from oidc_sim.engine.rules import MAX_COUNT
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.held_actions import HELD_ACTIONS, act_on_held, hold_device
from oidc_sim.server.answer_control import AnswerControl
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request, number_in, told
from oidc_sim.server.fault_teller import FaultTeller
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Endpoint, Route
from oidc_sim.server.rule_routes import RuleRoutes, RuleWish, control_route
from oidc_sim.server.rule_view import held_views
from oidc_sim.simulator import Simulator

PATH = "/_sim/holds"
_BODY_BYTES = 4096
_USAGE = (
    'send any of {"operation", "client_id", "user_code", "filter", "skip", "times", "ttl_s"}; '
    "times null is always, ttl_s is at most a day"
)


class HoldWish(RuleWish):
    """What the body of a new hold says."""

    times: int | None = Field(1, ge=1, le=MAX_COUNT)

    def command(self) -> AddRule:
        """What the engine is asked.

        Raises:
            ValueError: As ``target`` raises it.
        """
        trigger = Trigger(skip=self.skip, times=self.times, lifetime_s=self.ttl_s)
        return AddRule(target=self.target(), trigger=trigger)


class HoldsControl:
    """Makes the routes for one simulator."""

    def __init__(self, simulator: Simulator, teller: FaultTeller) -> None:
        self._simulator = simulator
        self._rules = RuleRoutes(simulator, PATH, holds=True)
        self._answers = AnswerControl(simulator, teller)

    def routes(self) -> Iterable[Route]:
        """All of them."""
        yield from self._rules.routes()
        yield control_route("POST", PATH, self._add)
        yield control_route("POST", "/_sim/devices/{user_code}/hold", self._hold_device)
        yield control_route("GET", "/_sim/requests/held", self._list_held)
        yield control_route("POST", "/_sim/requests/release-all", self._release_all)
        for name in HELD_ACTIONS:
            yield control_route("POST", f"/_sim/requests/{{number}}/{name}", self._acting(name))
        yield control_route("POST", "/_sim/requests/{number}/fault", self._answers.fault)
        yield control_route("POST", "/_sim/requests/{number}/edit", self._answers.edit)

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
        return self._rules.told_new(self._simulator.dispatch(command))

    async def _hold_device(self, _request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        return self._rules.told_new(
            hold_device(self._simulator, canonical_user_code(match["user_code"]))
        )

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
