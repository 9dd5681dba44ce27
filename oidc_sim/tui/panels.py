"""The four panels, and which of them are shown in a window of some size."""

from dataclasses import dataclass
from enum import IntEnum

WIDE_FROM = 100
"""Columns from which the inspector stands beside the lists."""
TALL_FROM = 30
"""Rows from which the clients have a panel of their own."""
LEAST_COLUMNS, LEAST_ROWS = 60, 16
"""A window of this size, or smaller in either direction, gets the card."""


class Panel(IntEnum):
    """A panel, by the digit that focuses it; in the order of the protocol."""

    CLIENTS = 1
    DEVICES = 2
    REQUESTS = 3
    INSPECTOR = 4

    @property
    def title(self) -> str:
        """Its name, without the digit."""
        return _TITLES[self]

    @property
    def widget_id(self) -> str:
        """The id of its widget."""
        return self.name.lower()


_TITLES = {
    Panel.CLIENTS: "Clients",
    Panel.DEVICES: "Device codes",
    Panel.REQUESTS: "Requests",
    Panel.INSPECTOR: "Inspector",
}
LISTS = (Panel.CLIENTS, Panel.DEVICES, Panel.REQUESTS)
"""The panels that have rows."""


@dataclass(frozen=True, slots=True)
class Window:
    """The terminal's size in cells, and what it has room for."""

    width: int
    height: int

    @property
    def is_too_small(self) -> bool:
        """Whether there is room for the card only."""
        return (
            self.width < LEAST_COLUMNS
            or self.height < LEAST_ROWS
            or (self.width, self.height) == (LEAST_COLUMNS, LEAST_ROWS)
        )

    @property
    def is_wide(self) -> bool:
        """Whether the inspector stands beside the lists."""
        return self.width >= WIDE_FROM

    @property
    def is_tall(self) -> bool:
        """Whether the clients have a panel of their own."""
        return self.height >= TALL_FROM

    @property
    def at_home(self) -> tuple[Panel, ...]:
        """The panels that are shown as long as the operator asks for no other."""
        lists = LISTS if self.is_tall else LISTS[1:]
        return (*lists, Panel.INSPECTOR) if self.is_wide else lists

    def shown(self, focused: Panel, *, is_zoomed: bool) -> frozenset[Panel]:
        """The panels that are shown while one is focused; the focused one always is.

        In a short window Clients takes the place of Device codes while it is focused; in a narrow
        one the inspector takes everything.
        """
        home = self.at_home
        if is_zoomed or (focused is Panel.INSPECTOR and not self.is_wide):
            return frozenset({focused})
        if focused is Panel.CLIENTS and Panel.CLIENTS not in home:
            return frozenset({Panel.CLIENTS, *home} - {Panel.DEVICES})
        return frozenset(home)

    def next_panel(self, focused: Panel, by: int) -> Panel:
        """Where ``tab`` (``by`` 1) or ``shift+tab`` (-1) leads: round the panels shown at home."""
        ring = [panel for panel in Panel if panel in self.at_home or panel is focused]
        ring_at_home = [panel for panel in ring if panel in self.at_home]
        at = ring.index(focused)
        while True:
            at = (at + by) % len(ring)
            if ring[at] in ring_at_home:
                return ring[at]
