"""What becomes of a state that another process left, which may have lived by another time."""

from dataclasses import replace

from oidc_sim.engine.events import BrowserLeft
from oidc_sim.engine.evolve import evolve
from oidc_sim.engine.model import Device, Now, Policy, State
from oidc_sim.engine.pace import Pace
from oidc_sim.engine.records import client_rank
from oidc_sim.engine.session import Session
from oidc_sim.engine.upkeep import overdue


def wake(state: State, now: Now) -> None:
    """Make a state that another process left ready for this one.

    What is overdue goes, and so do registrations that ended a whole lifetime ago: an expired client
    may still ask for a device code (wire.md#45), but not for ever. Pace is measured anew, since
    ticks of a monotonic clock mean nothing to another process. No browser is connected to this one yet.
    """
    _bring_back(state, now)
    for event in overdue(state, now):
        evolve(state, event)
    for client in sorted(state.clients.values(), key=lambda it: it.last_seen_at):
        state.client_order.place(client.client_id, client_rank(client))
    for client in list(state.clients.values()):
        if now.at >= client.expires_at + (client.expires_at - client.issued_at):
            del state.clients[client.client_id]
            state.client_order.remove(client.client_id)
    for device in state.devices.values():
        if device.browser and not device.is_sent_back and device.browser_left_at is None:
            evolve(state, BrowserLeft(at=now.at, user_code=device.user_code))
        device.pace = Pace()


def _bring_back(state: State, now: Now) -> None:
    """Let what began later than now begin now: the wall clock was set back (T-53).

    Or an operator had moved simulated time, which ends with the process. So nothing is good for longer
    than if it were new.
    """
    for client in state.clients.values():
        client.issued_at, client.expires_at = _life(client.issued_at, client.expires_at, now)
        client.last_seen_at = min(client.last_seen_at, now.at)
    for device in state.devices.values():
        _bring_device_back(device, state.policy, now)
    for session in state.sessions.values():
        _bring_session_back(session, state.policy, now)
    for digest, at in state.assertions.items():
        state.assertions[digest] = min(at, now.at)


def _life(begins: float, ends: float, now: Now) -> tuple[float, float]:
    early_s = max(0.0, begins - now.at)
    return begins - early_s, ends - early_s


def _bring_device_back(device: Device, policy: Policy, now: Now) -> None:
    device.issued_at, device.expires_at = _life(device.issued_at, device.expires_at, now)
    if device.browser and device.code_digest:  # the code is younger than the sign-in
        device.expires_at = min(device.expires_at, now.at + policy.code_lifetime_s)
    device.last_poll_at = _past(device.last_poll_at, now)
    device.browser_left_at = _past(device.browser_left_at, now)
    device.collected_at = _past(device.collected_at, now)


def _bring_session_back(session: Session, policy: Policy, now: Now) -> None:
    begun_at = session.started_at
    session.started_at, session.expires_at = _life(begun_at, session.expires_at, now)
    session.ended_at = _past(session.ended_at, now)
    if max(begun_at, session.refreshed_at or 0.0) > now.at:
        session.refreshed_at = _past(session.refreshed_at, now)
        life_s = policy.token_lifetime_s if session.refresh_digests else policy.session_lifetime_s
        for digest, expires_at in session.tokens.items():
            early_s = begun_at - session.started_at
            session.tokens[digest] = min(expires_at - early_s, now.at + life_s)
    for place, issued in enumerate(session.credentials):
        at, ends = _life(issued.at, issued.expires_at, now)
        session.credentials[place] = replace(issued, at=at, expires_at=ends)


def _past(at: float | None, now: Now) -> float | None:
    return None if at is None else min(at, now.at)
