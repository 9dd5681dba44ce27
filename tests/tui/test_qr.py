"""The verification page as a QR code."""

import pytest
import segno

from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.bars.page import Line, Tone, line
from oidc_sim.tui.cells import printable
from oidc_sim.tui.inspector.qr import (
    NARROW_QUIET,
    QUIET,
    full_blocks,
    half_blocks,
    largest,
    with_code,
)
from tests.tui.browser_sign_ins import begin, browser_client
from tests.tui.showing import NARROW, WIDE, showing

URL = "http://127.0.0.1:8990/device?user_code=WDJB-MJHT"
LINES = [line(printable(f"fact {n}")) for n in range(5)]
CODE_ROWS, CODE_CELLS = 17, 33


def modules(quiet: int) -> list[list[bool]]:
    """Which are dark, by the library's own word."""
    code = segno.make(URL, error="l", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=quiet)]


def test_half_blocks_say_what_the_library_says_with_light_drawn() -> None:
    upper, lower = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}, []
    for row in half_blocks(URL, QUIET):
        lower.append([bool(upper[cell][0]) for cell in row])
        lower.append([bool(upper[cell][1]) for cell in row])
    assert lower[: len(modules(QUIET))] == modules(QUIET)
    assert not any(any(row) for row in lower[len(modules(QUIET)) :])


def test_full_blocks_are_two_cells_a_module() -> None:
    read = [[cell == " " for cell in row[::2]] for row in full_blocks(URL)]
    assert read == modules(QUIET)
    assert all(row[::2] == row[1::2] for row in full_blocks(URL))


def test_the_largest_that_fits_is_taken() -> None:
    assert largest(URL, 200, 60) == full_blocks(URL, QUIET)
    assert largest(URL, 200, 34) == full_blocks(URL, NARROW_QUIET)
    assert largest(URL, 76, 20) == half_blocks(URL, QUIET)
    assert largest(URL, 33, 17) == half_blocks(URL, NARROW_QUIET)
    assert largest(URL, 32, 17) == largest(URL, 33, 16) == ()


def has_code(lines: list[Line]) -> bool:
    return sum(span.tone is Tone.CODE for line in lines for span in line.spans) == CODE_ROWS


def test_it_stands_beside_the_text_or_below_it_or_nowhere() -> None:
    beside = with_code(LINES, URL, 116, 30)
    assert has_code(beside)
    assert len(beside) == CODE_ROWS
    assert beside[0].text.startswith("fact 0 ")
    below = with_code(LINES, URL, 38, len(LINES) + 1 + CODE_ROWS)
    assert has_code(below)
    assert below[: len(LINES)] == LINES
    for width, height in ((38, len(LINES) + CODE_ROWS), (CODE_CELLS - 1, 60), (116, CODE_ROWS - 1)):
        assert with_code(LINES, URL, width, height) == LINES


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_q_shows_it_as_large_as_the_window_allows(size: tuple[int, int]) -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario, size) as shown:
        await shown.press("Q")
        assert f"http://127.0.0.1:8990/device?user_code={code}" in shown.text
        assert "Only this machine reaches that address" in shown.text
        assert shown.text.count("█") > 100
        await shown.press("escape")
        assert shown.app.screen is shown.screen


@pytest.mark.parametrize("name", ["ascii", "plain"])
async def test_without_blocks_there_is_no_code(name: str) -> None:
    settings = Settings(seed=42).model_copy(update={name: True})
    scenario = Scenario(settings=settings)
    scenario.register("aws-cli").start()
    async with showing(scenario, WIDE) as shown:
        await shown.press("enter", "z")
        assert shown.text.count("█") == 0
        assert shown.text.count("##") < 10
        await shown.press("Q")
        assert shown.hint == "no QR code under --ascii and --plain; o opens the page"


async def test_where_there_is_none_q_says_why_not() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("Q")
        assert shown.hint == "no device code selected"
    scenario = Scenario()
    begin(browser_client(scenario))
    async with showing(scenario, NARROW) as shown:
        await shown.press("Q")
        assert shown.hint.startswith("only the browser that waits can show the page")
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario, (80, 18)) as shown:
        await shown.press("Q")
        assert shown.hint.startswith("no room for the QR code of http://127.0.0.1:8990/device?")
