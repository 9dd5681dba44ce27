"""The line above the footer: what the last key did, or why it did nothing, and what ``u`` would do.

What the hint line says while something of the selection is held: which keys answer it, and how.
"""

from oidc_sim.engine.arrival import Held
from oidc_sim.engine.model import DeviceState
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.bar import Bar, cut_to, width_of
from oidc_sim.tui.cells import Printable, joined, printable
from oidc_sim.tui.dialogs.holding import held_requests
from oidc_sim.tui.hints import Hint
from oidc_sim.tui.inspector.subject import Subject
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.operations import CREATE_TOKEN

_GAP = printable("  ")
_EDGE = printable(" ")


class HintLine(Bar):
    """One line, never a dialog."""

    def __init__(self, undo: str = "u", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._undo = printable(undo)

    def tell(self, hint: Hint) -> None:
        """Show a hint; where room is short the sentence is cut, not the key."""
        key: list[tuple[Printable, str]] = []
        if hint.undo:
            key = [
                (_GAP, ""),
                (self._undo, "bold $text-accent"),
                (joined(_EDGE, hint.undo), ""),
            ]
        room = self.size.width - 1 - width_of(key)
        self.say([(_EDGE, ""), (cut_to(hint.text, room), hint.style), *key])


def held_tip(simulator: Simulator, subject: Subject) -> str:
    """A sentence that fits into 80 columns; empty where nothing of the selection is held."""
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
