"""Finds the function of an action's id, for the server and for standard input."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from oidc_sim.actions.answer import Act, Answer, Asked, done
from oidc_sim.actions.approve_all import approve_all_pending
from oidc_sim.actions.clock import set_clock
from oidc_sim.actions.demos import run_demo
from oidc_sim.actions.devices import deeds
from oidc_sim.actions.evidence import give_evidence
from oidc_sim.actions.held import HeldRequests
from oidc_sim.actions.rule_view import BOTH, FAULTS, HOLDS
from oidc_sim.actions.rules import Rules, list_catalogue
from oidc_sim.actions.switch import switch_auto_approve
from oidc_sim.actions.views import state_view
from oidc_sim.demo.demos import Demos
from oidc_sim.engine.commands import Reset
from oidc_sim.simulator.simulator import Simulator

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
        **dict(deeds(simulator)),
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
