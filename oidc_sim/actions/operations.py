"""Finds the function of an action's id, for the server and for standard input.

Demo clients: started by name, and ended.

Evidence: what a client did, for its maintainers.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oidc_sim.actions.answer import OK, Act, Answer, Asked, bad_request, done, refusal
from oidc_sim.actions.clock import set_clock
from oidc_sim.actions.devices import approve_all_pending, decisions, switch_auto_approve
from oidc_sim.actions.held import HeldRequests
from oidc_sim.actions.rule_view import BOTH, FAULTS, HOLDS
from oidc_sim.actions.rules import Rules, list_catalogue
from oidc_sim.actions.views import state_view
from oidc_sim.demo.demos import MOST, Demos
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.engine.commands import Reset
from oidc_sim.engine.model import canonical_user_code
from oidc_sim.simulator.simulator import Simulator

_NAMES = ", ".join([*PERFORMANCES, STOP])


def run_demo(demos: Demos, asked: Asked) -> Answer:
    """Start one, or stop all."""
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
_USAGE = "give user_code=CODE, or nothing for everything that is kept"
_UNKNOWN = "nothing is kept about this user code"


class Wanted(BaseModel):
    """What the query says."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    user_code: str | None = Field(None, min_length=1, max_length=_CODE_CHARACTERS)


def give_evidence(simulator: Simulator, url: str, asked: Asked) -> Answer:
    """Take what there is now, and make the files of it later: ten thousand requests take a second.

    Args:
        simulator: Whose.
        url: The server's base URL.
        asked: Names a user code, or nothing for everything.
    """
    try:
        code = Wanted.model_validate(dict(asked.query)).user_code
    except ValidationError:
        return bad_request(_USAGE)
    from oidc_sim.evidence.evidence import evidence_of  # seldom asked for
    from oidc_sim.evidence.selection import Selection, take

    selection = Selection(user_code=canonical_user_code(code) if code else None)
    taken = take(simulator, selection, url)
    if taken is None:
        return refusal(404, "unknown", _UNKNOWN)
    return Answer(OK, later=lambda go_on: evidence_of(taken, go_on).members())


EVENTS = "events"
"""The one action that is no function: it goes on for as long as somebody reads."""
Journal = Callable[[], Mapping[str, Any] | None]


def operations(simulator: Simulator, demos: Demos, url: str, journal: Journal) -> dict[str, Act]:
    """Every function by its action's id.

    Args:
        simulator: Whom they act on.
        demos: The demo clients that they start and stop.
        url: The server's base URL.
        journal: Gives the journal as the state shows it.
    """
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


def _state(simulator: Simulator, journal: Journal, _asked: Asked) -> Answer:
    return done({**state_view(simulator), "journal": journal()})


def _reset(simulator: Simulator, _asked: Asked) -> Answer:
    simulator.dispatch(Reset())
    return done({"status": "reset"})
