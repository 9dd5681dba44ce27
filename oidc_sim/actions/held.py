"""Held requests: listed, let go, or answered by somebody."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oidc_sim.actions.answer import (
    Act,
    ControlAnswer,
    ControlRequest,
    answer_to,
    bad_request,
    done,
)
from oidc_sim.actions.rules import HELD_ACTIONS, act_on_held, judged_settings
from oidc_sim.actions.views import held_views
from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.engine.commands import DecideHeld, ReleaseAll
from oidc_sim.engine.held import EDIT, undecided
from oidc_sim.engine.model import Actor
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.edited import objection_to

_FAULT_USAGE = 'send {"fault": "slow-down"}, and "settings" where it has some'
_EDIT_USAGE = (
    'send {"status": 400, "headers": [["Content-Type", "application/json"]], "body": ""}, '
    'and "done": true to have the request done first'
)
_STRICT = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)


class AnswerByFault(BaseModel):
    """The body of an answer by a fault."""

    model_config = _STRICT

    fault: Annotated[str, Field(max_length=60)]
    settings: dict[str, str | int | float | bool | None] = {}


class EditedAnswer(BaseModel):
    """The body of an edited answer.

    Nobody previewed it, so it is sent word for word, and instead of doing the request.
    """

    model_config = _STRICT

    status: int
    headers: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = []
    body: str = ""
    done: bool = False
    """Whether the request is done all the same before this answer is sent."""


class HeldRequests:
    """The held requests of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def acts(self) -> Iterator[tuple[str, Act]]:
        """Give each action by its id."""
        yield "held", self._list
        yield "held.release_all", self._release_all
        yield "held.fault", self._fault
        yield "held.edit", self._edit
        for name in HELD_ACTIONS:
            yield f"held.{name.replace('-', '_')}", self._acting(name)

    def _list(self, _asked: ControlRequest) -> ControlAnswer:
        return done({"held": held_views(self._simulator)})

    def _release_all(self, _asked: ControlRequest) -> ControlAnswer:
        waiting = undecided(self._simulator.state)
        self._simulator.dispatch(ReleaseAll())
        return done({"released": waiting})

    def _acting(self, name: str) -> Act:
        def act(asked: ControlRequest) -> ControlAnswer:
            reply = act_on_held(self._simulator, asked.number, name, Actor.SCRIPT)
            return answer_to(reply, {"number": asked.number, "decision": name})

        return act

    def _fault(self, asked: ControlRequest) -> ControlAnswer:
        try:
            wish = AnswerByFault.model_validate_json(asked.body)
        except ValidationError:
            return bad_request(_FAULT_USAGE)
        try:
            settings = judged_settings(wish.fault, wish.settings)
        except ValueError as error:
            return bad_request(str(error))
        from oidc_sim.faults.catalogue import fault_decision  # seldom asked for

        return self._decide(asked.number, fault_decision(wish.fault, settings))

    def _edit(self, asked: ControlRequest) -> ControlAnswer:
        try:
            wish = EditedAnswer.model_validate_json(asked.body)
        except ValidationError:
            return bad_request(_EDIT_USAGE)
        decision = HeldDecision(
            how=EDIT,
            status=wish.status,
            headers=tuple((name, value) for name, value in wish.headers),
            body=wish.body.encode("utf-8", "replace"),
            is_done=wish.done,
        )
        if (why := objection_to(decision)) is not None:
            return bad_request(why)
        return self._decide(asked.number, decision)

    def _decide(self, number: int, decision: HeldDecision) -> ControlAnswer:
        reply = self._simulator.dispatch(DecideHeld(number=number, decision=decision))
        return answer_to(reply, {"number": number, "decision": decision.how})
