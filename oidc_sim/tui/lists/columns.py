"""Which columns fit a width.

How a list is sorted by a column: what the list asks for, and how its header says it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.cells import cell_len

from oidc_sim.tui.cells import Align, Printable, fit, joined, printable
from oidc_sim.tui.lists.row_source import RowSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list. Widths are in terminal cells."""

    title: Printable
    width: int
    """As wide as it likes to be."""
    min_width: int | None = None
    """As narrow as it may get before a column is dropped; ``width`` when None."""
    priority: int = 0
    """The column with the lowest goes first when room is short; of equals the rightmost."""
    align: Align = "left"
    gap: int = 2
    """Blank cells to its right. A terminal that draws a character wider than Rich measures it
    spills into these."""
    is_toned: bool = False
    """Whether it takes the colour of the row's role."""
    is_clipped: bool = False
    """Whether it is cut without a mark, as a time whose last digits are a detail."""
    grows: bool = False
    """Whether it takes the room that is left over."""

    @property
    def least(self) -> int:
        """The narrowest that it may get."""
        return self.width if self.min_width is None else self.min_width


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that fits, with the width that it got."""

    index: int
    """Which column, and so which cell of a row."""
    column: Column
    width: int
    gap: int
    """Blank cells to the right; none after the last."""


def fit_columns(columns: Sequence[Column], width: int) -> tuple[Placed, ...]:
    """Drops and narrows columns until the rest takes at most ``width`` cells.

    The last column left is narrowed to whatever there is. What is left over goes to the columns
    that grow, to the first of them the most.
    """
    kept = list(enumerate(columns))
    while len(kept) > 1 and _least(kept) > width:
        kept.remove(min(kept, key=lambda pair: (pair[1].priority, -pair[0])))
    widths = _widths(kept, width)
    last = kept[-1][0] if kept else 0
    return tuple(
        Placed(index, column, widths[index], 0 if index == last else column.gap)
        for index, column in kept
    )


def _gaps(kept: Sequence[tuple[int, Column]]) -> int:
    return sum(column.gap for _, column in kept[:-1])


def _least(kept: Sequence[tuple[int, Column]]) -> int:
    return sum(column.least for _, column in kept) + _gaps(kept)


def _widths(kept: Sequence[tuple[int, Column]], width: int) -> dict[int, int]:
    """Gives the room to the most important columns first, then to those that grow."""
    room = max(0, width - _gaps(kept))
    widths = {index: min(column.least, room) for index, column in kept}
    spare = room - sum(widths.values())
    for index, column in sorted(kept, key=lambda pair: (-pair[1].priority, pair[0])):
        wanted = max(0, min(column.width - widths[index], spare))
        widths[index] += wanted
        spare -= wanted
    growing = [index for index, column in kept if column.grows]
    for place, index in enumerate(growing):
        share = -(-spare // (len(growing) - place))
        widths[index] += share
        spare -= share
    return widths


UP, DOWN = printable("▲"), printable("▼")
"""The smallest first, and the largest first."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What an operator chose, and when."""

    column: int
    is_down: bool
    """Whether the largest comes first."""
    at: Printable
    """The time of day at which the order was taken: nothing moves by itself after that."""

    @property
    def arrow(self) -> Printable:
        """The sign at the column."""
        return DOWN if self.is_down else UP

    def said(self, title: Printable, new: int) -> Printable:
        """What the lower border says: which column, since when, and how many rows came since."""
        came = f", {new:,} new" if new else ""
        return printable(f"by {title.lower()} {self.arrow} at {self.at}{came}")


class SortedSource(RowSource, Protocol):
    """Rows in the order that was taken when the key was pressed."""

    @property
    def new(self) -> int:
        """How many came since, which stand where new rows stand in the list's own order."""
        ...


class Sorter(Protocol):
    """Sorts the rows of one list."""

    def starts_down(self, column: int) -> bool:
        """Whether the largest comes first as long as nobody asked: so of numbers."""
        ...

    def now(self) -> Printable:
        """The time of day."""
        ...

    def rows(self, source: RowSource, sort: Sort) -> SortedSource:
        """The rows in the order that they have now."""
        ...


def next_column(shown: tuple[int, ...], column: int | None, by: int) -> int | None:
    """The column beside this one among those that are shown; None, its own order, beyond both ends."""
    ring = (None, *shown)
    at = ring.index(column) if column in ring else 0
    return ring[(at + by) % len(ring)]


def column_at(placed: tuple[Placed, ...], x: int) -> int | None:
    """The column whose title stands at a cell, counted from the first column on."""
    for one in placed:
        if 0 <= x < one.width + one.gap:
            return one.index
        x -= one.width + one.gap
    return None


def marked(placed: Placed, arrow: Printable) -> Printable:
    """A title with the arrow: inside its column where there is room, else in the blanks behind it."""
    column = placed.column
    if cell_len(column.title) >= placed.width:
        blanks = Printable(" " * (placed.gap - 1))
        return joined(fit(column.title, placed.width), arrow, blanks)
    parts = (arrow, column.title) if column.align == "right" else (column.title, arrow)
    title = fit(joined(*parts), placed.width, column.align)
    return joined(title, Printable(" " * placed.gap))
