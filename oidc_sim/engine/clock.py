"""Simulated time, which operators move: what expires by it, and how a state of another process wakes in it."""

from dataclasses import replace

from oidc_sim.engine.commands import FreezeClock, StepClock, Sweep
from oidc_sim.engine.directory import Session
from oidc_sim.engine.events import (
    BrowserLeft,
    ClockFrozen,
    ClockStepped,
    DeviceExpired,
    DeviceForgotten,
    Event,
    SessionForgotten,
)
from oidc_sim.engine.evolve import evolve
from oidc_sim.engine.held import overdue_held
from oidc_sim.engine.model import Device, DeviceState, Ids, Now, Policy, State
from oidc_sim.engine.pace import Pace
from oidc_sim.engine.polling import due_approval
from oidc_sim.engine.records import client_rank
from oidc_sim.engine.replies import ClockMoved, Done, Expiries, Hindrance, Impossible
from oidc_sim.engine.rules import overdue_rules


def sweep(state: State, _command: Sweep, now: Now, _ids: Ids) -> tuple[list[Event], Done]:
    """Carry out what is overdue, and approve what is to be approved by itself."""
    due = (due_approval(state, device, now) for device in state.devices.values())
    approvals = [approval for approval in due if approval]
    waiting = [*overdue_rules(state, now), *overdue_held(state, now)]
    return [*approvals, *overdue(state, now), *waiting], Done()


def overdue(state: State, now: Now) -> list[Event]:
    """Note each code whose time ran out, once; forget codes and sessions that are long over."""
    forgotten = (
        SessionForgotten(at=now.at, session_id=session.session_id)
        for session in state.sessions.values()
        if now.at >= session.expires_at
    )
    return [*_sweep_devices(state, now), *forgotten]


def _sweep_devices(state: State, now: Now) -> list[Event]:
    events: list[Event] = []
    for device in state.devices.values():
        if _is_forgettable(state, device, now):
            events.append(DeviceForgotten(at=now.at, user_code=device.user_code))
        elif _has_just_expired(device, now):
            events.append(DeviceExpired(at=device.expires_at, user_code=device.user_code))
    return events


def _is_forgettable(state: State, device: Device, now: Now) -> bool:
    """Keep a code while its session lasts: until then one that comes twice must be noticed."""
    session = state.sessions.get(device.user_code)
    is_needed = session is not None and now.at < session.expires_at
    return now.at >= device.forget_at() and not is_needed


def _has_just_expired(device: Device, now: Now) -> bool:
    """True for what expired by time alone; what the operator expired is in the log already."""
    return (
        not device.is_known_expired
        and not device.was_expired
        and device.state(now.at) is DeviceState.EXPIRED
    )


LEAST_STEP_S = 1
MOST_STEP_S = 10 * 365 * 86400
"""Ten years: beyond it nothing lives that could still expire."""
LATEST = 32_503_680_000.0
"""The end of the year 2999, in seconds since 1970: steps add up, and four digits of a year end at 9999."""


def step_clock(
    state: State, command: StepClock, now: Now, _ids: Ids
) -> tuple[list[Event], ClockMoved | Impossible]:
    """Jump forwards, and carry out what is overdue then."""
    if (why := objection_to_step(command.by_s, now)) is not None:
        return [], Impossible("", Hindrance.CONFLICT, why)
    then = now._replace(at=now.at + command.by_s)
    expiries = expiries_between(state, now.at, then.at)
    stepped = ClockStepped(at=then.at, by_s=command.by_s)
    return [stepped, *overdue(state, then)], ClockMoved(expiries)


def objection_to_step(by_s: float, now: Now) -> str | None:
    """Why the clock does not jump so far, in a sentence; None when it may."""
    if not LEAST_STEP_S <= by_s <= MOST_STEP_S:
        return "the clock steps from 1 s to 10 years forwards"
    if now.at + by_s >= LATEST:
        return "the clock goes no further than the year 2999; a reset brings real time back"
    return None


def freeze_clock(
    _state: State, command: FreezeClock, now: Now, _ids: Ids
) -> tuple[list[Event], ClockMoved]:
    """Let time stand still, or go on; the same twice changes nothing."""
    return [ClockFrozen(at=now.at, is_frozen=command.is_frozen)], ClockMoved(Expiries())


def expiries_between(state: State, before: float, after: float) -> Expiries:
    """Count what is good at the one instant and over at the other, by time alone."""

    def ends(expires_at: float) -> bool:
        return before < expires_at <= after

    live = [it for it in state.sessions.values() if not it.is_over(before)]
    codes = [it for it in state.devices.values() if it.collected_at is None and not it.was_expired]
    expired = [it for it in codes if ends(it.expires_at)]
    return Expiries(
        codes=len(expired),
        forgotten=sum(it.forget_at() <= after for it in expired),
        tokens=sum(ends(min(at, it.expires_at)) for it in live for at in it.tokens.values()),
        sessions=sum(ends(it.expires_at) for it in live),
        registrations=sum(
            ends(it.expires_at) for it in state.clients.values() if not it.was_expired
        ),
        credentials=sum(ends(it.expires_at) for one in live for it in one.credentials),
    )


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
