"""Whatever a stranger calls himself, a row is exactly as wide as its list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import ASCII, UNICODE, Glyphs, Role
from oidc_sim.tui.lists.columns import Column, RowPainter, RowStyles
from oidc_sim.tui.lists.row_source import RowCells
from oidc_sim.tui.lists.viewport import Row
from tests.hostile_text import TEXTS
from tests.tui.list_app import COLUMNS

STYLES = RowStyles(
    plain=Style(color="white"),
    header=Style(underline=True),
    ghost=Style(dim=True),
    cursor=Style(reverse=True),
    roles={role: Style(color="red") for role in Role},
)


def a_row(name: str, *, version: int = 0, is_ghost: bool = False) -> Row:
    cells = RowCells((printable("◷ pending"), printable(name), printable("7")), version, Role.BAD)
    return Row("A", cells, is_ghost)


@given(TEXTS, st.integers(1, 90), st.booleans(), st.booleans())
def test_a_line_is_exactly_as_wide_as_the_list(
    name: str,
    width: int,
    is_ghost: bool,  # noqa: FBT001
    is_selected: bool,  # noqa: FBT001
) -> None:
    painter = RowPainter(COLUMNS, UNICODE)
    row = a_row(name, is_ghost=is_ghost)
    lines = [
        painter.row(row, width, STYLES, is_selected=is_selected),
        painter.header(width, STYLES),
        painter.text(printable(name), width, STYLES),
    ]
    for strip in lines:
        assert strip.cell_length == width
        assert cell_len(strip.text) == width
        assert all(segment.text for segment in strip)


def test_only_toned_columns_have_the_colour_of_the_role() -> None:
    strip = RowPainter(COLUMNS, UNICODE).row(a_row("aws"), 60, STYLES, is_selected=False)
    red = "".join(one.text for one in strip if one.style == STYLES.roles[Role.BAD])
    assert red.strip() == "◷ pending"


def test_a_ghost_has_no_colour_and_says_gone() -> None:
    strip = RowPainter(COLUMNS, UNICODE).row(
        a_row("aws", is_ghost=True), 60, STYLES, is_selected=False
    )
    assert {one.style for one in strip} == {STYLES.ghost}
    assert strip.text.endswith(" gone ")


@pytest.mark.parametrize(
    ("width", "note", "expected"),
    [
        (40, "uncollected", "   ◷ pending  XKWM  uncollected    gone "),
        (37, "uncollected", "   ◷ pending  XKWM  uncollected gone "),
        (36, "uncollected", "   ◷ pending  XKWM             gone "),
        (36, "told", "   ◷ pending  XKWM  told       gone "),
        (36, "", "   ◷ pending  XKWM             gone "),
        (14, "told", "   ◷ p…  gone "),
    ],
)
def test_the_word_of_a_ghost_runs_into_no_text(width: int, note: str, expected: str) -> None:
    columns = (
        Column(title=printable("STATE"), width=9, min_width=1, priority=9),
        Column(title=printable("CODE"), width=4, priority=8),
        Column(title=printable("NOTE"), width=11, grows=True),
    )
    cells = (printable("◷ pending"), printable("XKWM"), printable(note))
    row = Row("A", RowCells(cells, 0), is_ghost=True)
    strip = RowPainter(columns, UNICODE).row(row, width, STYLES, is_selected=False)
    assert strip.text == expected


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_selected_row_has_a_sign_and_a_style_of_its_own(glyphs: Glyphs) -> None:
    strip = RowPainter(COLUMNS, glyphs).row(a_row("aws"), 60, STYLES, is_selected=True)
    assert strip.text.startswith(f" {glyphs.cursor} ")
    assert all(one.style and one.style.reverse for one in strip)


def test_a_row_is_painted_again_only_when_its_version_moved() -> None:
    painter = RowPainter(COLUMNS, UNICODE)
    first = painter.row(a_row("aws"), 60, STYLES, is_selected=False)
    assert painter.row(a_row("ignored"), 60, STYLES, is_selected=False) is first
    assert painter.row(a_row("aws", version=1), 60, STYLES, is_selected=False) is not first
    painter.forget()
    assert painter.row(a_row("aws"), 60, STYLES, is_selected=False) is not first
