"""The state as records that a journal can keep and put back: the short form of all past events.

A state from a file is kept within the same bounds as what is decided here (T-46).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oidc_sim.engine.directory import CREDENTIALS_KEPT, Session
from oidc_sim.engine.eviction import (
    AWAITED,
    ENDED,
    LIVE,
    NEVER_USED,
    OVER,
    UNPOLLED,
    USED,
    EvictionOrder,
)
from oidc_sim.engine.evolve import forget_code, forget_device
from oidc_sim.engine.evolve_session import MAX_ASSERTIONS, MAX_TOKENS, forget_tokens
from oidc_sim.engine.model import MAX_DECISIONS, Client, Device, State


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentAssertion:
    """A JWT assertion that is good for nothing any more."""

    assertion_digest: str
    at: float
    """When it was spent, seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoApproval:
    """Sign-ins are approved without anybody's hand, or are not; what follows depends on it."""

    is_on: bool


Record = AutoApproval | Client | Device | Session | SpentAssertion


def records(state: State) -> Iterator[Record]:
    """Everything in the state, oldest first within each kind; put back, they make the same state."""
    if state.auto_approves:
        yield AutoApproval(is_on=True)
    yield from state.clients.values()
    yield from state.devices.values()
    yield from state.sessions.values()
    for digest, at in state.assertions.items():
        yield SpentAssertion(assertion_digest=digest, at=at)


def put_back(state: State, record: Record) -> None:
    """Make a record true again, as it was."""
    match record:
        case AutoApproval():
            state.auto_approves = record.is_on
        case Client():
            _put_client(state, record)
        case Device():
            _put_device(state, record)
        case Session():
            _put_session(state, record)
        case SpentAssertion():
            state.assertions[record.assertion_digest] = record.at


def _put_client(state: State, client: Client) -> None:
    state.clients[client.client_id] = client
    state.client_order.place(client.client_id, client_rank(client))


def client_rank(client: Client) -> int:
    """Rank a registration by whether anybody came back with it."""
    return USED if client.devices or client.last_seen_at > client.issued_at else NEVER_USED


def _put_device(state: State, device: Device) -> None:
    forget_code(state, device.user_code)
    state.devices[device.user_code] = device
    state.device_order.place(device.user_code, _rank_of_device(device))
    if device.browser:
        state.browser_requests[device.client_id, device.browser] = device.user_code
    if device.code_digest:
        state.user_codes[device.code_digest] = device.user_code


def _rank_of_device(device: Device) -> int:
    is_over = device.was_expired or device.was_turned_away or device.collected_at is not None
    if is_over or device.browser_left_at is not None:
        return OVER
    return AWAITED if device.browser or device.polls else UNPOLLED


def _put_session(state: State, session: Session) -> None:
    forget_tokens(state, session.session_id)
    state.sessions[session.session_id] = session
    is_live = session.ended_at is None
    state.session_order.place(session.session_id, LIVE if is_live else ENDED)
    for digest in session.tokens:
        state.access_tokens[digest] = session.session_id
    for digest in session.refresh_digests:
        state.refresh_tokens[digest] = session.session_id


def cut_to_bounds(state: State) -> Counter[str]:
    """Forget all that a running server would not keep, the least used first.

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
    """Take the keys that go out of the order."""
    surplus: list[str] = []
    for _ in range(len(known) - most):
        surplus.append(order.first())
        order.remove(surplus[-1])
    return surplus


def is_within_bounds(record: Record) -> bool:
    """True when no list in the record is longer than a running server lets it become."""
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
