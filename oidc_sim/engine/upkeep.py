"""What time does to codes by itself."""

from oidc_sim.engine.events import DeviceForgotten, DeviceLapsed, Event
from oidc_sim.engine.model import Device, DeviceState, Now, State


def sweep(state: State, now: Now) -> list[Event]:
    """Note each code whose time ran out, once, and forget those that are over for a whole lifetime."""
    events: list[Event] = []
    for device in state.devices.values():
        if now.at >= device.forget_at():
            events.append(DeviceForgotten(at=now.at, user_code=device.user_code))
        elif _has_just_lapsed(device, now):
            events.append(DeviceLapsed(at=device.expires_at, user_code=device.user_code))
    return events


def _has_just_lapsed(device: Device, now: Now) -> bool:
    """Expired by time alone; what the operator expired is in the log already."""
    return (
        not device.has_lapsed
        and not device.was_expired
        and device.state(now.at) is DeviceState.EXPIRED
    )
