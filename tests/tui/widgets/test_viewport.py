"""The cursor is an id, it is always in sight, and nothing that a client does moves it."""

import pytest

from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.lists.viewport import Viewport
from tests.tui.row_samples import Ring, Rows


def window(rows: Rows | Ring, height: int, *, can_follow: bool = False) -> Viewport:
    viewport = Viewport(rows, can_follow=can_follow)
    viewport.settle(height)
    return viewport


def seen(viewport: Viewport) -> list[RowId]:
    return [row.row_id for row in viewport.frame]


def test_the_first_row_of_a_list_is_selected_without_a_key() -> None:
    rows = Rows()
    viewport = window(rows, 3)
    assert viewport.cursor_id is None
    rows.ids = ["a"]
    viewport.settle()
    assert viewport.cursor_id == "a"


def test_a_row_that_leaves_above_the_cursor_does_not_move_it() -> None:
    """DataTable puts the cursor on the next device, and `d` denies that."""
    rows = Rows("abcdef")
    viewport = window(rows, 4)
    viewport.move(3)
    rows.ids.remove("a")
    viewport.settle()
    assert viewport.cursor_id == "d"
    assert seen(viewport) == ["b", "c", "d", "e"]


def test_new_rows_in_front_do_not_move_the_cursor() -> None:
    rows = Rows("cde")
    viewport = window(rows, 3)
    rows.ids[:0] = ["a", "b"]
    viewport.settle()
    assert viewport.cursor_id == "c"
    assert seen(viewport) == ["a", "b", "c"]


def test_a_cursor_that_new_rows_push_down_stays_in_sight() -> None:
    rows = Rows("abc")
    viewport = window(rows, 3)
    viewport.move(2)
    rows.ids[:0] = ["1", "2", "3", "4"]
    viewport.settle()
    assert viewport.cursor_id == "c"
    assert seen(viewport) == ["a", "b", "c"]


def test_the_newest_rows_are_seen_as_long_as_the_selected_one_is_too() -> None:
    rows = Rows("abc")
    viewport = window(rows, 4)
    viewport.move(1)
    rows.ids[:0] = ["1", "2"]
    viewport.settle()
    assert (viewport.cursor_id, viewport.above) == ("b", 0)
    assert seen(viewport) == ["1", "2", "a", "b"]


def test_rows_pushed_out_above_are_counted_until_the_top_can_be_seen_again() -> None:
    rows = Rows("abc")
    viewport = window(rows, 3)
    rows.ids[:0] = list("1234")
    viewport.settle()
    assert (viewport.cursor_id, viewport.above) == ("a", 2)
    assert seen(viewport) == ["3", "4", "a"]
    rows.ids[:2] = []
    viewport.settle()
    assert (viewport.cursor_id, viewport.above) == ("a", 0)
    rows.ids[:0] = list("56")
    viewport.settle()
    assert viewport.above == 2
    viewport.move_to_start()
    assert (viewport.cursor_id, viewport.above) == ("5", 0)


def test_a_window_that_was_scrolled_goes_to_its_top_when_a_row_comes_and_the_cursor_allows() -> (
    None
):
    rows = Rows("abcdef")
    viewport = window(rows, 4)
    viewport.scroll(1)
    viewport.settle()
    assert (seen(viewport), viewport.cursor_id) == (list("bcde"), "b")
    rows.ids.insert(0, "new")
    viewport.settle()
    assert (seen(viewport), viewport.cursor_id) == (["new", "a", "b", "c"], "b")


def test_a_window_that_grows_shows_the_newest_rows() -> None:
    rows = Rows("abcdefgh")
    viewport = window(rows, 3)
    viewport.move(4)
    assert viewport.above == 2
    viewport.settle(5)
    assert (viewport.cursor_id, viewport.above) == ("e", 0)


def test_the_ghost_of_a_pushed_row_keeps_its_place_while_newer_ones_come() -> None:
    rows = Rows("abc")
    viewport = window(rows, 3)
    rows.ids = list("12345bc")
    viewport.settle()
    assert (viewport.cursor_id, viewport.is_on_ghost, viewport.above) == ("a", True, 3)
    rows.ids = []
    viewport.settle()
    assert (seen(viewport), viewport.above) == (["a"], 0)


def test_a_row_stays_on_its_line_when_rows_come_above_the_window() -> None:
    rows = Rows("abcdefgh")
    viewport = window(rows, 3)
    viewport.move(5)
    viewport.move(-1)
    assert seen(viewport) == ["d", "e", "f"]
    rows.ids.insert(0, "new")
    viewport.settle()
    assert seen(viewport) == ["d", "e", "f"]


