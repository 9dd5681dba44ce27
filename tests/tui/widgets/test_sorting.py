"""The arrow in a header, and which column a key or a click means."""

import pytest

from oidc_sim.tui.app import in_ascii
from oidc_sim.tui.cells import printable
from oidc_sim.tui.lists.columns import (
    DOWN,
    UP,
    Column,
    Placed,
    column_at,
    fit_columns,
    marked,
    next_column,
)

COLUMNS = (
    Column(title=printable("NAME"), width=8),
    Column(title=printable("POLLS"), width=5, align="right", gap=1),
    Column(title=printable("MS"), width=4, align="right"),
    Column(title=printable("LAST SEEN"), width=9),
)
PLACED = fit_columns(COLUMNS, 40)


@pytest.mark.parametrize(
    ("index", "text"), [(0, "NAME▼     "), (1, "POLLS▼"), (2, " ▼MS  "), (3, "LAST SEEN▼")]
)
def test_the_arrow_moves_no_title_and_no_column(index: int, text: str) -> None:
    assert marked(PLACED[index], DOWN) == text


def test_a_title_that_has_no_room_is_cut_before_the_arrow() -> None:
    narrow = Placed(0, COLUMNS[0], 3, 2)
    assert marked(narrow, UP) == "NA…▲ "


def test_it_has_a_sign_in_ascii() -> None:
    assert in_ascii(f"POLLS{UP}{DOWN}") == "POLLS^v"


def test_beyond_both_ends_is_no_column() -> None:
    shown = (0, 2, 5)
    there = [next_column(shown, at, 1) for at in (None, 0, 2, 5)]
    assert there == [0, 2, 5, None]
    assert [next_column(shown, at, -1) for at in (None, 5, 2, 0)] == [5, 2, 0, None]


def test_from_a_column_that_is_hidden_by_now_the_first_is_next() -> None:
    assert next_column((0, 2), 1, 1) == 0


def test_a_click_means_the_column_with_its_blanks() -> None:
    assert [column_at(PLACED, x) for x in (-1, 0, 9, 10, 15, 16, 22, 30, 31)] == [
        None,
        0,
        0,
        1,
        1,
        2,
        3,
        3,
        None,
    ]
