"""What the control API shows of the simulator, as JSON members (design.md §10). No secret in it."""

from dataclasses import asdict
from typing import Any

from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import Client, Device, DeviceState
from oidc_sim.engine.replies import Refused
from oidc_sim.simulator import Simulator

CLIENT_MEMBERS = (
    "client_id",
    "name",
    "scopes",
    "grant_types",
    "redirect_uris",
    "issued_at",
    "expires_at",
    "last_seen_at",
    "devices",
)
"""What is shown of a client: a list, so that a secret that is added to it stays out."""


def state_view(simulator: Simulator) -> dict[str, Any]:
    """Everything that is true now."""
    now = simulator.now()
    log = simulator.log
    devices = [device_view(simulator, device) for device in simulator.state.devices.values()]
    pending = sum(device["state"] == DeviceState.PENDING for device in devices)
    return {
        "clients": [client_view(client) for client in simulator.state.clients.values()],
        "devices": devices,
        "faults": [],
        "holds": [],
        "clock": {"now": round(now.at, 3), "offset_s": 0, "frozen": False},
        "counters": {
            "seq": log.seq,
            "requests": log.exchanges.seen,
            "requests_dropped": log.exchanges.dropped,
            "pending": pending,
        },
        "directory": asdict(SEEDED),
    }


def client_view(client: Client) -> dict[str, Any]:
    """A registration as an operator sees it; times in seconds."""
    return {name: getattr(client, name) for name in CLIENT_MEMBERS}


def device_view(simulator: Simulator, device: Device) -> dict[str, Any]:
    """A device as an operator sees it; times in seconds, ``next`` is what a poll would get now."""
    now = simulator.now()
    cadence = simulator.stories[device.user_code].cadence
    following = simulator.preview(device.user_code)
    return {
        "user_code": device.user_code,
        "state": device.state(now.at),
        "client_id": device.client_id,
        "client_name": device.client_name,
        "scopes": device.scopes,
        "issued_at": device.issued_at,
        "expires_at": device.expires_at,
        "expires_in_s": max(0, round(device.expires_at - now.at)),
        "interval_s": device.interval_s,
        "slow_downs_owed": device.slow_downs_owed,
        "polls": device.polls,
        "last_poll_at": device.last_poll_at,
        "collected_at": device.collected_at,
        "every_s": cadence.every_s and round(cadence.every_s, 3),
        "is_too_fast": cadence.is_too_fast,
        "undo": device.deeds[-1] if device.deeds and device.collected_at is None else None,
        "next": following.reason if isinstance(following, Refused) else "token",
    }
