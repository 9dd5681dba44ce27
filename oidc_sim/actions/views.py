"""The simulator as the control API shows it, as JSON members without a secret.

Times that are left of rules and held requests are real seconds.
"""

from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any

from oidc_sim.engine.arrival import Arrival, Held, Rule
from oidc_sim.engine.directory import Directory, Session
from oidc_sim.engine.model import Client, Device, DeviceState
from oidc_sim.engine.replies import Refused
from oidc_sim.engine.rules import near_miss, over_because
from oidc_sim.record.lines import settings_json, target_json
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.text.redact import redact_in, redact_text


class Kind(StrEnum):
    """The two kinds of rules: one holds a request, the other answers it with a fault."""

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


CLIENT_MEMBERS = (
    "client_id",
    "name",
    "scopes",
    "grant_types",
    "redirect_uris",
    "issued_at",
    "expires_at",
    "was_expired",
    "last_seen_at",
    "devices",
)
"""What is shown of a client: a list, so that a secret that is added to it stays out."""


def state_view(simulator: Simulator) -> dict[str, Any]:
    """Everything that is true now."""
    at, log = simulator.now().at, simulator.log
    devices = [device_view(simulator, device) for device in simulator.state.devices.values()]
    pending = sum(device["state"] == DeviceState.PENDING for device in devices)
    return {
        "clients": [client_view(client) for client in simulator.state.clients.values()],
        "devices": devices,
        "sessions": [session_view(it, at) for it in simulator.state.sessions.values()],
        "auto_approve": simulator.state.auto_approves,
        "faults": rule_views(simulator, FAULTS),
        "holds": rule_views(simulator, HOLDS),
        "held": held_views(simulator),
        "clock": clock_view(simulator),
        "counters": {
            "seq": log.seq,
            "requests": log.exchanges.seen,
            "requests_dropped": log.exchanges.dropped,
            "turned_away": log.turned_away,
            "pending": pending,
        },
        "directory": directory_view(simulator.state.directory),
    }


def clock_view(simulator: Simulator) -> dict[str, Any]:
    """Simulated time in seconds since 1970, and how far it is from the real one."""
    clock = simulator.clock
    return {
        "now": round(clock.now().at, 3),
        "offset_s": round(clock.offset_s, 3),
        "frozen": clock.is_frozen,
    }


def client_view(client: Client) -> dict[str, Any]:
    """A registration as an operator sees it; times in seconds."""
    shown: dict[str, Any] = redact_in({it: getattr(client, it) for it in CLIENT_MEMBERS})
    return shown


def session_view(session: Session, at: float) -> dict[str, Any]:
    """A sign-in after its exchange, by the user code that began it: what it led to, and no secret.

    Args:
        session: The session.
        at: Simulated time; times are seconds since 1970.
    """
    return {
        "session_id": session.session_id,
        "client_id": session.client_id,
        "user_id": session.user_id,
        "scopes": redact_in(session.scopes),
        "started_at": session.started_at,
        "expires_at": session.expires_at,
        "ended_at": session.ended_at,
        "is_over": session.is_over(at),
        "tokens": sum(session.accepts(digest, at) for digest in session.tokens),
        "is_refreshable": session.refresh_digest is not None,
        "refreshes": session.refreshes,
        "credentials": [asdict(issued) for issued in session.credentials],
    }


def directory_view(directory: Directory) -> dict[str, Any]:
    """Who can sign in, and what they may reach."""
    return {
        "users": [asdict(user) for user in directory.users],
        "accounts": [
            {"account_id": it.account_id, "name": it.name, "email": it.email, "roles": it.roles}
            for it in directory.accounts
        ],
        "applications": directory.applications,
    }


def device_view(simulator: Simulator, device: Device) -> dict[str, Any]:
    """A device as an operator sees it; times in seconds, ``next`` is what a poll would get now."""
    now = simulator.now()
    cadence = simulator.stories[device.user_code].cadence
    following = simulator.preview(device.user_code)
    session = simulator.state.sessions.get(device.user_code)
    return {
        "user_code": device.user_code,
        "kind": "browser" if device.browser else "device",
        "state": device.state(now.at),
        "client_id": device.client_id,
        "client_name": redact_text(device.client_name),
        "scopes": redact_in(device.scopes),
        "issued_at": device.issued_at,
        "expires_at": device.expires_at,
        "expires_in_s": max(0, round(device.expires_at - now.at)),
        "interval_s": device.interval_s,
        "slow_downs_owed": device.slow_downs_owed,
        "polls": device.polls,
        "last_poll_at": device.last_poll_at,
        "collected_at": device.collected_at,
        "browser_left_at": device.browser_left_at,
        "every_s": cadence.every_s and round(cadence.every_s, 3),
        "is_too_fast": cadence.is_too_fast,
        "undo": device.decisions[-1] if device.decisions and device.collected_at is None else None,
        "next": following.reason if isinstance(following, Refused) else "token",
        "session": session and session_view(session, now.at),
    }
