"""Whole screens as text: a change of the interface is read in the diff of these."""

import pytest

from oidc_sim.testing.scenario import Scenario
from tests.tui.answer_editing import editing, write
from tests.tui.browser_sign_ins import begin, browser_client, collected, look_up
from tests.tui.busy import busy
from tests.tui.screen_text import Golden, screen_strips
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.waiting_requests import arrive

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
COLOURS = pytest.mark.parametrize(
    "has_colours", [True, False], ids=["colour", "NO_COLOR"], indirect=True
)


@pytest.fixture
def has_colours(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """The same goldens with and without colours: nothing is told by colour alone."""
    if not request.param:
        monkeypatch.setenv("NO_COLOR", "1")
    return bool(request.param)


_NAMES = {"/": "slash", "+": "plus", "\n": "enter"}
"""Of keys, as Textual calls them where it does not take the character."""


def name_of(screen: str, size: tuple[int, int]) -> str:
    return f"{screen}_{size[0]}x{size[1]}"


async def traffic(shown: Shown) -> None:
    busy(shown.scenario)
    await shown.press("home", "down", "down")


@SIZES
@COLOURS
async def test_the_empty_screen(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        assert shown.app.no_color is not has_colours
        golden.check(name_of("empty", size), shown.lines)


@SIZES
@COLOURS
async def test_the_busy_screen(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        golden.check(name_of("busy", size), shown.lines)
        bar = [s.style for strip in screen_strips(shown.app) if "┃ ▸ " in strip.text for s in strip]
        assert any(style and style.reverse and style.bold for style in bar)


@SIZES
@COLOURS
async def test_the_inspector(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        await shown.press("enter", "z")
        golden.check(name_of("inspector", size), shown.lines)


@SIZES
async def test_a_browser_that_waits(golden: Golden, size: tuple[int, int]) -> None:
    scenario = Scenario()
    program = browser_client(scenario)
    async with showing(scenario, size) as shown:
        begin(program)
        scenario.wait(7)
        await shown.settle()
        golden.check(name_of("browser", size), shown.lines)
        await shown.press("enter", "z")
        golden.check(name_of("browser_inspector", size), shown.lines)


@SIZES
async def test_a_session_and_the_portals_requests(golden: Golden, size: tuple[int, int]) -> None:
    scenario = Scenario()
    async with showing(scenario, size) as shown:
        _, sign_in, given = collected(scenario)
        scenario.wait(3)
        look_up(scenario, given["accessToken"], sign_in.user_code)
        scenario.wait(600)
        await shown.press("P", "3", "up")
        golden.check(name_of("portal", size), shown.lines)
        await shown.press("2", "enter", "z")
        golden.check(name_of("session", size), shown.lines)


@SIZES
@COLOURS
async def test_the_next_answer(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        await shown.press("enter", "left")
        golden.check(name_of("next", size), shown.lines)


@SIZES
@COLOURS
async def test_the_qr_code(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        await shown.press("Q")
        golden.check(name_of("qr", size), shown.lines)


@SIZES
@COLOURS
async def test_the_help(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await shown.press("question_mark")
        golden.check(name_of("help", size), shown.lines)


@SIZES
@COLOURS
async def test_the_clock(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        await shown.press("T", "t")
        golden.check(name_of("clock", size), shown.lines)


@SIZES
@COLOURS
@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("i", "inject"),
        ("is+times=3 skip=2 p=0.5 for=10m", "inject_more"),
        ("H", "hold"),
        ("H/client:aws* & ip:(", "hold_wrong"),
        ("i1I", "rules"),
        ("i1i5H1I", "rules_many"),
        ("isss5", "inject_all"),
        ("H\n", "hold_all"),
        ("D", "demo"),
        ("X", "reset"),
        ("3/slow_down|error", "filter"),
        ("3/status>=4x", "filter_wrong"),
    ],
)
async def test_dialogs_of_what_lies_in_wait(
    golden: Golden,
    size: tuple[int, int],
    has_colours: bool,  # noqa: FBT001
    keys: str,
    name: str,
) -> None:
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        await shown.press(*(_NAMES.get(key, key) for key in keys))
        await shown.pilot.pause()  # a line that is typed into tells of its changes by messages
        await shown.settle()
        golden.check(name_of(name, size), shown.lines)


@SIZES
@COLOURS
async def test_what_is_held_is_loud_and_asked_about_before_leaving(
    golden: Golden,
    size: tuple[int, int],
    has_colours: bool,  # noqa: FBT001
) -> None:
    scenario = Scenario()
    busy(scenario)
    program = scenario.register("acme-deploy")
    sign_in = program.start()
    async with showing(scenario, size) as shown:
        await shown.press("home", "space")
        arrive(scenario, program, sign_in)
        scenario.clock.advance(4)
        await shown.press("down", "i", "9", "T")
        await shown.settle()
        golden.check(name_of("held", size), shown.lines)
        await shown.press("q")
        golden.check(name_of("quit", size), shown.lines)


@SIZES
@COLOURS
async def test_the_palette(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        await shown.press("ctrl+p")
        await shown.pilot.press(*"held")
        await shown.app.workers.wait_for_complete()
        await shown.settle()
        golden.check(name_of("palette", size), shown.lines)


@COLOURS
async def test_the_card_of_a_window_that_is_too_small(golden: Golden, has_colours: bool) -> None:  # noqa: FBT001
    size = (52, 14)
    async with showing(Scenario(), size) as shown:
        await traffic(shown)
        golden.check(name_of("card", size), shown.lines)


@SIZES
@COLOURS
async def test_the_editor_of_an_answer(
    golden: Golden,
    size: tuple[int, int],
    has_colours: bool,  # noqa: FBT001
) -> None:
    async with editing(size) as (shown, _):
        golden.check(name_of("edit", size), shown.lines)
        await write(shown, headers="Content-Type application/json")
        await shown.press("f2")
        golden.check(name_of("edit_wrong", size), shown.lines)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "ansi-light", "nord"])
async def test_another_theme_says_the_same(golden: Golden, theme: str) -> None:
    async with showing(Scenario(), WIDE) as shown:
        shown.app.theme = theme
        await traffic(shown)
        golden.check(name_of("busy", WIDE), shown.lines)
