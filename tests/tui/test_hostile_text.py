"""T-01, T-02, T-03: what strangers send is shown in a terminal, and does nothing there."""

from collections.abc import Iterator

import pytest
from rich.cells import set_cell_size

from oidc_sim.tui.cells import printable
from tests.hostile_text import PAYLOADS
from tests.tui.pty_run import PtyRun, python
from tests.tui.terminal_stream import foreign_controls

COLUMNS, ROWS = 100, 36


def hostile_app(way: str = "printable") -> PtyRun:
    return PtyRun(python("tests.tui.hostile_app", way), columns=COLUMNS, rows=ROWS)


@pytest.fixture(scope="module")
def shown() -> Iterator[PtyRun]:
    """All payloads on one screen, which lives until the last test is done with it."""
    with hostile_app() as run:
        run.wait_for_text("the end")
        yield run


def head(payload: str, cells: int) -> str:
    return set_cell_size(printable(payload), cells).rstrip()


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_name_is_shown_literally_in_the_list(shown: PtyRun, name: str) -> None:
    assert f"◷ pending   {head(PAYLOADS[name], 30)}" in shown.text


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_name_is_shown_literally_in_a_static(shown: PtyRun, name: str) -> None:
    lines = shown.lines()[19:]
    assert any(line.startswith(head(PAYLOADS[name], 30)) for line in lines)


def test_a_name_shown_raw_would_be_noticed() -> None:
    with hostile_app("raw") as run:
        # On the screen there is little left to wait for.
        run.wait_for(lambda run: b"the end" in run.raw, "the last line's bytes")
        told = "".join(foreign_controls(run.raw, columns=COLUMNS, rows=ROWS))
    for sign in (r"\x1b]52", r"\x1b[2J", r"\x1b[99;98H", r"\x1b[5;41m", r"\x9b", r"\x1b]0;"):
        assert sign in told
    for sign in (r"\x1b[6n", r"\u202e", r"\u200b", r"\u3164", r"\ufe0f", r"\x00"):
        assert sign in told


def test_a_click_on_a_name_with_markup_runs_no_action() -> None:
    with hostile_app() as run:
        run.wait_for_text("the end")
        rows = [row for row, line in enumerate(run.lines()) if "[@click" in line]
        for row in rows:
            for sign in ("[@click", "approve", "]x["):
                run.click(run.lines()[row].index(sign) + 1, row)
        run.send("x")
        run.wait_for(lambda run: "noted: nothing" not in run.text, "the key after the clicks")
        assert "noted: a key" in run.text
        assert len(rows) == 2


def test_from_start_to_end_the_terminal_is_told_nothing_by_a_stranger() -> None:
    with hostile_app() as run:
        run.wait_for_text("the end")
        run.send("\x11")
        assert run.wait() == 0
        assert run.tty_flags() == run.flags_before
        assert b"\x1b[?1049l" in run.raw
        assert foreign_controls(run.raw, columns=COLUMNS, rows=ROWS) == []


def test_an_action_run_by_a_click_would_be_noticed() -> None:
    with hostile_app("markup") as run:
        run.wait_for_text("the end")
        row = next(row for row, line in enumerate(run.lines()) if line.strip() == "x")
        run.click(0, row)
        run.wait_for_text("noted: approved evil")


def test_a_storm_of_resizes_does_not_end_it() -> None:
    """T-05: sizes that nobody works at."""
    with hostile_app() as run:
        run.wait_for_text("the end")
        for size in [(1, 1), (5, 2), (80, 24), (500, 500), (0, 0), (3, 40), (COLUMNS, ROWS)]:
            run.resize(*size)
            run.send("j")
        run.send("x")
        run.wait_for_text("noted: a key")
        assert run.process.poll() is None
