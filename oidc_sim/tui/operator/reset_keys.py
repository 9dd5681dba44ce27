"""What the key of the way back to nothing does."""

from oidc_sim.engine.commands import Reset
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.dialogs.confirm import reset_dialog
from oidc_sim.tui.hints import Told
from oidc_sim.tui.operator.operating_screen import DeskScreen

_FORGOTTEN = "everything is forgotten but the requests, which stay listed"


class ResetKeys(DeskScreen):
    """``X``."""

    def action_reset(self) -> None:
        """Ask, then forget every client, sign-in and rule."""
        state = self._simulator.state
        if not (state.clients or state.devices or state.rules):
            self._note(Hindered("nothing to forget: no client has come yet"))
            return
        in_force = sum(
            not rule.over_because for rule in state.rules.values()
        )  # as the top bar has it
        dialog = reset_dialog(len(state.clients), len(state.devices), in_force)
        self.app.push_screen(dialog, self._reset)

    def _reset(self, is_wanted: bool | None) -> None:  # noqa: FBT001
        if is_wanted:
            self._simulator.dispatch(Reset())
            self._note(Told(_FORGOTTEN))
