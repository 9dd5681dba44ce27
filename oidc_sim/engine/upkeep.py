"""What time does to codes by itself."""

from oidc_sim.engine.auto_approval import due_approval
from oidc_sim.engine.commands import Sweep
from oidc_sim.engine.events import DeviceForgotten, DeviceLapsed, Event, SessionForgotten
from oidc_sim.engine.held import overdue_held
from oidc_sim.engine.model import Device, DeviceState, Ids, Now, State
from oidc_sim.engine.replies import Done
from oidc_sim.engine.rules import overdue_rules


def sweep(state: State, _command: Sweep, now: Now, _ids: Ids) -> tuple[list[Event], Done]:
    """Carry out what is overdue, and approve what is to be approved by itself."""
    due = (due_approval(state.policy, device, now) for device in state.devices.values())
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
        elif _has_just_lapsed(device, now):
            events.append(DeviceLapsed(at=device.expires_at, user_code=device.user_code))
    return events


def _is_forgettable(state: State, device: Device, now: Now) -> bool:
    """Not while its session lasts: until then a code that comes twice must be noticed."""
    session = state.sessions.get(device.user_code)
    is_needed = session is not None and now.at < session.expires_at
    return now.at >= device.forget_at() and not is_needed


def _has_just_lapsed(device: Device, now: Now) -> bool:
    """Expired by time alone; what the operator expired is in the log already."""
    return (
        not device.has_lapsed
        and not device.was_expired
        and device.state(now.at) is DeviceState.EXPIRED
    )
