"""How a list is sorted by a column: what the list asks for, and how its header says it."""

from dataclasses import dataclass
from typing import Protocol

from rich.cells import cell_len

from oidc_sim.tui.cells import Printable, fit, joined, printable
from oidc_sim.tui.lists.columns import Placed
from oidc_sim.tui.lists.row_source import RowSource

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
