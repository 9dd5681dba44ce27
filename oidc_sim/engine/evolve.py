"""Changes of the state by each event. No clock and no choice here: replay gives the same state."""

from collections.abc import Callable
from typing import Any

from oidc_sim.engine import events as e
from oidc_sim.engine.eviction import AWAITED, NEVER_USED, OVER, UNPOLLED
from oidc_sim.engine.evolve_session import SESSION_CHANGES, begin_session, see_client
from oidc_sim.engine.evolve_waiting import WAITING_CHANGES, forget_waiting, keep_pace
from oidc_sim.engine.model import (
    MAX_DECISIONS,
    SLOW_DOWN_STEP_S,
    BrowserRequest,
    Decision,
    Device,
    DeviceState,
    State,
)


def evolve(state: State, event: e.Event) -> None:
    """Apply one event. One about something unknown, or undone already, changes nothing.

    A journal of which rows were lost has such events.
    """
    CHANGES[type(event)](state, event)


def _register(state: State, event: e.ClientRegistered) -> None:
    state.clients[event.client_id] = event.client()
    state.client_order.place(event.client_id, NEVER_USED)


def _forget_client(state: State, event: e.ClientForgotten) -> None:
    state.clients.pop(event.client_id, None)
    state.client_order.remove(event.client_id)


def _expire_client(state: State, event: e.ClientExpired) -> None:
    if client := state.clients.get(event.client_id):
        client.was_expired = True


def _restore_client(state: State, event: e.ClientRestored) -> None:
    if client := state.clients.get(event.client_id):
        client.was_expired = False


def _reset(state: State, _event: e.WasReset) -> None:
    for known in (
        state.clients,
        state.devices,
        state.user_codes,
        state.browser_requests,
        state.sessions,
        state.access_tokens,
        state.refresh_tokens,
        state.assertions,
        state.client_order,
        state.device_order,
        state.session_order,
    ):
        known.clear()
    forget_waiting(state)


def _add_device(state: State, event: e.DeviceAuthorized) -> None:
    forget_code(state, event.user_code)
    state.devices[event.user_code] = event.device()
    if event.code_digest:
        state.user_codes[event.code_digest] = event.user_code
    state.device_order.place(event.user_code, AWAITED if event.browser else UNPOLLED)
    if event.browser:
        state.browser_requests[event.client_id, event.browser] = event.user_code
    if client := see_client(state, event.client_id, event.at):
        client.devices += 1


def forget_code(state: State, user_code: str) -> None:
    """Let nothing lead from the code that a device had: a journal may have one twice."""
    if device := state.devices.get(user_code):
        state.user_codes.pop(device.code_digest, None)


def _forget_device(state: State, event: e.DeviceForgotten) -> None:
    forget_device(state, event.user_code)


def forget_device(state: State, user_code: str) -> None:
    """Forget a device, if it is known, and all that leads to it."""
    forget_code(state, user_code)
    state.device_order.remove(user_code)
    device = state.devices.pop(user_code, None)
    if device and device.browser:
        _forget_request(state, (device.client_id, device.browser), user_code)


def _forget_request(state: State, asked: tuple[str, BrowserRequest], user_code: str) -> None:
    """Forget which sign-in a request began, unless a later one began with the same."""
    if state.browser_requests.get(asked) == user_code:
        del state.browser_requests[asked]


def _issue_code(state: State, event: e.CodeIssued) -> None:
    forget_code(state, event.user_code)
    if device := state.devices.get(event.user_code):
        device.code_digest = event.code_digest
        device.browser_left_at = None
        device.expires_at = event.expires_at
        state.user_codes[event.code_digest] = event.user_code


def _revoke_code(state: State, event: e.CodeRevoked) -> None:
    if device := state.devices.get(event.user_code):
        device.was_expired = True
        state.device_order.place(event.user_code, OVER)


def _turn_away(state: State, event: e.BrowserTurnedAway) -> None:
    if device := state.devices.get(event.user_code):
        device.was_turned_away = True
        _leave(state, event)


def _leave(state: State, event: e.BrowserLeft | e.BrowserTurnedAway) -> None:
    if device := state.devices.get(event.user_code):
        device.browser_left_at = event.at
        state.device_order.place(event.user_code, OVER)


