"""Keys that inject faults and list what lies in wait."""

from oidc_sim.engine.arrival import Target
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.holding import target_of
from oidc_sim.tui.injecting import Injection, inject
from oidc_sim.tui.screens.desk_screen import DeskScreen
from oidc_sim.tui.screens.fault_picker import FaultPicker
from oidc_sim.tui.screens.rules import RulesScreen


class FaultKeys(DeskScreen):
    """``i`` and ``I``."""

    def action_inject(self) -> None:
        """Pick a fault for the selection's next request, or for the held one."""
        found = target_of(self._simulator, self.panels.subject)
        if found is None:
            self._note(Hindered("select a device code, a client or a held request first"))
            return
        scopes = [found, *self._wider(found[0])]
        self.app.push_screen(FaultPicker(scopes), self._inject)

    def action_rules(self) -> None:
        """List the holds and faults that lie in wait."""
        if not self._simulator.state.rules:
            self._note(Hindered("nothing lies in wait; i injects a fault, space holds"))
            return
        self.app.push_screen(RulesScreen(self._simulator))

    def _wider(self, target: Target) -> list[tuple[Target, str]]:
        """The client of a device, then whoever asks for a token."""
        device = self._simulator.state.devices.get(target.user_code or "")
        mine = [(Target(client_id=device.client_id), device.client_name)] if device else []
        return [*mine, (Target(operation="CreateToken"), "whoever asks for a token")]

    def _inject(self, injection: Injection | None) -> None:
        if injection is not None:
            self._note(inject(self._simulator, self.panels.subject, injection))
