"""Whatever clients and operator do in whatever order: the cursor is the operator's alone."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.lists.viewport import Viewport
from tests.tui.row_samples import Rows

SMALL = st.integers(0, 6)


class ListModel(RuleBasedStateMachine):
    """A list of ids, changed by clients at any time and looked at by a viewport."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()
        self.names = 0
        self.gone: list[RowId] = []

    @initialize(can_follow=st.booleans(), count=SMALL, height=SMALL)
    def start(self, can_follow: bool, count: int, height: int) -> None:  # noqa: FBT001
        self.rows.ids = self.new(count)
        self.viewport = Viewport(self.rows, can_follow=can_follow)
        self.viewport.settle(height)

    def new(self, count: int) -> list[RowId]:
        self.names += count
        return list(range(self.names - count, self.names))

    # What clients do. The viewport does not look before it is told to.

    @rule(count=SMALL)
    def rows_come_at_the_end(self, count: int) -> None:
        self.rows.ids += self.new(count)

    @rule(count=SMALL)
    def rows_come_in_front(self, count: int) -> None:
        self.rows.ids[:0] = self.new(count)

    @rule(count=SMALL)
    def the_oldest_are_dropped(self, count: int) -> None:
        self.gone += self.rows.ids[:count]
        del self.rows.ids[:count]

    @rule(data=st.data())
    def some_leave(self, data: st.DataObject) -> None:
        leaving = data.draw(st.sets(st.sampled_from(self.rows.ids))) if self.rows.ids else set()
        self.gone += leaving
        self.rows.ids = [row for row in self.rows.ids if row not in leaving]

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def one_comes_back(self, data: st.DataObject) -> None:
        row_id = data.draw(st.sampled_from(self.gone))
        self.gone.remove(row_id)
        self.rows.ids.insert(data.draw(st.integers(0, len(self.rows.ids))), row_id)

    @rule(random=st.randoms(use_true_random=False))
    def they_are_sorted_otherwise(self, random: object) -> None:
        random.shuffle(self.rows.ids)  # type: ignore[attr-defined]

    # What the timer and the terminal do.

    @rule()
    def the_timer_pulls(self) -> None:
        before = self.viewport.cursor_id
        self.viewport.settle()
        self.keeps(before)

    @precondition(lambda self: not self.viewport.can_follow)
    @rule(count=st.integers(1, 6))
    def new_rows_are_seen_if_the_cursor_can_be_too(self, count: int) -> None:
        self.rows.ids[:0] = self.new(count)
        self.viewport.settle()
        at = self.index_of_cursor()
        if at is not None and at < self.viewport.height:
            assert self.viewport.above == 0

    @rule(height=SMALL)
    def the_window_is_resized(self, height: int) -> None:
        before = self.viewport.cursor_id
        self.viewport.settle(height)
        self.keeps(before)

    def keeps(self, before: RowId | None) -> None:
        after = self.viewport.cursor_id
        was_scrolled_away = self.viewport.is_following and after is None
        was_first = before is None and not self.viewport.can_follow and after == self.first
        assert after == before or was_scrolled_away or was_first

    @property
    def first(self) -> RowId | None:
        return self.rows.ids[0] if self.rows.ids else None

    def index_of_cursor(self) -> int | None:
        cursor_id = self.viewport.cursor_id
        return None if cursor_id is None else self.rows.index_of(cursor_id)

    # What the operator does.

    @rule(by=st.integers(-8, 8).filter(bool))
    def the_cursor_moves(self, by: int) -> None:
        was = self.index_of_cursor()
        self.viewport.move(by)
        assert by > 0 or not self.viewport.is_following
        now = self.index_of_cursor()
        if was is not None:
            # Following may have scrolled away what a way down led to.
            assert now is not None or self.viewport.is_following
        if was is not None and now is not None:
            assert now == max(0, min(was + by, len(self.rows) - 1))

    @rule()
    def home(self) -> None:
        self.viewport.move_to_start()
        assert self.viewport.cursor_id == self.first
        assert not self.viewport.is_following

    @rule()
    def end(self) -> None:
        self.viewport.move_to_end()
        assert self.viewport.cursor_id == (self.rows.ids[-1] if self.rows.ids else None)
        assert self.viewport.is_following == self.viewport.can_follow

    @rule(by=st.integers(-5, 5))
    def the_wheel_turns(self, by: int) -> None:
        self.viewport.scroll(by)
        assert by >= 0 or not self.viewport.is_following

    @rule(is_following=st.booleans())
    def follow(self, is_following: bool) -> None:  # noqa: FBT001
        self.viewport.follow(is_following=is_following)
        assert self.viewport.is_following == (is_following and self.viewport.can_follow)

    @rule(line=SMALL)
    def a_click(self, line: int) -> None:
        if line >= len(self.viewport.frame):
            return
        aimed_at = self.viewport.frame[line].row_id
        before = self.viewport.cursor_id
        self.viewport.select(aimed_at)
        is_there = self.rows.index_of(aimed_at) is not None
        assert self.viewport.cursor_id in ({aimed_at} if is_there else {aimed_at, before, None})

    # What is always true of what is seen.

    @invariant()
    def the_cursor_is_seen(self) -> None:
        if hasattr(self, "viewport") and self.viewport.cursor_id is not None:
            assert self.viewport.cursor_id in [row.row_id for row in self.viewport.frame]

    @rule()
    def the_frame_is_a_window_on_the_source_with_the_ghost_in_it(self) -> None:
        viewport = self.viewport
        viewport.settle()
        live = [row.row_id for row in viewport.frame if not row.is_ghost]
        ghosts = [row.row_id for row in viewport.frame if row.is_ghost]
        is_gone = viewport.cursor_id is not None and viewport.cursor_id not in self.rows.ids
        assert ghosts == ([viewport.cursor_id] if is_gone else [])
        assert viewport.is_on_ghost == is_gone
        start = self.rows.ids.index(live[0]) if live else 0
        assert self.rows.ids[start : start + len(live)] == live
        assert len(viewport.frame) == min(viewport.height, len(self.rows) + is_gone)
        assert viewport.above == start
        if viewport.is_following and live and not viewport.frame[-1].is_ghost:
            assert live[-1] == self.rows.ids[-1]
            assert viewport.unseen == 0


TestListModel = ListModel.TestCase
TestListModel.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
