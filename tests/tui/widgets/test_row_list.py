"""The list as an operator sees it."""

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import ASCII, UNICODE, Glyphs, Look
from oidc_sim.tui.lists.columns import Column
from tests.tui.devices import Devices
from tests.tui.list_app import ListApp
from tests.tui.row_samples import Ring
from tests.tui.screen_text import Golden, screen_strips, screen_text

SIZE = (46, 12)
COLUMNS_OF_RING = (
    Column(title=printable("#"), width=8, align="right"),
    Column(title=printable("NOTE"), width=8),
)


def every_state(glyphs: Glyphs = UNICODE) -> Devices:
    devices = Devices(glyphs)
    for number, look in enumerate(reversed(Look)):
        devices.put(f"CODE-{look}".upper(), look, f"client-{number}", number * 1000)
    return devices


def line_with(app: ListApp, text: str) -> str:
    return next(line for line in screen_text(app) if text in line)


async def pull(app: ListApp, pilot: Pilot[None]) -> None:
    app.rows.pull()
    await pilot.pause()


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
async def test_states_are_told_by_sign_and_word(golden: Golden, glyphs: Glyphs) -> None:
    app = ListApp(every_state(glyphs), glyphs=glyphs)
    async with app.run_test(size=SIZE):
        golden.check(f"row_list_{'ascii' if glyphs is ASCII else 'unicode'}", screen_text(app))


@pytest.mark.parametrize("width", [60, 30, 22, 14, 6])
async def test_columns_go_by_their_worth_when_room_is_short(golden: Golden, width: int) -> None:
    app = ListApp(every_state())
    async with app.run_test(size=(width, 6)):
        golden.check(f"row_list_{width}_wide", screen_text(app))


async def test_an_empty_list_says_what_would_be_there(golden: Golden) -> None:
    lines = [printable("No device codes yet."), printable(""), printable("  export A=b")]
    app = ListApp(Devices(), placeholder=lines)
    async with app.run_test(size=(46, 8)) as pilot:
        golden.check("row_list_empty", screen_text(app))
        await pilot.press("up", "down", "pageup", "end", "home", "f", "j", "k", "g", "G")
        assert app.rows.cursor_id is None


async def test_keys_move_the_cursor() -> None:
    devices = Devices()
    for number in range(30):
        devices.put(f"D{29 - number:02}")
    app = ListApp(devices)
    async with app.run_test(size=SIZE) as pilot:
        page = SIZE[1] - 3
        for key, expected in [
            ("down", 1), ("j", 2), ("up", 1), ("k", 0), ("up", 0),
            ("pagedown", page), ("pageup", 0), ("end", 29), ("down", 29),
            ("home", 0), ("G", 29), ("g", 0),
        ]:  # fmt: skip
            await pilot.press(key)
            assert app.rows.cursor_id == f"D{expected:02}", key


async def test_the_cursor_is_seen_without_colour() -> None:
    app = ListApp(every_state())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        assert line_with(app, "approved").startswith("┃ ▸ ✓ approved")
        selected = [
            segment.style
            for strip in screen_strips(app)
            if "▸" in strip.text
            for segment in strip
            if segment.style and segment.text != "┃"
        ]
        assert all(style.reverse and style.bold for style in selected)


async def test_the_selected_row_is_one_bar_and_the_others_keep_their_colour() -> None:
    app = ListApp(every_state())
    async with app.run_test(size=SIZE):
        for strip in screen_strips(app):
            styles = {s.style for s in strip if s.text.strip() and s.text != "┃"}
            if any(look in strip.text for look in Look):
                assert len(styles) == (1 if "▸" in strip.text else 2), strip.text


async def test_a_list_without_focus_still_shows_its_cursor() -> None:
    app = ListApp(every_state())
    async with app.run_test(size=SIZE) as pilot:
        app.screen.set_focus(None)
        await pilot.pause()
        strip = next(strip for strip in screen_strips(app) if "▸" in strip.text)
        styles = [segment.style for segment in strip if "pending" in segment.text]
        assert [(style.bold, style.reverse) for style in styles if style] == [(True, None)]


async def test_a_device_that_leaves_above_does_not_move_the_selection() -> None:
    devices = every_state()
    app = ListApp(devices)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        selected = app.rows.cursor_id
        devices.remove("CODE-PENDING")
        devices.put("NEW1")
        devices.put("NEW2")
        await pull(app, pilot)
        assert app.rows.cursor_id == selected == "CODE-DENIED"
        assert line_with(app, "▸").startswith("┃ ▸ ✗ denied")


async def test_a_selected_device_that_leaves_says_gone(golden: Golden) -> None:
    devices = every_state()
    app = ListApp(devices)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        devices.remove("CODE-APPROVED")
        await pull(app, pilot)
        assert (app.rows.cursor_id, app.rows.view.is_on_ghost) == ("CODE-APPROVED", True)
        golden.check("row_list_ghost", screen_text(app))
        await pilot.press("down")
        assert (app.rows.cursor_id, app.rows.view.is_on_ghost) == ("CODE-DENIED", False)
        assert not any("gone" in line for line in screen_text(app))


