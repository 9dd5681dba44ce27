"""What is where, at every size."""

import pytest
from rich.cells import cell_len

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.panels import Panel
from tests.tui.busy import busy
from tests.tui.showing import NARROW, WIDE, Shown, showing


def titles(shown: Shown) -> list[str]:
    """The panels that are shown, from top to bottom, the focused one with a star."""
    found = []
    for line in shown.lines:
        for name in ("1 Clients", "2 Device codes", "3 Requests", "4 Inspector"):
            if f"─ {name}" in line:
                found.append(name)
            elif f"━ {name}" in line:
                found.append(f"{name}*")
    return found


def full() -> Scenario:
    scenario = Scenario()
    busy(scenario)
    return scenario


async def test_a_large_window_shows_all_four_panels() -> None:
    async with showing(full(), WIDE) as shown:
        assert titles(shown) == ["1 Clients", "4 Inspector", "2 Device codes*", "3 Requests"]


async def test_a_small_window_shows_codes_and_requests() -> None:
    async with showing(full(), NARROW) as shown:
        assert titles(shown) == ["2 Device codes*", "3 Requests"]


@pytest.mark.parametrize("size", [NARROW, WIDE, (100, 24), (99, 30), (61, 16), (60, 17), (250, 70)])
async def test_every_line_is_as_wide_as_the_window(size: tuple[int, int]) -> None:
    async with showing(full(), size) as shown:
        assert len(shown.lines) == size[1]
        assert {cell_len(line) for line in shown.lines} == {size[0]}


async def test_digits_and_tab_go_to_panels() -> None:
    async with showing(full(), WIDE) as shown:
        for key, focused in [
            ("1", "1 Clients*"), ("tab", "2 Device codes*"), ("tab", "3 Requests*"),
            ("tab", "4 Inspector*"), ("tab", "1 Clients*"), ("shift+tab", "4 Inspector*"),
            ("2", "2 Device codes*"), ("3", "3 Requests*"), ("4", "4 Inspector*"),
        ]:  # fmt: skip
            await shown.press(key)
            assert focused in titles(shown), key
            assert len(titles(shown)) == 4


async def test_in_a_small_window_clients_are_swapped_in_and_out() -> None:
    async with showing(full(), NARROW) as shown:
        await shown.press("1")
        assert titles(shown) == ["1 Clients*", "3 Requests"]
        assert "3 clients" in shown.lines[0]
        await shown.press("tab")
        assert titles(shown) == ["2 Device codes*", "3 Requests"]


async def test_in_a_small_window_enter_opens_the_inspector_and_escape_returns() -> None:
    async with showing(full(), NARROW) as shown:
        await shown.press("home", "enter")
        assert titles(shown) == ["4 Inspector*"]
        await shown.press("escape")
        assert titles(shown) == ["2 Device codes*", "3 Requests"]
        await shown.press("3", "up", "enter")
        assert titles(shown) == ["4 Inspector*"]
        await shown.press("escape")
        assert titles(shown) == ["2 Device codes", "3 Requests*"]


async def test_in_a_large_window_enter_focuses_the_inspector_and_escape_returns() -> None:
    async with showing(full(), WIDE) as shown:
        await shown.press("3", "up", "enter")
        assert "4 Inspector*" in titles(shown)
        await shown.press("escape")
        assert "3 Requests*" in titles(shown)
        await shown.press("escape")
        assert shown.hint.startswith("nothing to go back from; q quits")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_z_gives_a_panel_the_window_and_puts_it_back(size: tuple[int, int]) -> None:
    async with showing(full(), size) as shown:
        home = titles(shown)
        await shown.press("z")
        assert titles(shown) == ["2 Device codes*"]
        await shown.press("3")
        assert titles(shown) == ["3 Requests*"]
        await shown.press("escape", "2")
        assert titles(shown) == home
        await shown.press("z", "z")
        assert titles(shown) == home


async def test_the_whole_inspector_cannot_be_zoomed_further() -> None:
    async with showing(full(), NARROW) as shown:
        await shown.press("4", "z")
        assert shown.hint.startswith("it has the whole window already; esc goes back")


async def test_a_zoomed_list_has_room_for_every_column() -> None:
    async with showing(full(), WIDE) as shown:
        await shown.press("3", "z")
        assert "12:24:59.199" in shown.text
        assert "authorization_pending" in shown.text


async def test_a_click_focuses_a_panel_and_selects_a_row() -> None:
    async with showing(full(), WIDE) as shown:
        y = next(y for y, line in enumerate(shown.lines) if "107 CreateToken" in line)
        await shown.pilot.click(offset=(10, y))
        await shown.settle()
        assert "3 Requests*" in titles(shown)
        assert "107 CreateToken" in shown.selected
        assert "4 Inspector  #107" in shown.text


async def test_resizing_keeps_panel_selection_and_zoom() -> None:
    async with showing(full(), WIDE) as shown:
        await shown.press("3", "up", "up", "up")
        selected = shown.selected[5:40]
        for size in [NARROW, (52, 14), (99, 30), (100, 29), (300, 90), WIDE]:
            await shown.pilot.resize_terminal(*size)
            await shown.settle()
        assert "3 Requests*" in titles(shown)
        assert shown.selected[5:40] == selected


