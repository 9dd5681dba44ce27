"""One line that is as wide as the window and changes often: top bar, hint and footer.

Panel titles: the name at the left end of the upper border, a count at its right end.
"""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
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


_LIGHT, _HEAVY = "─", "━"
_CORNERS_AND_BLANKS = 6
"""Cells of a border's line that no title gets: two corners, a dash and a blank at each end."""


class Titles:
    """Sets border titles, each only when it changed: every one of them repaints its widget."""

    def __init__(self) -> None:
        self._said: dict[Widget, tuple[Printable, Printable, int, bool]] = {}

    def set(self, widget: Widget, left: Printable, right: Printable) -> None:
        """Give a widget its title. Textual has one text for the border, so the line is part of it."""
        width = max(0, widget.outer_size.width - _CORNERS_AND_BLANKS)
        key = (left, right, width, widget.has_focus)
        if self._said.get(widget) == key:
            return
        self._said[widget] = key
        widget.border_title = titled(left, right, width, is_heavy=widget.has_focus)


def titled(left: Printable, right: Printable, width: int, *, is_heavy: bool) -> Content:
    """The two texts with the border's line between them, in ``width`` cells.

    As Content: a plain string would be parsed as markup (T-02).
    """
    room = width - cell_len(right) - 3 if right else width
    shown = cut_to(left, max(1, room))
    line = (_HEAVY if is_heavy else _LIGHT) * (width - cell_len(shown) - cell_len(right) - 2)
    title = Content.styled(shown, "bold $foreground")
    if not right or not line:
        return title
    return title + Content(f" {line} ") + Content.styled(right, "$foreground")