async def test_a_pause_is_shown_with_what_is_new() -> None:
    ring = Ring(1000)
    ring.add(50)
    app = ListApp(ring, COLUMNS_OF_RING, can_follow=True)
    async with app.run_test(size=SIZE) as pilot:
        assert "following" in screen_text(app)[-1]
        await pilot.press("up")
        assert "paused ━" in screen_text(app)[-1]
        ring.add(42)
        await pull(app, pilot)
        assert "paused, 42 new" in screen_text(app)[-1]
        await pilot.press("end")
        assert "following" in screen_text(app)[-1]
        app.rows.action_follow()
        await pilot.pause()
        assert "paused ━" in screen_text(app)[-1]
        assert app.answer_word == [49, False, 91, True, False]


@pytest.mark.parametrize(("glyphs", "sign"), [(UNICODE, "↑"), (ASCII, "^")])
async def test_newer_rows_out_of_sight_are_counted_until_home_goes_there(
    glyphs: Glyphs, sign: str
) -> None:
    devices = Devices(glyphs)
    devices.put("MINE")
    app = ListApp(devices, order=printable("newest first"), glyphs=glyphs)
    async with app.run_test(size=(60, 6)) as pilot:
        devices.put("A", client="newer")
        devices.put("B", client="newest")
        await pull(app, pilot)
        assert "newest first ━" in screen_text(app)[-1]
        assert "newest" in screen_text(app)[2]
        for code in "CDE":
            devices.put(code, client="off")
        await pull(app, pilot)
        assert app.rows.cursor_id == "MINE"
        assert f" {sign} 3 newer ━" in screen_text(app)[-1]
        assert "first" not in screen_text(app)[-1]
        await pilot.press("g")
        assert app.rows.cursor_id == "E"
        assert "newest first ━" in screen_text(app)[-1]


async def test_the_list_tells_each_change_of_selection_once() -> None:
    devices = Devices()
    app = ListApp(devices)
    async with app.run_test(size=SIZE) as pilot:
        devices.put("A")
        await pull(app, pilot)
        devices.put("B")
        await pull(app, pilot)
        await pilot.press("up", "up", "down")
        devices.remove("A")
        await pull(app, pilot)
        assert app.answer_word == ["A", "B", "A"]


async def test_a_pull_without_news_paints_nothing() -> None:
    devices = every_state()
    app = ListApp(devices)
    async with app.run_test(size=SIZE):
        app.rows.pull()
        assert not app.rows.pull()
        devices.put("CODE-PENDING", Look.APPROVED)
        assert app.rows.pull()


async def test_a_changed_row_is_painted_anew_in_its_place() -> None:
    devices = every_state()
    app = ListApp(devices)
    async with app.run_test(size=SIZE) as pilot:
        devices.put("CODE-PENDING", Look.DENIED, "changed")
        await pull(app, pilot)
        assert screen_text(app)[2].startswith("┃ ▸ ✗ denied    changed")


async def test_a_click_selects_the_row_that_was_seen_there() -> None:
    devices = every_state()
    app = ListApp(devices)
    async with app.run_test(size=SIZE) as pilot:
        devices.put("NEWER")  # came, but was not painted yet
        await pilot.click(app.rows, offset=(10, 4))
        assert app.rows.cursor_id == "CODE-DENIED"


@pytest.mark.parametrize("y", [0, 1, 9, 11])
async def test_a_click_beside_the_rows_selects_nothing(y: int) -> None:
    app = ListApp(every_state())
    async with app.run_test(size=(46, 12)) as pilot:
        await pilot.press("down")
        await pilot.click(app.rows, offset=(10, y))
        assert app.rows.cursor_id == "CODE-APPROVED"


async def test_the_wheel_scrolls_without_losing_the_cursor() -> None:
    ring = Ring(1000)
    ring.add(50)
    app = ListApp(ring, COLUMNS_OF_RING, can_follow=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot._post_mouse_events([MouseScrollUp], app.rows, offset=(5, 5))
        assert not app.rows.is_following
        assert " 38 " in screen_text(app)[2]
        await pilot._post_mouse_events([MouseScrollDown], app.rows, offset=(5, 5))
        assert " 41 " in screen_text(app)[2]


async def test_another_theme_repaints_the_roles() -> None:
    app = ListApp(every_state())

    def colours() -> set[object]:
        strips = [strip for strip in screen_strips(app) if "denied" in strip.text]
        return {segment.style for segment in strips[0] if "denied" in segment.text}

    async with app.run_test(size=SIZE) as pilot:
        before = colours()
        app.theme = "solarized-light"
        await pilot.pause()
        assert colours() != before


async def test_a_list_of_no_height_lives() -> None:
    app = ListApp(every_state())
    async with app.run_test(size=(46, 12)) as pilot:
        for size in [(1, 1), (5, 2), (46, 3), (3, 12), (200, 60)]:
            await pilot.resize_terminal(*size)
            await pilot.press("down")
            await pilot.pause()
        assert app.rows.cursor_id == "CODE-HELD"


async def test_other_rows_can_be_shown_in_the_same_list() -> None:
    app = ListApp(every_state())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        few = Devices()
        few.put("OTHER")
        few.put("CODE-APPROVED", Look.APPROVED)
        app.rows.show(few)
        await pilot.pause()
        assert app.rows.cursor_id == "CODE-APPROVED"
        assert len([line for line in screen_text(app) if "aws-cli" in line]) == 2
