"""What the filters of the lists are told of a row, by the names of ``oidc_sim.filtering``."""

import re
from functools import lru_cache

from oidc_sim.engine.model import Client, Device
from oidc_sim.filtering import Fields
from oidc_sim.filtering.nodes import Facts
from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.lists.requests import role_of
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.naming import Names, names_in_body

FIELDS = {
    Panel.CLIENTS: Fields(frozenset({"client", "grant", "scope"}), "clients have no {}"),
    Panel.DEVICES: Fields(
        frozenset({"client", "code", "scope", "state"}), "device codes have no {}"
    ),
    Panel.REQUESTS: Fields(
        frozenset(
            {"agent", "client", "code", "endpoint", "grant", "op", "scope"}
            | {"error", "fault", "held", "ms", "status"}
        ),
        "requests have no {}",
    ),
}
"""What can be asked of the rows of each list."""
_AGENT = re.compile(rb"(?:[^\n]*\n[^\n]*\n)*?user-agent\n([^\n]*)", re.IGNORECASE)
"""In packed headers, where names and values take turns."""
_NAMES_KEPT = 256
_BODY_BYTES = 8192
"""Of a real client; a stranger's bigger ones are not kept for their names (T-46)."""
_FAILED = frozenset({Role.BAD, Role.FAULT})


def facts_of_exchange(exchange: Exchange, simulator: Simulator) -> Facts:
    """Of a request; while it is under way there is no status, and no error, yet.

    Not the state of its device, which goes on changing after the answer.
    """
    is_under_way = exchange.number in simulator.under_way
    names = _names(exchange.request_body) if exchange.request_body else Names()
    client = simulator.state.clients.get(exchange.client_id or "")
    return {
        "agent": _agent(exchange),
        "client": tuple(one for one in (client and client.name, exchange.client_id) if one),
        "code": exchange.user_code,
        "endpoint": exchange.target.partition("?")[0],
        "error": not is_under_way and role_of(exchange) in _FAILED,
        "fault": exchange.fault is not None,
        "grant": names.grant_type,
        "held": exchange.number in simulator.state.held,
        "ms": None if is_under_way else exchange.took_s * 1000,
        "op": exchange.operation,
        "outcome": exchange.outcome,  # for bare words only, as are slow_down and the like
        "scope": names.scopes or (client.scopes if client else ()),
        "status": None if is_under_way else exchange.status,
    }


def facts_of_device(device: Device, at: float) -> Facts:
    """Of a device code or a browser sign-in.

    Args:
        device: Only read.
        at: Simulated time, seconds since 1970.
    """
    return {
        "client": (device.client_name, device.client_id),
        "code": device.user_code,
        "scope": device.scopes,
        "state": device.state(at).value,
    }


def facts_of_client(client: Client) -> Facts:
    """Of a registration; its grants are what it may use."""
    return {
        "client": (client.name, client.client_id),
        "grant": client.grant_types,
        "scope": client.scopes,
    }


def _agent(exchange: Exchange) -> str:
    found = _AGENT.match(exchange.packed_headers)
    return found[1].decode("utf-8", "replace") if found else ""


def _names(body: bytes) -> Names:
    return _names_of_polls(body) if len(body) <= _BODY_BYTES else names_in_body(body)


_names_of_polls = lru_cache(_NAMES_KEPT)(names_in_body)
"""A client's polls are all alike."""
