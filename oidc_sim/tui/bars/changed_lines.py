"""Which lines of a widget have to be painted again."""

from collections.abc import Hashable, Sequence
from itertools import zip_longest

from textual.geometry import Region
from textual.widget import Widget


class ChangedLines:
    """Remembers what each line of a widget showed, and repaints those that show something else.

    A poll changes one row of a list and one line of a timeline. Painting the whole widget for it
    sends four kilobytes to the terminal, ten times a second.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._shown: tuple[Hashable, ...] = ()

    def repaint(self, lines: Sequence[Hashable]) -> None:
        """Paint what is new; each line is given by anything that differs when its text does."""
        before, self._shown = self._shown, tuple(lines)
        width = self._widget.size.width
        regions = [
            Region(0, y, width, 1)
            for y, (old, new) in enumerate(zip_longest(before, self._shown))
            if old != new
        ]
        if regions:
            self._widget.refresh(*regions)
