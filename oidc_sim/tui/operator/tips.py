"""Tips of the hint line where no key was pressed: the state of the selection, and what follows."""

from oidc_sim.engine.arrival import Held
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, Device, DeviceState
from oidc_sim.record.timeline import Timeline
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import named
from oidc_sim.tui.glyphs import spoken_ago, spoken_span
from oidc_sim.tui.inspector.panel import Subject
from oidc_sim.tui.lists.devices import has_heard, silent_for, was_revoked
from oidc_sim.tui.operator.held_keys import held_requests
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.operations import CREATE_TOKEN

_EITHER = "⟦device.approve⟧ or ⟦device.deny⟧"
_TIPS = {
    Panel.CLIENTS: "⟦inspect⟧ shows scopes, grants and device codes.",
    Panel.DEVICES: "⟦list.up⟧ ⟦list.down⟧ select a device code.",
    Panel.REQUESTS: "⟦list.up⟧ selects a request; keys act on its device.",
    Panel.INSPECTOR: "⟦inspect.tab_back⟧ ⟦inspect.tab⟧ other views; ⟦back⟧ goes back.",
}
_FIRST_TIP = "Waiting for a client. ⟦help⟧ shows every key."
_NEXT_TIP = "Waiting for a sign-in. ⟦help⟧ shows every key."
_NAME = 24
"""Characters of a client's name in a sentence."""
_NO_KEY = str.maketrans("\u27e6\u27e7", "[]")
"""A client's name stands for no key of ours."""


def tip(simulator: Simulator, selected: str | None, panel: Panel) -> str:
    """A sentence about the selected device, the focused panel, or the first step."""
    if not simulator.state.devices:
        return _first_tip(simulator)
    device = simulator.state.devices.get(selected or "")
    if device is None or panel not in {Panel.DEVICES, Panel.REQUESTS}:
        return _TIPS[panel]
    at = simulator.now().at
    if panel is Panel.REQUESTS and device.state(at) is DeviceState.PENDING:
        return f"Keys act on {selected}."
    timeline = simulator.stories[device.user_code].timeline
    return tip_about(device, timeline, at, silent_for(simulator, device))


def _first_tip(simulator: Simulator) -> str:
    """The next step while nobody signs in: a client that has just registered goes on elsewhere."""
    clients, at = simulator.state.clients, simulator.now().at
    newest = clients[next(reversed(clients))] if clients else None
    if newest is None:
        return _FIRST_TIP
    if newest.devices or at - newest.issued_at > simulator.state.policy.lifetime_s:
        return _NEXT_TIP
    name = named(newest.name).translate(_NO_KEY)
    name = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    if newest.may_use(AUTHORIZATION_CODE_GRANT):
        return f"{name} registered; open the URL that it printed."
    return f"{name} registered; it has asked for no code yet."


def tip_about(device: Device, timeline: Timeline, at: float, silent_s: float | None = None) -> str:
    """A sentence that names the user code, and leaves room for ``u`` in 80 columns.

    ``silent_s`` is the time for which its client should have polled and has not; None while it does.
    """
    state = device.state(at)
    if state is DeviceState.COLLECTED:
        return f"{device.user_code} is collected: its client has the token."
    if device.browser is not None:
        return _browser_tip(device, state, at)
    if state is DeviceState.PENDING:
        return f"{_EITHER} answers the next poll of {device.user_code}."
    heard = ", not collected yet" if state is DeviceState.APPROVED else ", not told yet"
    if state is not DeviceState.APPROVED and has_heard(timeline, state):
        heard = "; its client knows"
    if silent_s is not None:
        heard = f"; its client is silent ({spoken_span(silent_s)})"
    return f"{device.user_code} is {state}{heard}."


def browser_left(device: Device, at: float) -> str:
    """``its browser left 40 s ago``; empty where it is there, or is done here."""
    if device.browser_left_at is None or device.is_sent_back:
        return ""
    return f"its browser left {spoken_ago(at - device.browser_left_at)}"


def _browser_tip(device: Device, state: DeviceState, at: float) -> str:
    if left := browser_left(device, at):
        return f"{device.user_code} is {state}; {left}."
    if state is DeviceState.PENDING:
        if device.code_digest:
            return f"{device.user_code} is pending; its browser has a code already."
        return f"{_EITHER} sends the browser of {device.user_code} back."
    return f"{device.user_code} is {state}; {_what_of_it(device, state)}."


def _what_of_it(device: Device, state: DeviceState) -> str:
    if state is DeviceState.APPROVED:
        has_code = "its browser has the code"
        return has_code if device.code_digest else "its browser gets a code"
    if was_revoked(device):
        return "its code was revoked"
    if device.code_digest:
        return "its code is worth nothing now"
    return "its browser was told" if device.was_turned_away else "its browser is not told yet"


def held_tip(simulator: Simulator, subject: Subject) -> str:
    """A sentence about held requests of the selection in 80 columns; empty where there are none."""
    if not simulator.state.held or subject.row_id is None:
        return ""
    if subject.panel is not Panel.REQUESTS and str(subject.row_id) not in simulator.awaiting:
        return ""
    held = list(held_requests(simulator, subject))
    return _sentence(simulator, held) if held else ""


def _sentence(simulator: Simulator, held: list[Held]) -> str:
    who, it = (
        (f"#{held[0].number} waits", "it") if len(held) == 1 else (f"{len(held):,} wait", "all")
    )
    if any(one.arrival.operation != CREATE_TOKEN.name for one in held):
        return f"{who}: ⟦held.release⟧ lets {it} go, ⟦held.edit⟧ writes an answer, ⟦held.drop⟧ hangs up."
    denies = f"⟦device.deny⟧ denies {it} alone"
    codes = {one.arrival.user_code for one in held}
    code = codes.pop() if len(codes) == 1 else None
    device = simulator.state.devices.get(code or "")
    is_pending = device is not None and device.state(simulator.now().at) is DeviceState.PENDING
    approves = f", ⟦device.approve⟧ approves {code}" if is_pending else ""
    return f"{who}: {denies}{approves}, ⟦held.release⟧ lets {it} go."
