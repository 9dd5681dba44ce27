"""Keys that inject faults and list what lies in wait."""

from oidc_sim.engine.arrival import Target
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.holding import target_of
from oidc_sim.tui.injecting import Injection, Scope, inject
from oidc_sim.tui.panels import Panel
from oidc_sim.tui.screens.desk_screen import DeskScreen
from oidc_sim.tui.screens.rules import RulesScreen
from oidc_sim.wire.operations import CREATE_TOKEN


class FaultKeys(DeskScreen):
    """``i`` and ``I``."""

    def action_inject(self) -> None:
        """Pick a fault for the selection's next request, or for the held one."""
        found = target_of(self._simulator, self.panels.subject)
        if found is None:
            self._note(Hindered("select a device code, a client or a held request first"))
            return
        from oidc_sim.tui.screens.fault_picker import FaultPicker  # seldom asked for

        picker = FaultPicker(self._scopes(*found), seed=self._desk.settings.seed)
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
        self.app.push_screen(RulesScreen(self._simulator))

    def _scopes(self, target: Target, name: str) -> list[Scope]:
        """The selection, the client of a device, the same operation of whoever, everything."""
        is_client = target.client_id is not None
        own = Scope(f"this {'client' if is_client else 'device'}, {name}", target, name)
        device = self._simulator.state.devices.get(target.user_code or "")
        clients = []
        if device is not None:
            meant = Target(client_id=device.client_id)
            clients = [Scope(f"this client, {device.client_name}", meant, device.client_name)]
        subject = self.panels.subject
        exchange = subject.exchange(self._simulator) if subject.panel is Panel.REQUESTS else None
        operation = (exchange.operation if exchange else None) or CREATE_TOKEN.name
        every = Scope(f"{operation} only, of whoever", Target(operation=operation))
        return [own, *clients, every, Scope("whatever the filter means", Target())]

    def _inject(self, injection: Injection | None) -> None:
        if injection is not None:
            self._note(inject(self._simulator, self.panels.subject, injection))
