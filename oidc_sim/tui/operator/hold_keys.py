"""Keys that hold requests and decide about held ones."""

from oidc_sim.engine.held import DENY, DROP, EXPIRE, RELEASE, SLOW_DOWN
from oidc_sim.tui import holding
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.dialogs.rule_line import Aim
from oidc_sim.tui.hints import Result
from oidc_sim.tui.operator.fault_scopes import scopes_of
from oidc_sim.tui.operator.operating_screen import DeskScreen


class HoldKeys(DeskScreen):
    """``space``, ``H``, ``r``, ``R``, ``E`` and ``x``."""

    def action_hold(self) -> None:
        """Hold the next request of the selection, or let go what is held."""
        self._note(self._why_gone() or holding.toggle_hold(self._simulator, self.panels.subject))

    def action_hold_all(self) -> None:
        """Ask which requests to hold, whoever sends them."""
        from oidc_sim.tui.dialogs.hold import HoldDialog  # seldom asked for

        dialog = HoldDialog(self._simulator, self._desk.settings.seed)
        self.app.push_screen(dialog, self._hold_all)

    def action_release(self) -> None:
        """Let the selected held request go."""
        self._note(holding.act(self._simulator, self.panels.subject, RELEASE))

    def action_release_all(self) -> None:
        """Let every held request go."""
        self._note(holding.release_all(self._simulator))

    async def action_edit_held(self) -> None:
        """Write the answer of the selected held request; of several, the oldest one's."""
        found = list(holding.held_requests(self._simulator, self.panels.subject))
        if not found:
            self._note(Hindered(holding.NONE_HELD))
            return
        from oidc_sim.tui.dialogs.answer_editor import AnswerEditor  # seldom asked for

        oldest = min(found, key=lambda held: held.number)
        whole = await self._desk.foretell(oldest.number)
        editor = AnswerEditor(self._simulator, oldest, whole, of=len(found))
        self.app.push_screen(editor, self._note_edited)

    def action_drop(self) -> None:
        """Close the connection of the selected held request."""
        self._note(holding.act(self._simulator, self.panels.subject, DROP))

    def _dimmed_on_gone(self) -> frozenset[str]:
        """Ids of keys for holds and faults that would do nothing to the selection."""
        if self.panels.is_on_ghost:
            return frozenset({"hold.toggle", "fault.inject"})
        subject = self.panels.subject
        can = {
            "hold.toggle": holding.can_hold(self._simulator, subject),
            "fault.inject": bool(scopes_of(self._simulator, subject)),
        }
        return frozenset(id_ for id_, is_possible in can.items() if not is_possible)

    def _answer_held(self, name: str) -> bool:
        """Whether a deed's key answered the selected held request instead of deciding for its device."""
        subject = self.panels.subject
        if not any(holding.held_requests(self._simulator, subject)):
            return False
        if name in {DENY, EXPIRE, SLOW_DOWN}:
            self._note(holding.act(self._simulator, subject, name))
            return True
        return False

    def _let_go(self) -> None:
        """What is held of the selection goes on its way, now that it is approved."""
        holding.act(self._simulator, self.panels.subject, RELEASE)

    def _note_edited(self, result: Result | None) -> None:
        if result is not None:
            self._note(result)

    def _hold_all(self, aim: Aim | None) -> None:
        if aim is not None:
            self._note(holding.hold(self._simulator, aim))
