"""Columns of a list: what each shows and is sorted by, which of them fit a width, and a row painted in them."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from oidc_sim.tui.cells import Align, Printable, clip, fit, joined, printable
from oidc_sim.tui.glyphs import Glyphs, Role
from oidc_sim.tui.lists.viewport import Row


def _nothing(_: object) -> Printable:
    return printable("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list: its title, its room in terminal cells, what it shows and is sorted by."""

    title: Printable
    cell: Callable[[Any], Printable] = _nothing
    """What it shows of a row, uncut."""
    key: Callable[[Any], Any] = _nothing
    """What rows are sorted by: a number, a text, or None where one says nothing."""
    is_largest_first: bool = False
    """Whether a sort begins with the largest: so of numbers, for it is these that an operator looks for."""
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


def texts(columns: Sequence[Column], row: object) -> tuple[Printable, ...]:
    """What the columns show of a row."""
    return tuple(column.cell(row) for column in columns)


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
    left_over = room - sum(widths.values())
    for index, column in sorted(kept, key=lambda pair: (-pair[1].priority, pair[0])):
        wanted = max(0, min(column.width - widths[index], left_over))
        widths[index] += wanted
        left_over -= wanted
    growing = [index for index, column in kept if column.grows]
    for place, index in enumerate(growing):
        share = -(-left_over // (len(growing) - place))
        widths[index] += share
        left_over -= share
    return widths


UP, DOWN = printable("▲"), printable("▼")
"""The smallest first, and the largest first."""


@dataclass(frozen=True, slots=True)
class Sort:
    """The order that an operator chose, and when."""

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
        """Words for the lower border: the column, since when, and how many rows came since."""
        came = f", {new:,} new" if new else ""
        return printable(f"by {title.lower()} {self.arrow} at {self.at}{came}")


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


GONE, HIDDEN = printable(" gone"), printable(" hidden")
"""Stand at the right end of a ghost: its row is no more, or a filter hides it."""
GUTTER = 3
"""Cells to the left of the first column: a blank, the cursor's sign, a blank."""
MARGIN = 1
"""Blank cells to the right of the last column."""
_MAX_STRIPS = 512
"""Strips remembered by one list: a few screens of rows (T-46)."""


@dataclass(frozen=True, slots=True)
class RowStyles:
    """The styles of a list under the present theme and focus, complete with backgrounds."""

    plain: Style
    header: Style
    ghost: Style
    cursor: Style
    """What the selected row has on top of the others, readable without colour."""
    roles: Mapping[Role, Style]


class RowPainter:
    """Paints the lines of one list."""

    def __init__(self, columns: Sequence[Column], glyphs: Glyphs) -> None:
        self._columns = tuple(columns)
        self._glyphs = glyphs
        self._selected_gutter = printable(f" {glyphs.cursor} ")
        self._strips: LRUCache[Hashable, Strip] = LRUCache(_MAX_STRIPS)

    def forget(self) -> None:
        """Drop remembered strips; to be called when the styles changed."""
        self._strips.clear()

    def title(self, column: int) -> Printable:
        """A column's name in the header."""
        return self._columns[column].title

    def header(self, width: int, styles: RowStyles, sort: Sort | None = None) -> Strip:
        """The titles of the columns that fit ``width`` cells, with an arrow at the sorted one."""
        titles = tuple(column.title for column in self._columns)
        cells = (
            marked(placed, sort.arrow)
            if sort is not None and sort.column == placed.index
            else self._cell(placed, titles)
            for placed in self.placed(width)
        )
        return _strip([Segment(joined(_GUTTER, *cells), styles.header)], width, styles.header)

    def row(self, row: Row, width: int, styles: RowStyles, *, is_selected: bool) -> Strip:
        """One row in ``width`` cells."""
        key = (row.row_id, row.cells.version, row.is_ghost, row.is_hidden, is_selected, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._paint(row, width, styles, is_selected=is_selected)
            self._strips[key] = strip
        return strip

    def text(self, line: Printable, width: int, styles: RowStyles) -> Strip:
        """A line of the placeholder, indented by one cell."""
        shown = fit(line, width - 2 * MARGIN, ellipsis=self._glyphs.ellipsis)
        return _strip([Segment(joined(_BLANK, shown), styles.plain)], width, styles.plain)

    def placed(self, width: int) -> tuple[Placed, ...]:
        """The columns that fit ``width`` cells."""
        return _fit_columns(self._columns, width - GUTTER - MARGIN)

    def _cell(self, placed: Placed, cells: Sequence[Printable]) -> Printable:
        column = placed.column
        if column.is_clipped:
            text = clip(cells[placed.index], placed.width)
        else:
            text = fit(cells[placed.index], placed.width, column.align, self._glyphs.ellipsis)
        return joined(text, Printable(" " * placed.gap))

    def _paint(self, row: Row, width: int, styles: RowStyles, *, is_selected: bool) -> Strip:
        plain = styles.ghost if row.is_ghost else styles.plain
        gutter = self._selected_gutter if is_selected else _GUTTER
        is_bar = is_selected and bool(styles.cursor.reverse)
        word = HIDDEN if row.is_hidden else GONE
        if row.is_ghost and width > GUTTER + len(word) + MARGIN:
            cells = iter([Segment(self._gone(row, width, word), plain)])
        else:
            cells = self._cells(row, width, styles, plain, is_bar=is_bar)
        strip = _strip([Segment(gutter, plain), *cells], width, plain)
        return strip.apply_style(styles.cursor) if is_selected else strip

    def _gone(self, row: Row, width: int, word: Printable) -> Printable:
        """A ghost's columns up to where its word begins, and the word.

        A text that would run into the word gives way to it, whole: half of a note beside it would
        read as one with it. Only the first column, which names the row, is cut.
        """
        room = width - GUTTER - MARGIN - len(word)
        texts: list[Printable] = []
        for placed in self.placed(width):
            is_too_long = cell_len(row.cells.cells[placed.index]) > room
            if texts and is_too_long and placed.width > room:
                break
            width_left = min(placed.width, room)
            narrowed = replace(placed, width=width_left, gap=min(placed.gap, room - width_left))
            texts.append(self._cell(narrowed, row.cells.cells))
            room -= narrowed.width + narrowed.gap
        return joined(*texts, Printable(" " * room), word)

    def _cells(
        self, row: Row, width: int, styles: RowStyles, plain: Style, *, is_bar: bool
    ) -> Iterator[Segment]:
        """A segment for each run of cells of one style: few segments make a frame cheap.

        A reversed row is one bar: a role's colour would make a block in it.
        """
        role = row.cells.role
        toned = plain if row.is_ghost or role is None or is_bar else styles.roles[role]
        run: list[Printable] = []
        for placed in self.placed(width):
            text = self._cell(placed, row.cells.cells)
            if placed.column.is_toned and toned is not plain:
                yield Segment(joined(*run), plain)
                yield Segment(text, toned)
                run = []
            else:
                run.append(text)
        yield Segment(joined(*run), plain)


_BLANK = printable(" ")
_GUTTER = Printable(" " * GUTTER)
_fit_columns = lru_cache(maxsize=64)(fit_columns)


def _strip(segments: Sequence[Segment], width: int, style: Style) -> Strip:
    """Exactly ``width`` cells, without empty segments."""
    strip = Strip(segment for segment in segments if segment.text)
    return strip.adjust_cell_length(width, style)
