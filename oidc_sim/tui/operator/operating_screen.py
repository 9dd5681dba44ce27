"""What the operator screen's keys work with; each file of keys adds its actions to this."""

from textual.screen import Screen

from oidc_sim.actions.running_server import Desk
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.decisions import Hindered, Result
from oidc_sim.tui.operator.copying import Copying
from oidc_sim.tui.operator.panel_area import PanelArea


class DeskScreen(Screen[None]):
    """The simulator, the panels and the hint line, for mixins such as ``ClockKeys``."""

    _desk: Desk
    _simulator: Simulator
    _copying: Copying
    panels: PanelArea

    def _why_gone(self) -> Hindered | None:
        """Why keys do nothing to the selected row, where it is gone."""
        return Hindered(self.panels.about_ghost) if self.panels.is_on_ghost else None

    def _note(self, result: Result) -> None:
        """Say on the hint line what a key did, or why it did nothing."""
        raise NotImplementedError

    def _selected_code(self) -> str | None:
        """The user code that keys act on."""
        raise NotImplementedError
