"""Which rows of a list are seen, and which one is selected: the list without its widget.

The cursor is an id. What clients do never moves it to another row; it is always among the rows
that are seen, so that a key never acts on something out of sight. When its row leaves the
source, a *ghost* of the row stays in its place until the operator moves on.

New rows come in front, unless the list can follow. So whenever rows came or went, the window goes
to its very top if the cursor's row can be seen from there too: the newest rows are worth more than
a row that keeps its line. Else it keeps the cursor's line, and ``above`` counts what is hidden.

A list that *follows* shows its last rows. There the cursor keeps its row as long as that is
seen, and is dropped when the row scrolls away; it does not slide to a newer one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from oidc_sim.tui.lists.row_source import RowCells, RowId, RowSource


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was when the viewport last looked."""

    row_id: RowId
    cells: RowCells
    is_ghost: bool = False
    """Whether the row is gone from its source."""
    is_hidden: bool = False
    """Whether it is such a ghost only because a filter hides it."""


@dataclass(frozen=True, slots=True)
class _Ghost:
    row: Row
    place: int
    """How many rows of the source come before it."""


class Viewport:
    """Looks at a row source through a window of some rows.

    Every method that moves first looks at the source again, so no index outlives a call. A call
    asks the source for as many rows as the window has, whatever the source's length.
    """

    def __init__(self, source: RowSource, *, can_follow: bool = False) -> None:
        self.source = source
        self.everything = source
        """The rows without a filter."""
        self.last_seen: Callable[[RowId, RowCells], RowCells] = lambda _, seen: seen
        """What a row that is gone says, by what it said when it was last seen."""
        self.can_follow = can_follow
        """Whether new rows come at the end and the window may stay there."""
        self.is_following = can_follow
        self.cursor_id: RowId | None = None
        """The selected row, or None."""
        self.frame: tuple[Row, ...] = ()
        """The rows that are seen, top first, ghost included."""
        self.height = 1
        """Rows in the window, at least one."""
        self.is_sorted = False
        """Whether the rows are in another order than their own: then the lowest is not the newest."""
        self._top = 0
        self._ghost: _Ghost | None = None
        self._lowest_seen: RowId | None = None
        self._extent: tuple[int, RowId | None, int] | None = None
        """Length, first row and height when last compared."""

    @property
    def is_on_ghost(self) -> bool:
        """Whether the selected row is gone."""
        return self._ghost is not None

    @property
    def is_on_hidden(self) -> bool:
        """Whether the selected row is there, but a filter hides it."""
        return self._ghost is not None and self._ghost.row.is_hidden

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not self.frame

    @property
    def above(self) -> int:
        """How many rows lie above those that are seen; the ghost is always among these."""
        return self._top

    @property
    def unseen(self) -> int:
        """How many rows lie below the lowest one that was ever seen."""
        if self._lowest_seen is None:
            return 0
        index = self.source.index_of(self._lowest_seen)
        return 0 if index is None else len(self.source) - 1 - index

    def settle(self, height: int | None = None) -> None:
        """Looks at the source again, and makes the window ``height`` rows high if given."""
        if height is not None:
            self.height = max(1, height)
        self._catch_up()
        if self._note_extent() and self._can_show_newest():
            self._top = 0
        self._show()

    def move(self, by: int) -> None:
        """Moves the cursor by some rows, negative is up; any way up ends following."""
        was_following = self.is_following
        self.is_following = False  # so that the move starts from what the operator saw
        self._catch_up()
        self._go_to(self._start_of_move(by) + by)
        self.is_following = was_following and by > 0
        self._show()

    def move_to_start(self) -> None:
        """Selects the first row and ends following."""
        self.is_following = False
        self._catch_up()
        is_ghost_first = self._ghost is not None and self._ghost.place == 0
        self._go_to(int(is_ghost_first))
        self._show()

    def move_to_end(self) -> None:
        """Selects the last row, and follows if the list can."""
        self._catch_up()
        is_ghost_last = self._ghost is not None and self._ghost.place == len(self.source)
        self._go_to(self._length - 1 - is_ghost_last)
        self.is_following = self.can_follow
        self._show()

    def scroll(self, by: int) -> None:
        """Moves the window by some rows, negative is up; the cursor stays as near as it can."""
        self.is_following = self.is_following and by >= 0
        self._catch_up()
        self._note_extent()  # what came before the wheel turned does not turn it back
        self._top = self._clamped(self._top + by)
        if self.cursor_id is not None and (at := self._place_of(self.cursor_id)) is not None:
            self._go_to(max(self._top, min(at, self._top + self.height - 1)))
        self._show()

    def select(self, row_id: RowId) -> None:
        """Selects a row that is still there, which ends following unless it is the last."""
        self._catch_up()
        place = self._place_of(row_id)
        if place is None:
            return
        if place < self._length - 1:
            self.is_following = False
        self._go_to(place)
        self._show()

    def follow(self, *, is_following: bool) -> None:
        """Starts or ends following; a list that cannot follow stays as it is."""
        self.is_following = is_following and self.can_follow
        self.settle()

    def reorder(self, source: RowSource, *, is_sorted: bool) -> None:
        """Shows the rows in another order: the selected one stays in sight, else the first is."""
        self.source = source
        self.is_sorted = is_sorted
        self.is_following = False
        if self.cursor_id is None:
            self._top = 0
        self.settle()

    # A place counts the rows of the source and the ghost; an index counts those of the source.

    @property
    def _length(self) -> int:
        return len(self.source) + (self._ghost is not None)

    def _clamped(self, top: int) -> int:
        return max(0, min(top, self._length - self.height))

    def _place_of(self, row_id: RowId) -> int | None:
        index = self.source.index_of(row_id)
        if self._ghost is None:
            return index
        if index is None:
            return self._ghost.place if row_id == self._ghost.row.row_id else None
        return index + (index >= self._ghost.place)

    def _row_at(self, place: int) -> Row:
        ghost = self._ghost
        if ghost is not None and place == ghost.place:
            return ghost.row
        index = place - (ghost is not None and place > ghost.place)
        return Row(self.source.id_at(index), self.source.cells(index))

    def _go_to(self, place: int) -> None:
        """Puts the cursor on the row at a place, or on the nearest that exists."""
        if not len(self.source):
            self._drop_cursor()
            return
        row_id = self._row_at(max(0, min(place, self._length - 1))).row_id
        if self._ghost is not None and row_id != self.cursor_id:
            self._ghost = None
        self.cursor_id = row_id

    def _start_of_move(self, by: int) -> int:
        """Where the cursor is, or just outside of what is seen when there is none."""
        if self.cursor_id is not None and (at := self._place_of(self.cursor_id)) is not None:
            return at
        bottom = min(self._top + self.height, self._length)
        return bottom if by < 0 else self._top - 1

    def _catch_up(self) -> None:
        """Takes in what became of the source: the ghost first, then the window around it."""
        self._find_ghost()
        if self.is_following:
            self._top = self._clamped(self._length)
        elif self._top > 0:
            # At the very top the window stays there, so that a new first row is seen.
            self._top = self._clamped(self._anchored_top())
        self._keep_cursor_in_sight()

    def _note_extent(self) -> bool:
        """Notes the extent, and tells whether rows came or went, or the window grew, since last."""
        first = self.source.id_at(0) if len(self.source) else None
        before, self._extent = self._extent, (len(self.source), first, self.height)
        return before != self._extent

    def _can_show_newest(self) -> bool:
        """Whether the newest rows are in front, and the cursor's row is seen together with them."""
        if self.can_follow or self.cursor_id is None:
            return False
        place = self._place_of(self.cursor_id)
        return place is not None and place < self.height

    def _find_ghost(self) -> None:
        """Makes, keeps or lifts the ghost of the selected row."""
        if self.cursor_id is None or self.source.index_of(self.cursor_id) is not None:
            self._ghost = None
            return
        seen = next((row for row in self.frame if row.row_id == self.cursor_id), None)
        if seen is None:
            self._drop_cursor()
            return
        self._ghost = _Ghost(self._as_ghost(seen), self._ghost_place(seen))

    def _as_ghost(self, seen: Row) -> Row:
        """What is hidden goes on; what is gone says for good what was true last."""
        there = self.everything.index_of(seen.row_id)
        if there is not None:
            cells = self.everything.cells(there)
            return replace(seen, cells=cells, is_ghost=True, is_hidden=True)
        if seen.is_ghost and not seen.is_hidden:
            return seen
        cells = self.last_seen(seen.row_id, seen.cells)
        return Row(seen.row_id, cells, is_ghost=True)

    def _ghost_place(self, seen: Row) -> int:
        """After the nearest row above that is left, else before the nearest below, else first."""
        at = self.frame.index(seen)
        for above in reversed(self.frame[:at]):
            if (index := self.source.index_of(above.row_id)) is not None:
                return index + 1
        for below in self.frame[at + 1 :]:
            if (index := self.source.index_of(below.row_id)) is not None:
                return index
        return 0

    def _anchored_top(self) -> int:
        """The top that keeps the cursor's row on its line, or else the uppermost row left."""
        lines = sorted(enumerate(self.frame), key=lambda line: line[1].row_id != self.cursor_id)
        for line, row in lines:
            if (place := self._place_of(row.row_id)) is not None:
                return place - line
        return self._top

    def _keep_cursor_in_sight(self) -> None:
        """Scrolls to the cursor, or drops it where following scrolled it away."""
        if self.cursor_id is None:
            return
        place = self._place_of(self.cursor_id)
        bottom = self._top + self.height - 1
        if place is None or (self.is_following and not self._top <= place <= bottom):
            self._drop_cursor()
        else:
            self._top = min(max(self._top, place - self.height + 1), place)

    def _drop_cursor(self) -> None:
        self.cursor_id = None
        self._ghost = None

    def _show(self) -> None:
        """Puts the window where it belongs and takes down what is in it."""
        if self.cursor_id is None and not self.can_follow and len(self.source):
            # One key is enough for the first device; a list that follows has no first row.
            self.cursor_id = self.source.id_at(0)
        if self.is_following:
            self._top = self._length
        self._top = self._clamped(self._top)
        self._keep_cursor_in_sight()
        last = min(self._top + self.height, self._length)
        self.frame = tuple(self._row_at(place) for place in range(self._top, last))
        self._mark_seen()

    def _mark_seen(self) -> None:
        if self.is_sorted:
            return
        lowest = next((row for row in reversed(self.frame) if not row.is_ghost), None)
        if lowest is None:
            return
        before = None if self._lowest_seen is None else self.source.index_of(self._lowest_seen)
        now = self.source.index_of(lowest.row_id)
        if before is None or (now is not None and now > before):
            self._lowest_seen = lowest.row_id
