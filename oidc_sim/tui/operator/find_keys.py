"""Keys that filter a list, and jump from a row to what it belongs to."""

from oidc_sim.filtering import Expression
from oidc_sim.tui.bars.filter_line import FilterLine
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.hints import Told
from oidc_sim.tui.lists.facts import FIELDS
from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import LISTS, Panel

MOST_JUMPS = 50


class FindKeys(DeskScreen):
    """``/``, ``]`` and ``[``."""

    _jumps: list[tuple[Panel, RowId]]

    def action_filter(self) -> None:
        """Type a filter for the focused list."""
        panel = self.panels.panel
        if panel not in LISTS:
            self._note(Hindered("only lists are filtered; ⟦back⟧ goes back to one"))
            return

        def tell(expression: Expression) -> str:
            return self.panels.filter(panel, expression)

        text = self.panels.filter_text(panel)
        self.app.push_screen(FilterLine(text, panel.title.lower(), FIELDS[panel], tell))

    def action_jump(self) -> None:
        """From a request to its device code, from that to its client."""
        subject = self.panels.subject
        found = self._owner()
        if found is None or subject.row_id is None:
            self._note(Hindered("nothing to jump to: select a request or a device code"))
            return
        panel, row_id = found
        if not self.panels.select(panel, row_id):
            self._note(Hindered(f"{row_id} is not in {panel.title}; a filter may hide it"))
            return
        self._jumps = [*self._jumps, (subject.panel, subject.row_id)][-MOST_JUMPS:]
        self._note(Told(f"{panel.title}; ⟦jump.back⟧ goes back", is_about_move=True))

    def action_jump_back(self) -> None:
        """To where the last jump came from."""
        if not self._jumps:
            self._note(Hindered("no jump to go back from; ⟦jump⟧ jumps"))
            return
        panel, row_id = self._jumps.pop()
        if self.panels.select(panel, row_id):
            self._note(Told(f"back in {panel.title}", is_about_move=True))
        else:
            self._note(Hindered("that row is gone, or a filter hides it"))

    def _owner(self) -> tuple[Panel, RowId] | None:
        subject, state = self.panels.subject, self._simulator.state
        if subject.panel is Panel.REQUESTS:
            exchange = subject.exchange(self._simulator)
            if exchange is None:
                return None
            if exchange.user_code in state.devices:
                return Panel.DEVICES, exchange.user_code or ""
            return (Panel.CLIENTS, exchange.client_id) if exchange.client_id else None
        if subject.panel is Panel.DEVICES:
            device = state.devices.get(str(subject.row_id))
            return (Panel.CLIENTS, device.client_id) if device else None
        return None
