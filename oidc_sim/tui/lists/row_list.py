"""The live list: keys, mouse, messages and border around a viewport."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from oidc_sim.tui.bars.page import ChangedLines
from oidc_sim.tui.cells import Printable, joined, printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs, Role
from oidc_sim.tui.keymap import Holder, bindings
from oidc_sim.tui.lists.columns import (
    GUTTER,
    Column,
    RowPainter,
    RowStyles,
    Sort,
    column_at,
    next_column,
)
from oidc_sim.tui.lists.row_source import RowId, RowSource
from oidc_sim.tui.lists.sorting import RowSorter, SortedRows
from oidc_sim.tui.lists.viewport import Viewport

WHEEL_STEP = 3
"""Rows that one notch of the wheel scrolls."""
_UNSAID = printable("")


class RowList(Widget, can_focus=True):
    """A list of rows that come and go while an operator works on one of them.

    A plain ``Widget`` and no ``ScrollView``: its size never depends on the number of rows, so a
    new row never lays the screen out again (which costs two to three frames), and
    the viewport maps rows to lines itself.

    Text selection by mouse is off: rows move under it.
    """

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Holder.LIST)]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--header",
        "row-list--cursor",
        "row-list--ghost",
        *(f"row-list--{role}" for role in Role),
    }

    # The cursor is reversed or bold so that it is seen without colour.
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        .row-list--header { text-style: bold; }
        .row-list--ghost { color: $text-muted; text-style: dim; }
        .row-list--cursor { text-style: bold; }
        &:focus .row-list--cursor { text-style: bold reverse; }
        .row-list--pending { color: $role-pending; }
        .row-list--good { color: $role-good; }
        .row-list--bad { color: $role-bad; }
        .row-list--held { color: $role-held; }
        .row-list--fault { color: $role-fault; }
    }
    """

    @dataclass
    class Selected(Message):
        """The selection changed: by the operator, or because its row left sight while following."""

        row_list: "RowList"
        row_id: RowId | None

        @property
        def control(self) -> "RowList":
            """The list, for ``@on(RowList.Selected, "#…")``."""
            return self.row_list

        def can_replace(self, message: Message) -> bool:
            """Only the newest selection of a list matters."""
            return isinstance(message, RowList.Selected) and message.row_list is self.row_list

    @dataclass
    class FollowChanged(Message):
        """The list began or ended following."""

        row_list: "RowList"
        is_following: bool

        @property
        def control(self) -> "RowList":
            """The list, for ``@on(RowList.FollowChanged, "#…")``."""
            return self.row_list

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource,
        *,
        can_follow: bool = False,
        order: Printable = _UNSAID,
        placeholder: Sequence[Printable] = (),
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.placeholder: Sequence[Printable] = placeholder
        """What an empty list shows instead of a header and rows."""
        self.order: Printable = order
        """What the lower border says of a list that does not follow, while its top is seen."""
        self.sort: Sort | None = None
        """The column that it is sorted by; None while it is in its own order."""
        self.sorter: RowSorter | None = None
        self._own = source
        self._sorted: SortedRows | None = None
        self._above = printable(f"{glyphs.above} ")
        self.view = self._viewport = Viewport(source, can_follow=can_follow)
        """What is seen of it, to be moved by the list alone."""
        self._painter = RowPainter(columns, glyphs)
        self._styles: RowStyles | None = None
        self._pulled: object = None
        self._reported = (self.cursor_id, self.is_following)
        self._lines_shown = ChangedLines(self)
        self._said = _UNSAID

    @property
    def cursor_id(self) -> RowId | None:
        """The selected row, or None."""
        return self._viewport.cursor_id

    @property
    def is_following(self) -> bool:
        """Whether the list stays at its newest rows."""
        return self._viewport.is_following

    def pull(self) -> bool:
        """Takes in what is new in the source, with at most one refresh.

        To be called on a timer. Returns whether there was anything new.
        """
        version = self._viewport.source.version
        if version == self._pulled:
            return False
        self._pulled = version
        self._viewport.settle()
        self._changed()
        return True

    @property
    def source(self) -> RowSource:
        """The rows that it shows, in their own order."""
        return self._own

    def show(self, source: RowSource) -> None:
        """Shows other rows, such as filtered ones; the cursor stays on its row if it is there."""
        self._own = source
        self._viewport.source = self._in_order()
        self._pulled = None
        self.pull()

    def step_sort(self, by: int) -> None:
        """Sorts by the column beside; beyond the last and the first is the list's own order."""
        shown = tuple(placed.index for placed in self._painter.placed(self.size.width))
        self.sort_by(next_column(shown, self.sort.column if self.sort else None, by))

    def sort_by(self, column: int | None, *, is_down: bool | None = None) -> None:
        """Takes the order by a column as it is now, or goes back to its own order."""
        if column is None or self.sorter is None:
            self.sort = None
        else:
            is_down = self.sorter.starts_down(column) if is_down is None else is_down
            self.sort = Sort(column, is_down, self.sorter.now())
        self._viewport.reorder(self._in_order(), is_sorted=self.sort is not None)
        self._changed()

    def sort_again(self) -> None:
        """Takes the order by the same column as it is now, if it is sorted."""
        if self.sort is not None:
            self.sort_by(self.sort.column, is_down=self.sort.is_down)

    def column_title(self, column: int) -> Printable:
        """The name of a column."""
        return self._painter.title(column)

    def _in_order(self) -> RowSource:
        if self.sort is None or self.sorter is None:
            self._sorted = None
            return self._own
        self._sorted = self.sorter.rows(self._own, self.sort)
        return self._sorted

    def select(self, row_id: RowId) -> None:
        """Selects a row, if it is there."""
        self._viewport.select(row_id)
        self._changed()

    def action_move(self, by: int) -> None:
        """Moves the cursor by rows."""
        self._viewport.move(by)
        self._changed()

    def action_page(self, by: int) -> None:
        """Moves the cursor by windows."""
        self.action_move(by * self._viewport.height)

    def action_start(self) -> None:
        """Selects the first row."""
        self._viewport.move_to_start()
        self._changed()

    def action_end(self) -> None:
        """Selects the last row; a list that can follow does, in its own order."""
        self._end_sort_to_follow()
        self._viewport.move_to_end()
        self._changed()

    def action_follow(self) -> None:
        """Begins or ends following; what is sorted goes back to its own order for that."""
        self._end_sort_to_follow()
        self._viewport.follow(is_following=not self.is_following)
        self._changed()

    def _end_sort_to_follow(self) -> None:
        if self.sort is not None and self._viewport.can_follow:
            self.sort_by(None)

    def on_resize(self) -> None:
        """Tells what a window of another height changed."""
        self._fit()
        self._changed()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scrolls towards older rows."""
        self._wheel(event, -WHEEL_STEP)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scrolls towards newer rows."""
        self._wheel(event, WHEEL_STEP)

    def on_click(self, event: events.Click) -> None:
        """Selects the row that was seen there, whatever is there by now; a title sorts by its column."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y == 0 and not self._viewport.is_empty:
            self._sort_at(offset.x - GUTTER)
        line = -1 if offset is None else offset.y - 1
        if 0 <= line < len(self._viewport.frame):
            self.select(self._viewport.frame[line].row_id)

    def _sort_at(self, x: int) -> None:
        column = column_at(self._painter.placed(self.size.width), x)
        if self.sort is not None and self.sort.column == column:
            self.sort_by(column, is_down=not self.sort.is_down)
        elif column is not None:
            self.sort_by(column)

    def notify_style_update(self) -> None:
        """Forgets what was painted in other styles, such as another theme's or without focus."""
        super().notify_style_update()
        self._styles = None
        self._painter.forget()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paints lines; the first frame comes before ``on_resize`` and must not be empty."""
        if self._viewport.height != self._window_height:
            self._fit()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Paints one line of what ``settle`` took down; never looks at the source."""
        width, styles, view = self.size.width, self._row_styles(), self._viewport
        if view.is_empty:
            lines = self.placeholder[y - 1 : y] if y else ()
            return self._painter.text(lines[0] if lines else Printable(""), width, styles)
        if y == 0:
            return self._painter.header(width, styles, self.sort)
        if y > len(view.frame):
            return Strip.blank(width, styles.plain)
        row = view.frame[y - 1]
        return self._painter.row(row, width, styles, is_selected=row.row_id == view.cursor_id)

    @property
    def _window_height(self) -> int:
        """Lines for rows: all but the header's, and one even where there is no room."""
        return max(1, self.size.height - 1)

    def _fit(self) -> None:
        self._viewport.settle(self._window_height)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        self._viewport.scroll(by)
        self._changed()

    def _row_styles(self) -> RowStyles:
        if self._styles is None:
            style = self.get_component_rich_style
            self._styles = RowStyles(
                plain=self.rich_style,
                header=style("row-list--header"),
                ghost=style("row-list--ghost"),
                cursor=style("row-list--cursor", partial=True),
                roles={role: style(f"row-list--{role}") for role in Role},
            )
        return self._styles

    def _changed(self) -> None:
        """Repaints what changed, and tells what the operator should know."""
        self._lines_shown.repaint([*self._line_keys()])
        self._say(self._said_below())
        reported, self._reported = self._reported, (self.cursor_id, self.is_following)
        if reported[0] != self.cursor_id:
            self.post_message(self.Selected(self, self.cursor_id))
        if reported[1] != self.is_following:
            self.post_message(self.FollowChanged(self, self.is_following))

    def _line_keys(self) -> Iterator[Hashable]:
        """What each line shows, the header's first."""
        yield self._viewport.is_empty, self.sort
        if self._viewport.is_empty:
            yield from self.placeholder
        for row in self._viewport.frame:
            is_cursor = row.row_id == self.cursor_id
            yield row.row_id, row.cells.version, row.is_ghost, row.is_hidden, is_cursor

    def _said_below(self) -> Printable:
        if self.sort is not None and self._sorted is not None:
            return self.sort.said(self.column_title(self.sort.column), self._sorted.new)
        return self._follow_said() if self._viewport.can_follow else self._order_said()

    def _follow_said(self) -> Printable:
        """Whether the list follows, and how much is new if not."""
        unseen = self._viewport.unseen
        new = f", {unseen:,} new" if unseen else ""
        return printable("following" if self.is_following else f"paused{new}")

    def _order_said(self) -> Printable:
        """How many newer rows are hidden above; the order when there are none."""
        above = self._viewport.above
        return joined(self._above, printable(f"{above:,} newer")) if above else self.order

    def _say(self, said: Printable) -> None:
        """Says it in the lower border."""
        if said != self._said:
            self._said = said
            # As Content: a plain string would be parsed as markup (T-02).
            self.border_subtitle = Content(said)
