"""Keys that inject faults and list what lies in wait."""

from oidc_sim.tui.decisions import Decisions, Hindered
from oidc_sim.tui.dialogs.injecting import Injection, inject
from oidc_sim.tui.dialogs.rules import RulesScreen
from oidc_sim.tui.holding import held_requests
from oidc_sim.tui.operator.fault_scopes import scopes_of
from oidc_sim.tui.operator.operating_screen import DeskScreen


class FaultKeys(DeskScreen):
    """``i`` and ``I``."""

    _decisions: Decisions

    def action_inject(self) -> None:
        """Pick a fault for the selection's next request, or for the held one."""
        if (gone := self._why_gone()) is not None:
            self._note(gone)
            return
        scopes = scopes_of(self._simulator, self.panels.subject)
        if not scopes:
            self._note(Hindered("select a device code, a client or a request first"))
            return
        from oidc_sim.tui.dialogs.fault_picker import FaultPicker  # seldom asked for

        held = [it.number for it in held_requests(self._simulator, self.panels.subject)]
        picker = FaultPicker(self._simulator, scopes, self._desk.settings.seed, held)
        self.app.push_screen(picker, self._inject)

    def action_rules(self) -> None:
        """List the holds and faults that lie in wait."""
        if not self._simulator.state.rules:
            self._note(
                Hindered(
                    "nothing lies in wait; ⟦fault.inject⟧ injects a fault, ⟦hold.toggle⟧ holds"
                )
            )
            return
        self.app.push_screen(RulesScreen(self._simulator, self._decisions, self._note))

    def _inject(self, injection: Injection | None) -> None:
        if injection is not None:
            self._note(inject(self._simulator, self.panels.subject, injection))
