"""The card that a window too small for the screen gets (ui.md 7.8)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from textual.content import Content
from textual.widgets import Static

from oidc_sim.tui.panels import LEAST_COLUMNS, LEAST_ROWS, Window
from oidc_sim.tui.printable import Printable, printable
from oidc_sim.tui.widgets.bar import cut_to

_FRAME = 4
"""Cells of a line that the border and its padding take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What it says."""

    window: Window
    url: str
    pending: int
    selected: Printable
    """The row that keys act on, so that no key acts on something out of sight."""
    hint: Printable


class TooSmall(Static):
    """Says what is missing; the server runs on, and so do the keys."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; border: round $panel-line; padding: 0 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id, markup=False)
        self.border_title = Content("oidc-sim")

    def tell(self, card: Card) -> None:
        """Show what the card says."""
        size = f"{card.window.width}x{card.window.height}"
        lines = (
            printable(f"Terminal is {size}; needs more than {LEAST_COLUMNS}x{LEAST_ROWS}."),
            printable(f"Server keeps running on :{urlsplit(card.url).port}."),
            printable(f"{card.pending:,} pending."),
            card.selected,
            card.hint,
        )
        shown = "\n".join(
            cut_to(line, max(1, card.window.width - _FRAME)) for line in lines if line
        )
        self.update(Content(shown))
