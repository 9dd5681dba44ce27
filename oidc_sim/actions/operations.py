"""The function of each action's id, for the server and standard input; clock, demos and evidence whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from oidc_sim.actions.answer import (
    OK,
    Act,
    ControlAnswer,
    ControlRequest,
    answer_to,
    bad_request,
    done,
    refusal,
)
from oidc_sim.actions.devices import approve_all_pending, decisions, switch_auto_approve
from oidc_sim.actions.held import HeldRequests
from oidc_sim.actions.rules import Rules, list_catalogue
from oidc_sim.actions.views import BOTH, FAULTS, HOLDS, clock_view, state_view
from oidc_sim.demo.demos import MOST, Demos
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.engine.clock import LEAST_STEP_S, MOST_STEP_S
from oidc_sim.engine.commands import FreezeClock, Reset, StepClock
from oidc_sim.engine.model import canonical_user_code
from oidc_sim.engine.replies import Expiries, Impossible
from oidc_sim.simulator.simulator import Simulator

_BOUNDS = "the clock steps from 1 s to 10 years forwards"
_CLOCK_USAGE = f'send {{"advance_s": 600}}, {{"frozen": true}} or both; {_BOUNDS}'


class ClockRequest(BaseModel):
    """The body of a request about the clock."""

    model_config = ConfigDict(extra="forbid", defer_build=True, allow_inf_nan=False, strict=True)

    advance_s: float | None = None
    frozen: StrictBool | None = None


def set_clock(simulator: Simulator, asked: ControlRequest) -> ControlAnswer:
    """Step, then freeze or unfreeze, as the body wants; the answer counts what expired."""
    try:
        wish = ClockRequest.model_validate_json(asked.body)
    except ValidationError:
        return bad_request(_CLOCK_USAGE)
    if wish.advance_s is None and wish.frozen is None:
        return bad_request(_CLOCK_USAGE)
    if wish.advance_s is not None and not LEAST_STEP_S <= wish.advance_s <= MOST_STEP_S:
        return bad_request(_BOUNDS)
    expiries = Expiries()
    if wish.advance_s is not None:
        reply = simulator.dispatch(StepClock(by_s=wish.advance_s))
        if isinstance(reply, Impossible):
            return answer_to(reply, {})
        expiries = reply.expiries
    if wish.frozen is not None:  # afterwards: a step that is refused leaves all as it was
        simulator.dispatch(FreezeClock(is_frozen=wish.frozen))
    return done({"lapsed": asdict(expiries), **clock_view(simulator)})


_NAMES = ", ".join([*PERFORMANCES, STOP])


def run_demo(demos: Demos, asked: ControlRequest) -> ControlAnswer:
    """Start a demo client, or stop all."""
    name = asked.texts["name"]
    if name == STOP:
        return done({"stopped": demos.stop(), "running": demos.running})
    if name not in PERFORMANCES:
        return refusal(404, "unknown", f"there is no such demo; there are {_NAMES}")
    started = demos.start(name)
    if started is None:
        why = f"{MOST} demo clients run already; demo {STOP} ends them"
        return refusal(409, "conflict", why)
    return done({"started": started.client, "running": demos.running})


_CODE_CHARACTERS = 100
_EVIDENCE_USAGE = "give user_code=CODE, or nothing for everything that is kept"
_UNKNOWN = "nothing is kept about this user code"


class Wanted(BaseModel):
    """The query of a request for evidence."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    user_code: str | None = Field(None, min_length=1, max_length=_CODE_CHARACTERS)


def give_evidence(simulator: Simulator, url: str, asked: ControlRequest) -> ControlAnswer:
    """Take what there is now, and make the files of it later: ten thousand requests take a second.

    ``asked`` names a user code, or nothing for everything; ``url`` is the server's base URL.
    """
    try:
        code = Wanted.model_validate(dict(asked.query)).user_code
    except ValidationError:
        return bad_request(_EVIDENCE_USAGE)
    from oidc_sim.evidence.evidence import evidence_of  # seldom asked for
    from oidc_sim.evidence.selection import Selection, take

    selection = Selection(user_code=canonical_user_code(code) if code else None)
    taken = take(simulator, selection, url)
    if taken is None:
        return refusal(404, "unknown", _UNKNOWN)
    return ControlAnswer(OK, later=lambda go_on: evidence_of(taken, go_on).members())


EVENTS = "events"
"""The one action that is no function: it goes on for as long as somebody reads."""
Journal = Callable[[], Mapping[str, Any] | None]


def operations(simulator: Simulator, demos: Demos, url: str, journal: Journal) -> dict[str, Act]:
    """Every function by its action's id; ``url`` is the server's, ``journal`` gives the journal's state."""
    clock = partial(set_clock, simulator)
    return {
        "state": partial(_state, simulator, journal),
        "reset": partial(_reset, simulator),
        "approve_all": partial(approve_all_pending, simulator),
        "auto_approve": partial(switch_auto_approve, simulator),
        "clock.step": clock,
        "clock.freeze": clock,
        "demo": partial(run_demo, demos),
        "evidence": partial(give_evidence, simulator, url),
        "catalogue": list_catalogue,
        **dict(decisions(simulator)),
        **dict(HeldRequests(simulator).acts()),
        **dict(_on_rules(Rules(simulator))),
    }


def more_routes(simulator: Simulator) -> Iterator[tuple[str, Act]]:
    """Routes that list and end rules of one kind only, beside the table's."""
    rules = Rules(simulator)
    for name, kinds in (("holds", HOLDS), ("faults", FAULTS)):
        path = f"/_sim/{name}"
        yield f"GET {path}", rules.list_of(name, kinds)
        yield f"DELETE {path}/{{number}}", rules.remove(kinds)
        for word, is_paused in (("pause", True), ("resume", False)):
            act = rules.pause(kinds, is_paused=is_paused)
            yield f"POST {path}/{{number}}/{word}", act


def _on_rules(rules: Rules) -> Iterator[tuple[str, Act]]:
    yield "hold.toggle", rules.hold_device
    yield "hold.all", rules.hold
    yield "fault.inject", rules.inject
    yield "fault.rules", rules.list_of("rules", BOTH)
    yield "rule.pause", rules.pause(BOTH, is_paused=True)
    yield "rule.resume", rules.pause(BOTH, is_paused=False)
    yield "rule.remove", rules.remove(BOTH)


def _state(simulator: Simulator, journal: Journal, _asked: ControlRequest) -> ControlAnswer:
    return done({**state_view(simulator), "journal": journal()})


def _reset(simulator: Simulator, _asked: ControlRequest) -> ControlAnswer:
    simulator.dispatch(Reset())
    return done({"status": "reset"})
