"""What the filters of the lists are told of a row, by the names of ``oidc_sim.filtering``."""

from oidc_sim.engine.model import Client, Device
from oidc_sim.filtering.nodes import Facts
from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator import Simulator
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.rows.requests import role_of
from oidc_sim.wire.naming import Names, names_in_body

_AGENT = b"user-agent"
_FAILED = frozenset({Role.BAD, Role.FAULT})


def facts_of_exchange(exchange: Exchange, simulator: Simulator) -> Facts:
    """Of a request; while it is under way there is no status, and no error, yet.

    Not the state of its device, which goes on changing after the answer.
    """
    is_under_way = exchange.number in simulator.under_way
    names = names_in_body(exchange.request_body) if exchange.request_body else Names()
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
    for name, value in exchange.request_headers:
        if name.lower() == _AGENT:
            return value.decode("utf-8", "replace")
    return ""