async def test_a_storm_of_sizes_is_survived() -> None:
    async with showing(full(), WIDE) as shown:
        for size in [(1, 1), (5, 2), (80, 24), (500, 500), (2, 50), (200, 1), (61, 16), WIDE]:
            for key in ("1", "4", "z", "2"):
                await shown.pilot.resize_terminal(*size)
                await shown.press(key)
        await shown.press("escape", "escape")
        assert len(titles(shown)) == 4


@pytest.mark.parametrize("size", [(60, 16), (59, 20), (52, 14), (80, 15)])
async def test_a_window_too_small_gets_the_card(size: tuple[int, int]) -> None:
    async with showing(full(), size) as shown:
        assert titles(shown) == []
        assert f"Terminal is {size[0]}x{size[1]}; needs 60x17 or 61x16." in shown.text
        assert "Server keeps running on :8990." in shown.text
        assert "3 pending." in shown.text


async def test_keys_work_on_the_card_and_act_on_the_code_that_it_names() -> None:
    scenario = full()
    async with showing(scenario, (52, 14)) as shown:
        await shown.press("home")
        code = shown.line_with("▸ ◷ pending").split()[4]
        await shown.press("a")
        assert scenario.simulator.state.devices[code].decision == "approved"
        assert f"▸ ✓ approved  {code}" in shown.text
        assert f"✓ approved {code} just now" in shown.text
        await shown.press("j", "u")
        assert f"▸ ✓ approved  {code}" not in shown.text


@pytest.mark.parametrize(
    ("size", "first"),
    [
        ((30, 5), "▸ ◷ pending  {}"),
        ((30, 3), "▸ ◷ pending  {}"),
        ((26, 5), "▸ ◷ pending  {}"),
        ((25, 5), "◷ {}"),
        ((15, 5), "◷ {}"),
        ((14, 5), "{}"),
        ((13, 3), "{}"),
    ],
)
async def test_a_card_with_little_room_names_the_code_before_all_else(
    size: tuple[int, int], first: str
) -> None:
    scenario = full()
    async with showing(scenario, size) as shown:
        await shown.press("home")
        code = next(iter(reversed(scenario.simulator.state.devices)))
        assert shown.lines[1].strip("│ ") == first.format(code)
        await shown.press("a")
        assert scenario.simulator.state.devices[code].decision == "approved"
        assert code in shown.lines[1]


async def test_a_small_card_tells_next_what_the_last_key_did() -> None:
    async with showing(full(), (30, 5)) as shown:
        await shown.press("home", "a")
        code = shown.lines[1].strip("│ ").split()[-1]
        assert [line.strip("│ ") for line in shown.lines[1:4]] == [
            f"▸ ✓ approved  {code}",
            f"✓ approved {code} just",
            "now, not yet collected.",
        ]


@pytest.mark.parametrize("size", [(12, 5), (80, 2), (1, 1)])
@pytest.mark.parametrize("key", "adesu")
async def test_where_no_code_can_be_named_no_key_decides(size: tuple[int, int], key: str) -> None:
    scenario = full()
    async with showing(scenario, size) as shown:
        before = scenario.simulator.log.seq
        await shown.press("home", key)
        assert scenario.simulator.log.seq == before
        hint = shown.screen.hints.hint(None, Panel.DEVICES)
        assert hint.text == "no room for the code that keys act on"


async def test_the_card_makes_way_when_the_window_grows() -> None:
    async with showing(full(), (60, 16)) as shown:
        await shown.pilot.resize_terminal(61, 16)
        await shown.settle()
        assert titles(shown) == ["2 Device codes*", "3 Requests"]


# The top bar.


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (120, "oidc-sim ● http://127.0.0.1:8990   up 0:00 │ 3 clients  3 pending │ 0.0 req/s ▁▁▁▁▁▁▁▁▁▁ │  SEED 42"),
        (80, "oidc-sim ● :8990 │ 3 clients 3 pending │ 0.0/s ▁▁▁▁▁▁▁▁▁▁ │  SEED 42"),
        (62, "oidc-sim ● :8990 │ 3 clients 3 pending │  SEED 42"),
    ],
)  # fmt: skip
async def test_the_top_bar_says_less_in_less_room_but_never_leaves_the_seed_out(
    width: int, said: str
) -> None:
    async with showing(full(), (width, 24)) as shown:
        assert shown.lines[0].strip() == said


async def test_the_top_bar_follows_what_happens() -> None:
    scenario = Scenario()
    async with showing(scenario, WIDE) as shown:
        program = scenario.register("aws-cli")
        program.poll(program.start(), 20)
        await shown.settle()
        assert "up 0:20 │ 1 client  1 pending │ 1.0 req/s ▂▂▂▂▂▂▂▂▂▂" in shown.lines[0]
        await shown.press("a")
        assert "0 pending" in shown.lines[0]
