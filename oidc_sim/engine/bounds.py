"""How much is remembered, where it comes from a file and not from what was decided here (T-46)."""

from collections import Counter
from typing import Any

from oidc_sim.engine.eviction import EvictionOrder
from oidc_sim.engine.evolve import forget_device
from oidc_sim.engine.evolve_session import MAX_ASSERTIONS, MAX_TOKENS, forget_tokens
from oidc_sim.engine.model import MAX_DECISIONS, Device, State
from oidc_sim.engine.records import Record
from oidc_sim.engine.session import CREDENTIALS_KEPT, Session


def cut_to_bounds(state: State) -> Counter[str]:
    """Forget whatever there is more of than a running server keeps, what is used least first.

    Returns how many went, by what they are called. Deciding never lets it come so far: it makes room
    before anything is added.
    """
    policy = state.policy
    clients = _surplus(state.clients, state.client_order, policy.max_clients)
    devices = _surplus(state.devices, state.device_order, policy.max_devices)
    sessions = _surplus(state.sessions, state.session_order, policy.max_sessions)
    for client_id in clients:
        del state.clients[client_id]
    for user_code in devices:
        forget_device(state, user_code)
    for session_id in sessions:
        forget_tokens(state, session_id)
        del state.sessions[session_id]
    assertions = list(state.assertions)[: max(0, len(state.assertions) - MAX_ASSERTIONS)]
    for digest in assertions:
        del state.assertions[digest]
    cut = {"registrations": clients, "codes": devices, "sessions": sessions}
    return +Counter({name: len(keys) for name, keys in {**cut, "assertions": assertions}.items()})


def _surplus(known: dict[str, Any], order: EvictionOrder, most: int) -> list[str]:
    """The keys that go, which are taken out of the order."""
    surplus: list[str] = []
    for _ in range(len(known) - most):
        surplus.append(order.first())
        order.remove(surplus[-1])
    return surplus


def is_within_bounds(record: Record) -> bool:
    """Whether no list in it is longer than a running server lets it become."""
    match record:
        case Device():
            return len(record.decisions) <= MAX_DECISIONS
        case Session():
            return (
                len(record.tokens) <= MAX_TOKENS
                and len(record.refresh_digests) <= MAX_TOKENS
                and len(record.credentials) <= CREDENTIALS_KEPT
            )
        case _:
            return True
