"""`fit` is exact to the cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from oidc_sim.text.printable import MAX_STACKED
from oidc_sim.tui.cells import Printable, fit, printable
from tests.hostile_text import TEXTS


@given(TEXTS, st.integers(-2, 40), st.sampled_from(["left", "right"]))
def test_a_fitted_text_takes_exactly_its_cells(text: str, cells: int, align: str) -> None:
    fitted = fit(printable(text), cells, "right" if align == "right" else "left")
    assert cell_len(fitted) == max(0, cells)
    assert printable(fitted) == fitted


@pytest.mark.parametrize(
    ("text", "cells", "fitted"),
    [
        ("abc", 5, "abc  "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("abcd", 1, "…"),
        ("abcd", 0, ""),
        ("漢字漢", 6, "漢字漢"),
        ("漢字漢", 5, "漢字…"),
        ("漢字漢", 4, "漢 …"),
        ("ae\u0301\u0301zz", 3, "ae\u0301\u0301…"),
    ],
)
def test_a_text_is_cut_by_cells_and_never_through_a_character(
    text: str, cells: int, fitted: str
) -> None:
    assert fit(Printable(text), cells) == fitted


def test_numbers_stand_on_the_right() -> None:
    assert fit(printable("19"), 5, "right") == "   19"


def test_an_ascii_terminal_gets_an_ascii_ellipsis() -> None:
    assert fit(printable("abcdef"), 4, ellipsis="~") == "abc~"


def test_what_takes_no_cell_is_stacked_so_that_a_cut_needs_a_bounded_piece() -> None:
    """Fails when a newer Rich counts another character as nothing."""
    every = (chr(code) for code in range(0x20, 0x110000))
    free = [character for character in every if not get_character_cell_size(character)]
    towers = ["a" + character * (MAX_STACKED + 1) for character in free]
    assert [tower for tower in towers if printable(tower) == tower] == []


def test_the_end_of_a_long_text_is_not_looked_at() -> None:
    assert fit(printable("漢" * 500_000), 5) == "漢漢…"
