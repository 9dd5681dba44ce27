"""The control routes that holds and faults have in common: both are rules that lie in wait."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from aiohttp.web import BaseRequest, StreamResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from oidc_sim.engine.arrival import Target
from oidc_sim.engine.commands import PauseRule, RemoveRule
from oidc_sim.engine.replies import Hindrance, Impossible, Reply, RuleStands
from oidc_sim.engine.rules import MAX_COUNT, MAX_LIFETIME_S
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.held_actions import read_filter
from oidc_sim.server.control_answers import number_in, told
from oidc_sim.server.plain import json_reply
from oidc_sim.server.routes import Endpoint, Protection, Route
from oidc_sim.server.rule_view import rule_view, rule_views
from oidc_sim.simulator import Simulator

_ALL = 'this would catch every request: send {"all": true} with it if that is meant'
_Text = Annotated[str, Field(min_length=1, max_length=500)]


class RuleWish(BaseModel):
    """Whom a new rule is for, and how long it lasts; ``times`` is the kind's own."""

    model_config = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)

    operation: _Text | None = None
    client_id: _Text | None = None
    user_code: _Text | None = None
    filter: Annotated[str, Field(max_length=500)] = ""
    skip: int = Field(0, ge=0, le=MAX_COUNT)
    ttl_s: float = Field(600.0, gt=0, le=MAX_LIFETIME_S)
    all: StrictBool = False

    def target(self) -> Target:
        """Whom it is for.

        Raises:
            ValueError: The filter is none, or everything is meant and that was not confirmed.
        """
        target = Target(
            operation=self.operation,
            client_id=self.client_id,
            user_code=self.user_code and canonical_user_code(self.user_code),
            filter=read_filter(self.filter),
        )
        if target.is_everything and not self.all:
            raise ValueError(_ALL)
        return target


class RuleRoutes:
    """Lists, pauses and removes the rules of one kind, and answers with a new one."""

    def __init__(self, simulator: Simulator, path: str, *, holds: bool) -> None:
        """Take the kind.

        Args:
            simulator: Whose rules.
            path: Under which they are found; its last part names the list in the answer.
            holds: Whether they are the holds, or the faults.
        """
        self._simulator = simulator
        self._path = path
        self._holds = holds

    def routes(self) -> Iterable[Route]:
        """All but the one that adds."""
        yield control_route("GET", self._path, self._list)
        yield control_route("DELETE", f"{self._path}/{{number}}", self._remove)
        for name, is_paused in (("pause", True), ("resume", False)):
            path = f"{self._path}/{{number}}/{name}"
            yield control_route("POST", path, self._pausing(is_paused=is_paused))

    def told_new(self, reply: Reply) -> StreamResponse:
        """The rule that was added, or why it was not."""
        if not isinstance(reply, RuleStands):
            return told(reply, {})
        rule = self._simulator.state.rules[reply.rule_id]
        return json_reply(200, rule_view(rule, self._simulator.now().tick))

    async def _list(self, _request: BaseRequest, _match: Mapping[str, str]) -> StreamResponse:
        name = self._path.rpartition("/")[2]
        return json_reply(200, {name: rule_views(self._simulator, holds=self._holds)})

    async def _remove(self, _request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
        number = number_in(match)
        return told(self._do(RemoveRule(number), number), {"id": number, "removed": True})

    def _pausing(self, *, is_paused: bool) -> Endpoint:
        async def pause(_request: BaseRequest, match: Mapping[str, str]) -> StreamResponse:
            number = number_in(match)
            reply = self._do(PauseRule(rule_id=number, is_paused=is_paused), number)
            return told(reply, {"id": number, "is_paused": is_paused})

        return pause

    def _do(self, command: PauseRule | RemoveRule, number: int) -> Reply:
        """Only to a rule of this kind."""
        rule = self._simulator.state.rules.get(number)
        if rule is not None and (rule.fault is None) != self._holds:
            other = "fault" if self._holds else "hold"
            return Impossible("", Hindrance.UNKNOWN, f"rule {number} is a {other}")
        return self._simulator.dispatch(command)


def control_route(method: str, path: str, endpoint: Endpoint) -> Route:
    """A route that wants the control token."""
    return Route(method, path, endpoint, Protection.TOKEN)
