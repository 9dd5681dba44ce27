"""The control routes of faults: what can be injected, what lies in wait, and how that went."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import Field, ValidationError

from oidc_sim.engine.arrival import Setting, Trigger
from oidc_sim.engine.commands import AddRule
from oidc_sim.engine.rules import MAX_COUNT
from oidc_sim.server.body import read_body
from oidc_sim.server.control_answers import bad_request
from oidc_sim.server.fault_teller import FaultTeller
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Route
from oidc_sim.server.rule_routes import RuleRoutes, RuleWish, control_route
from oidc_sim.simulator import Simulator

if TYPE_CHECKING:
    from oidc_sim.engine.faults import Fault

PATH = "/_sim/faults"
_USAGE = (
    'send {"fault": NAME} and any of {"settings", "operation", "client_id", "user_code", "filter", '
    '"skip", "times", "probability", "seed", "ttl_s"}; times is a number or "always"'
)
_ALWAYS = "always"


class FaultRuleWish(RuleWish):
    """What the body of a new fault says."""

    fault: Annotated[str, Field(max_length=60)]
    settings: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    times: Annotated[int, Field(ge=1, le=MAX_COUNT)] | str | None = 1
    probability: float = Field(1.0, ge=0, le=1)
    seed: int = 0

    def command(self) -> AddRule:
        """What the engine is asked.

        Raises:
            ValueError: As ``target`` raises it, or ``times`` is another word than "always".
        """
        if isinstance(self.times, str) and self.times != _ALWAYS:
            raise ValueError(_USAGE)
        trigger = Trigger(
            skip=self.skip,
            times=self.times if isinstance(self.times, int) else None,
            probability=self.probability,
            seed=self.seed,
            lifetime_s=self.ttl_s,
        )
        settings: dict[str, Setting] = dict(self.settings)
        return AddRule(fault=self.fault, settings=settings, target=self.target(), trigger=trigger)


class FaultControl:
    """Makes the routes for one simulator."""

    def __init__(self, simulator: Simulator, teller: FaultTeller) -> None:
        self._simulator = simulator
        self._rules = RuleRoutes(simulator, PATH, holds=False)
        self._teller = teller

    def routes(self) -> Iterable[Route]:
        """All of them."""
        yield from self._rules.routes()
        yield control_route("GET", f"{PATH}/catalogue", self._catalogue)
        yield control_route("POST", PATH, self._add)

    async def _catalogue(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        from oidc_sim.engine.catalogue import CATALOGUE  # seldom asked for

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
        return self._rules.told_new(self._simulator.dispatch(command))


def fault_view(fault: "Fault") -> dict[str, Any]:
    """One row of the catalogue."""
    from oidc_sim.wire.faults import made_for, shown

    fit = made_for(fault.name)
    fits = {"operations": sorted(fit.operations), "grants": sorted(fit.grants)}
    return {**asdict(fault), "shows": shown(fault), **fits}
