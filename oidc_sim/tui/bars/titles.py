"""Panel titles: the name at the left end of the upper border, a count at its right end."""

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from oidc_sim.tui.bars.bar import cut_to
from oidc_sim.tui.cells import Printable

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
