"""The card that a window too small for the screen gets."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from urllib.parse import urlsplit

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from oidc_sim.tui.bars.bar import cut_to
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.panels import LEAST_COLUMNS, LEAST_ROWS, Window

_FRAME = 4
"""Cells of a line that the border and its padding take."""
_EDGES = 2
"""Lines that the border takes."""
_ENOUGH = f"{LEAST_COLUMNS}x{LEAST_ROWS + 1} or {LEAST_COLUMNS + 1}x{LEAST_ROWS}"
"""The smallest windows that are not too small (``Window.is_too_small``)."""
_CODE = len("WXYZ-WXYZ")
"""Cells of a user code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What it says."""

    window: Window
    url: str
    pending: int
    selected: tuple[Printable, ...]
    """The row that keys act on, so that no key acts on something out of sight; the fullest first.

    Empty where there is none.
    """
    hint: Printable


def can_name_code(window: Window) -> bool:
    """Whether the card has room for a user code; where it has not, nobody sees what keys act on."""
    return window.width - _FRAME >= _CODE and window.height > _EDGES


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
        """Show what the card says, what keys act on and what they did before all else."""
        room = max(1, card.window.width - _FRAME)
        self.update(Content("\n".join(cut_to(line, room) for line in _lines(card, room) if line)))


def _lines(card: Card, room: int) -> Iterator[Printable]:
    yield next((form for form in card.selected if cell_len(form) <= room), printable(""))
    for part in wrap(card.hint, room, break_on_hyphens=False):  # a user code has one in it
        yield printable(part)
    size = f"{card.window.width}x{card.window.height}"
    yield printable(f"Terminal is {size}; needs {_ENOUGH}.")
    yield printable(f"Server keeps running on :{urlsplit(card.url).port}.")
    yield printable(f"{card.pending:,} pending.")