def _come_back(state: State, event: e.BrowserCameBack) -> None:
    if device := state.devices.get(event.user_code):
        device.browser_left_at = None
        state.device_order.place(event.user_code, AWAITED)


def _collect(state: State, event: e.TokenIssued) -> None:
    begin_session(state, event)
    if device := state.devices.get(event.user_code):
        device.collected_at = event.at
        state.device_order.place(event.user_code, OVER)


def _expire(state: State, event: e.DeviceExpired) -> None:
    if device := state.devices.get(event.user_code):
        device.is_known_expired = True


def _note_poll(state: State, event: e.Polled) -> None:
    """Count a poll; where pace is kept, the next one is measured from it.

    Each ``slow_down`` adds 5 s to what the client has to wait, "for this and all subsequent requests",
    and the wait is between one request and the next (RFC 8628 §3.5). So a poll that was too early is
    measured from like any other, and raises the interval like any other ``slow_down``. A client that
    adds the 5 s each time is on time with its next poll; one that does not is told so until its code
    expires, or somebody approves it: that is looked at before pace.
    """
    device = state.devices.get(event.user_code)
    if device is None:
        return
    device.polls += 1
    device.last_poll_at = event.at
    if device.polls == 1:
        state.device_order.place(event.user_code, AWAITED)
    see_client(state, device.client_id, event.at)
    if state.policy.throttles and event.is_paced:
        keep_pace(device, event)
    if event.outcome is e.PollOutcome.THROTTLED:
        device.interval_s += SLOW_DOWN_STEP_S
    elif event.outcome is e.PollOutcome.SLOW_DOWN:
        device.slow_downs_owed = max(0, device.slow_downs_owed - 1)


def _do(state: State, event: e.DecisionMade) -> None:
    device = state.devices.get(event.user_code)
    if device is None:
        return
    match event.decision:
        case Decision.APPROVE:
            device.decision = DeviceState.APPROVED
        case Decision.DENY:
            device.decision = DeviceState.DENIED
        case Decision.EXPIRE:
            device.was_expired = True
        case Decision.SLOW_DOWN:
            device.slow_downs_owed += 1
            device.interval_s += SLOW_DOWN_STEP_S
    device.decisions.append(event.decision)
    del device.decisions[:-MAX_DECISIONS]


def _undo(state: State, event: e.DecisionUndone) -> None:
    device = state.devices.get(event.user_code)
    if device is None or device.decisions[-1:] != [event.decision]:
        return
    device.decisions.pop()
    device.was_turned_away = False
    device.is_in_hand |= state.auto_approves
    match event.decision:
        case Decision.APPROVE | Decision.DENY:
            device.decision = DeviceState.PENDING
        case Decision.EXPIRE:
            device.was_expired = False
        case Decision.SLOW_DOWN:
            _take_back_slow_down(device, is_owed=event.was_owed)


def _take_back_slow_down(device: Device, *, is_owed: bool) -> None:
    """Take back a slow_down that no poll got: nothing in RFC 8628 makes an announced interval shorter."""
    if is_owed and device.slow_downs_owed:
        device.interval_s -= SLOW_DOWN_STEP_S
        device.slow_downs_owed -= 1


def _set_auto_approve(state: State, event: e.AutoApproveSet) -> None:
    state.auto_approves = event.is_on


def _nothing(_state: State, _event: e.ClockStepped | e.ClockFrozen) -> None:
    """Leave the state: the clock is no part of it, the simulator moves that."""


CHANGES: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.Polled: _note_poll,
    e.ClientRegistered: _register,
    e.ClientForgotten: _forget_client,
    e.ClientExpired: _expire_client,
    e.ClientRestored: _restore_client,
    e.DeviceAuthorized: _add_device,
    e.DeviceForgotten: _forget_device,
    e.DeviceExpired: _expire,
    e.CodeIssued: _issue_code,
    e.CodeRevoked: _revoke_code,
    e.BrowserTurnedAway: _turn_away,
    e.BrowserLeft: _leave,
    e.BrowserCameBack: _come_back,
    e.TokenIssued: _collect,
    e.DecisionMade: _do,
    e.DecisionUndone: _undo,
    e.AutoApproveSet: _set_auto_approve,
    e.ClockStepped: _nothing,
    e.ClockFrozen: _nothing,
    e.WasReset: _reset,
    **SESSION_CHANGES,
    **WAITING_CHANGES,
}
"""One for each event; a test walks the union."""
