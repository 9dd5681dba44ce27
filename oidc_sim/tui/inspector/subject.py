"""What the inspector is about."""

from dataclasses import dataclass
from enum import StrEnum

from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import Printable, named, printable
from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.panels import Panel


class View(StrEnum):
    """The inspector's views, in the order of their tabs."""

    CLIENT = "Client"
    TIMELINE = "Timeline"
    REQUEST = "Request"
    RESPONSE = "Response"
    CURL = "curl"
    NEXT = "Next"


@dataclass(frozen=True, slots=True)
class Subject:
    """The selected row of a list."""

    panel: Panel
    """The list."""
    row_id: RowId | None
    """None when the list has no selection."""

    def exchange(self, simulator: Simulator) -> Exchange | None:
        """The request itself, or the newest one about the device; None when there is none."""
        number: int | None = None
        if self.panel is Panel.REQUESTS and isinstance(self.row_id, int):
            number = self.row_id
        elif self.panel is Panel.DEVICES and isinstance(self.row_id, str):
            story = simulator.stories.get(self.row_id)
            number = story.last_exchange if story else None
        return simulator.log.exchanges.get(number) if number else None

    def user_code(self, simulator: Simulator) -> str | None:
        """The device that keys act on: the selected one, or the one that the request was about."""
        if self.panel is Panel.DEVICES and isinstance(self.row_id, str):
            return self.row_id
        exchange = self.exchange(simulator) if self.panel is Panel.REQUESTS else None
        return exchange.user_code if exchange else None

    def title(self, simulator: Simulator) -> Printable:
        """Names it in the inspector's border."""
        if self.row_id is None:
            return printable("")
        if self.panel is Panel.CLIENTS:
            client = simulator.state.clients.get(str(self.row_id))
            return printable(named(client.name)[:_TITLE] if client else "")
        if self.panel is Panel.REQUESTS:
            user_code = self.user_code(simulator)
            return printable(f"#{self.row_id}{'  ' + user_code if user_code else ''}")
        return printable(str(self.row_id))


_TITLE = 40
"""Characters of a client's name in the border."""