def test_a_window_one_row_down_stays_there_when_rows_come_above() -> None:
    rows = Rows("abcdef")
    viewport = window(rows, 3)
    viewport.move(3)
    viewport.move(-1)
    assert seen(viewport) == ["b", "c", "d"]
    rows.ids.insert(0, "new")
    viewport.settle()
    assert seen(viewport) == ["b", "c", "d"]


def test_a_selected_row_stays_on_its_line_when_rows_come_between() -> None:
    rows = Rows("abcdef")
    viewport = window(rows, 3)
    viewport.move(3)
    viewport.move(-1)
    rows.ids.insert(2, "new")
    viewport.settle()
    assert seen(viewport) == ["new", "c", "d"]


@pytest.mark.parametrize("order", ["hgfedcba", "badcfehg", "eabcdfgh"])
def test_another_order_keeps_the_cursor_on_its_row(order: str) -> None:
    rows = Rows("abcdefgh")
    viewport = window(rows, 3)
    viewport.move(4)
    rows.ids = list(order)
    viewport.settle()
    assert viewport.cursor_id == "e"
    assert "e" in seen(viewport)


def test_a_selected_row_that_leaves_stays_as_a_ghost_in_its_place() -> None:
    rows = Rows("abcd")
    rows.notes["b"] = "last words"
    viewport = window(rows, 4)
    viewport.move(1)
    rows.ids.remove("b")
    viewport.settle()
    assert seen(viewport) == ["a", "b", "c", "d"]
    assert viewport.cursor_id == "b"
    assert viewport.is_on_ghost
    assert [row.is_ghost for row in viewport.frame] == [False, True, False, False]
    assert viewport.frame[1].cells.cells[1] == "last words"


def test_a_ghost_goes_when_the_cursor_moves() -> None:
    rows = Rows("abcd")
    viewport = window(rows, 4)
    viewport.move(1)
    rows.ids.remove("b")
    viewport.move(1)
    assert viewport.cursor_id == "c"
    assert not viewport.is_on_ghost
    assert seen(viewport) == ["a", "c", "d"]


def test_a_ghost_stays_between_its_neighbours() -> None:
    rows = Rows("abcd")
    viewport = window(rows, 9)
    viewport.move(1)
    rows.ids = list("xyacd")
    viewport.settle()
    assert seen(viewport) == list("xyabcd")
    rows.ids = list("xycdz")
    viewport.settle()
    assert seen(viewport) == list("xybcdz")


@pytest.mark.parametrize("aimed_at", list("acdef"))
def test_a_click_beside_a_ghost_selects_the_row_that_was_aimed_at(aimed_at: str) -> None:
    rows = Rows("abcdef")
    viewport = window(rows, 6)
    viewport.move(1)
    rows.ids.remove("b")
    viewport.settle()
    viewport.select(aimed_at)
    assert viewport.cursor_id == aimed_at
    assert seen(viewport) == list("acdef")


def test_a_ghost_that_the_wheel_leaves_behind_takes_no_line_with_it() -> None:
    rows = Rows("abcdefgh")
    viewport = window(rows, 3)
    viewport.scroll(2)
    assert seen(viewport) == ["c", "d", "e"]
    rows.ids.remove("c")
    viewport.scroll(1)
    assert seen(viewport) == ["d", "e", "f"]


@pytest.mark.parametrize(("key", "expected"), [("move_to_end", "b"), ("move_to_start", "b")])
def test_home_and_end_leave_a_ghost_at_that_end(key: str, expected: str) -> None:
    rows = Rows("abc")
    viewport = window(rows, 3)
    viewport.move(2 if key == "move_to_end" else 0)
    rows.ids = ["a", "b"] if key == "move_to_end" else ["b", "c"]
    viewport.settle()
    getattr(viewport, key)()
    assert viewport.cursor_id == expected
    assert not viewport.is_on_ghost


def test_a_ghost_that_following_scrolls_away_leaves_the_window_full() -> None:
    rows = Rows(range(6))
    viewport = window(rows, 3, can_follow=True)
    viewport.select(5)
    rows.ids.remove(5)
    viewport.settle()
    assert (viewport.cursor_id, viewport.is_on_ghost) == (5, True)
    rows.ids += [6, 7, 8, 9]
    viewport.settle()
    assert (viewport.cursor_id, viewport.is_on_ghost) == (None, False)
    assert seen(viewport) == [7, 8, 9]


def test_a_row_that_comes_back_is_no_ghost() -> None:
    rows = Rows("abc")
    viewport = window(rows, 3)
    rows.ids = list("bc")
    viewport.settle()
    rows.ids = list("bca")
    viewport.settle()
    assert not viewport.is_on_ghost
    assert seen(viewport) == list("bca")
    assert viewport.cursor_id == "a"


def test_the_last_ghost_of_an_empty_list_goes_with_the_first_key() -> None:
    rows = Rows("a")
    viewport = window(rows, 3)
    rows.ids = []
    viewport.settle()
    assert seen(viewport) == ["a"]
    viewport.move(1)
    assert viewport.is_empty
    assert viewport.cursor_id is None


