"""Which columns fit a width, and how wide they get."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.tui.cells import printable
from oidc_sim.tui.lists.columns import Column, fit_columns

PANEL = (
    Column(title=printable("STATE"), width=10, min_width=1, priority=9, is_toned=True),
    Column(title=printable("USER CODE"), width=9, priority=8),
    Column(title=printable("CLIENT"), width=17, min_width=10, priority=5),
    Column(title=printable("POLLS"), width=5, priority=1, align="right"),
    Column(title=printable("NOTE"), width=8, priority=1, grows=True),
)


@st.composite
def a_column(draw: st.DrawFn) -> Column:
    width = draw(st.integers(1, 30))
    return Column(
        title=printable("T"),
        width=width,
        min_width=draw(st.one_of(st.none(), st.integers(1, width))),
        priority=draw(st.integers(0, 3)),
        gap=draw(st.integers(0, 3)),
        grows=draw(st.booleans()),
    )


@given(st.lists(a_column(), max_size=8), st.integers(-3, 120))
def test_columns_never_take_more_room_than_there_is(columns: list[Column], width: int) -> None:
    placed = fit_columns(columns, width)
    assert sum(one.width + one.gap for one in placed) <= max(0, width)
    assert [one.index for one in placed] == sorted({one.index for one in placed})
    assert bool(placed) == bool(columns)


@given(st.lists(a_column(), min_size=1, max_size=8), st.integers(1, 120))
def test_room_is_used_up_where_a_column_grows(columns: list[Column], width: int) -> None:
    placed = fit_columns(columns, width)
    if any(one.column.grows for one in placed):
        assert sum(one.width + one.gap for one in placed) == width


@given(st.lists(a_column(), min_size=2, max_size=8), st.integers(1, 120))
def test_what_is_dropped_is_worth_no_more_than_what_is_kept(
    columns: list[Column], width: int
) -> None:
    kept = {one.index for one in fit_columns(columns, width)}
    dropped = [column.priority for index, column in enumerate(columns) if index not in kept]
    assert max(dropped, default=-1) <= min(columns[index].priority for index in kept)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (70, {"STATE": 10, "USER CODE": 9, "CLIENT": 17, "POLLS": 5, "NOTE": 21}),
        (57, {"STATE": 10, "USER CODE": 9, "CLIENT": 17, "POLLS": 5, "NOTE": 8}),
        (50, {"STATE": 10, "USER CODE": 9, "CLIENT": 10, "POLLS": 5, "NOTE": 8}),
        (41, {"STATE": 1, "USER CODE": 9, "CLIENT": 10, "POLLS": 5, "NOTE": 8}),
        (40, {"STATE": 10, "USER CODE": 9, "CLIENT": 10, "POLLS": 5}),
        (25, {"STATE": 2, "USER CODE": 9, "CLIENT": 10}),
        (20, {"STATE": 9, "USER CODE": 9}),
        (9, {"STATE": 9}),
        (0, {"STATE": 0}),
    ],
)
def test_the_device_panel_keeps_what_matters_most(width: int, expected: dict[str, int]) -> None:
    placed = fit_columns(PANEL, width)
    assert {one.column.title: one.width for one in placed} == expected


def test_what_room_there_is_goes_to_the_most_important_first() -> None:
    columns = [
        Column(title=printable("A"), width=9, min_width=2, priority=1),
        Column(title=printable("B"), width=9, min_width=2, priority=2),
    ]
    assert [one.width for one in fit_columns(columns, 11)] == [2, 7]
    assert [one.width for one in fit_columns(columns, 15)] == [4, 9]
