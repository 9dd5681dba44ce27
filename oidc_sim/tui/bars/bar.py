"""One line that is as wide as the window and changes often: top bar, hint and footer."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from oidc_sim.tui.cells import Printable, fit, joined


class Bar(Static):
    """A line of printable text. Painting it never lays the screen out."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id, markup=False)
        self._parts: tuple[tuple[Printable, str], ...] = ()

    @property
    def text(self) -> Printable:
        """What it says."""
        return joined(*(text for text, _ in self._parts))

    def say(self, parts: Iterable[tuple[Printable, str]]) -> None:
        """Show texts with their styles, such as ``bold $role-good``; nothing happens if it does."""
        said = tuple(parts)
        if said == self._parts:
            return
        self._parts = said
        self.update(Content.assemble(*said), layout=False)


def width_of(parts: Iterable[tuple[Printable, str]]) -> int:
    """Cells that they take."""
    return sum(cell_len(text) for text, _ in parts)


def cut_to(text: Printable, cells: int) -> Printable:
    """The text, cut with an ellipsis where it is wider than so many cells."""
    return text if cell_len(text) <= cells else fit(text, cells)
