"""Rules and held requests as the control API shows them; times left in real seconds."""

from dataclasses import fields
from enum import StrEnum
from typing import Any

from oidc_sim.engine.arrival import Arrival, Held, Rule
from oidc_sim.engine.rules import near_miss, over_because
from oidc_sim.record.lines import settings_json, target_json
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.text.redact import redact_in


class Kind(StrEnum):
    """What a rule does with what it catches."""

    HOLD = "hold"
    FAULT = "fault"


Kinds = frozenset[Kind]
HOLDS: Kinds = frozenset({Kind.HOLD})
FAULTS: Kinds = frozenset({Kind.FAULT})
BOTH = HOLDS | FAULTS


def kind_of(rule: Rule) -> Kind:
    """A rule without a fault holds."""
    return Kind.HOLD if rule.fault is None else Kind.FAULT


_OF_ARRIVAL = tuple(it.name for it in fields(Arrival) if it.name != "stage")
"""Read one by one: thousands may be held, and ``asdict`` takes five times as long."""


def rule_views(simulator: Simulator, kinds: Kinds) -> list[dict[str, Any]]:
    """The rules of these kinds; those that are over too, for the person who waits for them."""
    tick = simulator.now().tick
    rules = simulator.state.rules.values()
    return [rule_view(rule, tick) for rule in rules if kind_of(rule) in kinds]


def rule_view(rule: Rule, tick: float) -> dict[str, Any]:
    """One rule."""
    trigger = rule.trigger
    return {
        "id": rule.rule_id,
        "fault": rule.fault,
        "settings": settings_json(rule.settings),
        **target_json(rule.target),
        "skip": trigger.skip,
        "times": trigger.times,
        "probability": trigger.probability,
        "seed": trigger.seed,
        "ttl_s": trigger.lifetime_s,
        "ends_in_s": max(0.0, round(rule.ends_tick() - tick, 3)),
        "is_paused": rule.is_paused,
        "over_because": over_because(rule, tick) or None,
        "looked_at": rule.looked_at,
        "matched": rule.matched,
        "done": rule.done,
        "so_far": near_miss(rule),
    }


def held_views(simulator: Simulator) -> list[dict[str, Any]]:
    """All that is held, oldest first."""
    tick = simulator.now().tick
    return [held_view(held, tick) for held in simulator.state.held.values()]


def held_view(held: Held, tick: float) -> dict[str, Any]:
    """One held request."""
    arrival = held.arrival
    return {
        "number": held.number,
        "at": held.at,
        **{name: redact_in(getattr(arrival, name)) for name in _OF_ARRIVAL},
        "held_s": round(tick - held.since_tick, 3),
        "left_s": round(held.left_s(tick), 3),
        "is_paused": held.paused_tick is not None,
        "decision": held.decision.how if held.decision else None,
    }