def test_the_window_follows_the_last_rows() -> None:
    ring = Ring(100)
    viewport = window(ring, 3, can_follow=True)
    ring.add(10)
    viewport.settle()
    assert seen(viewport) == [7, 8, 9]


def test_following_selects_nothing_by_itself() -> None:
    """A cursor that slid along would make a key act on another row than the one that was read."""
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    assert viewport.cursor_id is None


def test_a_cursor_keeps_its_row_while_following_and_is_dropped_out_of_sight() -> None:
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.move_to_end()
    ring.add(2)
    viewport.settle()
    assert (viewport.is_following, viewport.cursor_id) == (True, 9)
    ring.add(1)
    viewport.settle()
    assert (viewport.is_following, viewport.cursor_id) == (True, None)
    assert seen(viewport) == [10, 11, 12]


def test_moving_up_ends_following_and_counts_what_is_new() -> None:
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.move(-1)
    assert not viewport.is_following
    assert viewport.cursor_id == 9
    ring.add(42)
    viewport.settle()
    assert seen(viewport) == [7, 8, 9]
    assert viewport.unseen == 42


def test_a_move_starts_from_what_was_seen_and_not_from_what_came_since() -> None:
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.move_to_end()
    ring.add(30)
    viewport.move(-1)
    assert viewport.cursor_id == 8


def test_rows_that_were_looked_at_are_not_new() -> None:
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.move(-1)
    ring.add(5)
    viewport.move(2)
    assert viewport.unseen == 3
    viewport.move(-9)
    assert viewport.unseen == 3


@pytest.mark.parametrize("way", ["end", "follow"])
def test_end_and_f_resume_following(way: str) -> None:
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.move(-5)
    ring.add(5)
    viewport.move_to_end() if way == "end" else viewport.follow(is_following=True)
    assert viewport.is_following
    assert viewport.unseen == 0
    assert seen(viewport) == [12, 13, 14]
    assert viewport.cursor_id == (14 if way == "end" else None)


def test_a_list_that_cannot_follow_never_does() -> None:
    viewport = window(Rows("abc"), 2)
    viewport.move_to_end()
    viewport.follow(is_following=True)
    assert not viewport.is_following


def test_a_paused_window_stays_on_its_rows_while_the_ring_drops_older_ones() -> None:
    ring = Ring(10)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.move(-4)
    assert seen(viewport) == [6, 7, 8]
    ring.add(6)
    viewport.settle()
    assert seen(viewport) == [6, 7, 8]
    ring.add(3)
    viewport.settle()
    assert seen(viewport) == [6, 9, 10]
    assert viewport.is_on_ghost
    assert viewport.frame[0].is_ghost


def test_the_wheel_moves_the_window_and_takes_the_cursor_along() -> None:
    viewport = window(Rows("abcdefgh"), 3)
    viewport.scroll(3)
    assert seen(viewport) == ["d", "e", "f"]
    assert viewport.cursor_id == "d"
    viewport.scroll(-1)
    assert seen(viewport) == ["c", "d", "e"]
    assert viewport.cursor_id == "d"
    viewport.scroll(-99)
    assert viewport.cursor_id == "c"


def test_the_wheel_ends_following_only_upwards() -> None:
    viewport = window(Rows(range(9)), 3, can_follow=True)
    viewport.scroll(1)
    assert viewport.is_following
    viewport.scroll(-1)
    assert seen(viewport) == [5, 6, 7]


def test_a_click_on_an_older_row_ends_following() -> None:
    ring = Ring(100)
    ring.add(10)
    viewport = window(ring, 3, can_follow=True)
    viewport.select(9)
    assert (viewport.is_following, viewport.cursor_id) == (True, 9)
    viewport.select(8)
    assert (viewport.is_following, viewport.cursor_id) == (False, 8)


def test_a_click_on_a_row_that_left_meanwhile_selects_nothing_else() -> None:
    rows = Rows("abc")
    viewport = window(rows, 3)
    rows.ids.remove("b")
    viewport.select("b")
    assert viewport.cursor_id == "a"


def test_a_window_that_shrinks_keeps_the_cursor_in_sight() -> None:
    viewport = window(Rows("abcdefgh"), 8)
    viewport.move(6)
    viewport.settle(2)
    assert viewport.cursor_id == "g"
    assert "g" in seen(viewport)
    viewport.settle(0)
    assert seen(viewport) == ["g"]


def test_a_frame_costs_the_same_whatever_the_length_and_the_drops() -> None:
    ring = Ring(100_000)
    ring.add(250_000)
    viewport = window(ring, 20, can_follow=True)
    viewport.move(-30)
    ring.asked = 0
    ring.add(50)
    viewport.settle()
    assert ring.asked < 5 * 20
