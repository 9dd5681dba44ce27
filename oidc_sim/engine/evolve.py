"""How each event changes what is true. No clock and no choice here: replay gives the same state."""

from typing import assert_never

from oidc_sim.engine import events as e
from oidc_sim.engine.model import MAX_DEEDS, SLOW_DOWN_STEP_S, Deed, Device, DeviceState, State


def evolve(state: State, event: e.Event) -> None:
    """Apply one event. An event about something unknown, as in a cut journal, changes nothing."""
    match event:
        case e.Polled():  # first, because nearly all are
            if device := state.devices.get(event.user_code):
                _note_poll(state, device, event)
        case e.ClientRegistered():
            state.clients[event.client_id] = event.client()
        case e.ClientForgotten():
            state.clients.pop(event.client_id, None)
        case e.DeviceAuthorized():
            _add_device(state, event)
        case e.DeviceForgotten():
            _forget_device(state, event.user_code)
        case e.WasReset():
            state.clients.clear()
            state.devices.clear()
            state.user_codes.clear()
        case _:
            if device := state.devices.get(event.user_code):
                _change_device(device, event)


def _change_device(
    device: Device, event: e.TokenIssued | e.DeedDone | e.DeedUndone | e.DeviceLapsed
) -> None:
    match event:
        case e.TokenIssued():
            device.collected_at = event.at
        case e.DeedDone():
            _do(device, event.deed)
        case e.DeedUndone():
            _undo(device, event)
        case e.DeviceLapsed():
            device.has_lapsed = True
        case _:
            assert_never(event)


def _add_device(state: State, event: e.DeviceAuthorized) -> None:
    state.devices[event.user_code] = event.device()
    state.user_codes[event.code_digest] = event.user_code
    if client := state.clients.get(event.client_id):
        client.last_seen_at = event.at
        client.devices += 1


def _forget_device(state: State, user_code: str) -> None:
    if device := state.devices.pop(user_code, None):
        state.user_codes.pop(device.code_digest, None)


def _note_poll(state: State, device: Device, event: e.Polled) -> None:
    """Count it, and move what throttling measures from.

    A throttled poll raises the interval once and leaves ``paced_from`` where it was: doing both for
    every early poll locks an honest client out until its code expires (client-rules.md §2 fact 5).
    """
    device.polls += 1
    device.last_poll_at = event.at
    if client := state.clients.get(device.client_id):
        client.last_seen_at = event.at
    if event.outcome is e.PollOutcome.THROTTLED:
        if not device.was_throttled:
            device.interval_s += SLOW_DOWN_STEP_S
        device.was_throttled = True
        return
    if event.outcome is e.PollOutcome.SLOW_DOWN:
        device.slow_downs_owed -= 1
    device.paced_from = event.tick
    device.was_throttled = False


def _do(device: Device, deed: Deed) -> None:
    match deed:
        case Deed.APPROVE:
            device.decision = DeviceState.APPROVED
        case Deed.DENY:
            device.decision = DeviceState.DENIED
        case Deed.EXPIRE:
            device.was_expired = True
        case Deed.SLOW_DOWN:
            device.slow_downs_owed += 1
            device.interval_s += SLOW_DOWN_STEP_S
    device.deeds.append(deed)
    del device.deeds[:-MAX_DEEDS]


def _undo(device: Device, event: e.DeedUndone) -> None:
    device.deeds.pop()
    match event.deed:
        case Deed.APPROVE | Deed.DENY:
            device.decision = DeviceState.PENDING
        case Deed.EXPIRE:
            device.was_expired = False
        case Deed.SLOW_DOWN:
            device.interval_s -= SLOW_DOWN_STEP_S
            device.slow_downs_owed -= event.was_owed
