"""Lists are sorted by a column when a key asks for it, and by nothing else."""

import pytest

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.bars.filter_line import FilterLine
from oidc_sim.tui.lists import filtered
from tests.tui.busy import busy
from tests.tui.screen_text import Golden
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.tui.test_golden_screens import COLOURS, SIZES, has_colours, name_of

__all__ = ["has_colours"]

GT, LT = "greater_than_sign", "less_than_sign"
TO_POLLS = 4
"""Presses of ``>`` from its own order to the polls."""


def column(shown: Shown, title: str, cells: int) -> list[str]:
    """What stands under a title in the focused list, from top to bottom."""
    header = shown.line_with(title)
    begin = header.index(title)
    lines = shown.lines[shown.lines.index(header) + 1 :]
    texts = []
    for line in lines:
        if not line.startswith("┃"):
            break
        texts.append(line[begin : begin + cells].strip())
    return [text for text in texts if text]


def is_following(shown: Shown) -> bool:
    return shown.screen.panels.requests.is_following


def busy_scenario() -> Scenario:
    scenario = Scenario()
    busy(scenario)
    return scenario


@SIZES
@COLOURS
async def test_the_sorted_lists(golden: Golden, size: tuple[int, int], has_colours: bool) -> None:  # noqa: FBT001
    async with showing(busy_scenario(), size) as shown:
        await shown.press("3", *[GT] * 4, "2", *[GT] * TO_POLLS)
        golden.check(name_of("sorted", size), shown.lines)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_numbers_sort_as_numbers_the_largest_first_and_s_reverses(
    size: tuple[int, int],
) -> None:
    async with showing(busy_scenario(), size) as shown:
        await shown.press("z", *[GT] * TO_POLLS)
        down = [int(text) for text in column(shown, "POLLS▼", 5)]
        assert down == sorted(down, reverse=True)
        assert len(down) == 7
        assert "by polls ▼ at 12:" in shown.text
        assert shown.hint.startswith("by polls, largest first, as of 12:")
        await shown.press("S")
        assert [int(text) for text in column(shown, "POLLS▲", 5)] == down[::-1]
        assert "by polls ▲ at 12:" in shown.text


async def test_beyond_both_ends_and_by_esc_it_is_in_its_own_order() -> None:
    async with showing(busy_scenario(), WIDE) as shown:
        before = column(shown, "USER CODE", 9)
        await shown.press(LT)
        assert "NOTE▲" in shown.text
        await shown.press(GT)
        assert column(shown, "USER CODE", 9) == before
        assert shown.hint.startswith("in its own order: newest first")
        await shown.press(GT, GT)
        assert column(shown, "USER CODE", 9) == sorted(before)
        await shown.press("escape")
        assert column(shown, "USER CODE", 9) == before
        assert "newest first ━┛" in shown.text


async def test_the_cursor_keeps_its_code() -> None:
    async with showing(busy_scenario(), WIDE) as shown:
        await shown.press("home", "down", "down")
        code = shown.selected[5:].split()[2]
        for key in [*[GT] * TO_POLLS, "S", "escape"]:
            await shown.press(key)
            assert code in shown.selected


async def test_rows_that_change_do_not_move_and_new_ones_come_on_top() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    few, many = program.start(), program.start()
    program.poll(many, 3)
    program.poll(few, 1)
    async with showing(scenario, NARROW) as shown:
        await shown.press(*[GT] * TO_POLLS)
        sorted_codes = [many.user_code, few.user_code]
        assert column(shown, "USER CODE", 9) == sorted_codes
        program.poll(few, 5)
        new = program.start()
        await shown.settle()
        assert column(shown, "USER CODE", 9) == [new.user_code, *sorted_codes]
        assert ", 1 new" in shown.text
        await shown.press("S", "S")
        assert column(shown, "USER CODE", 9) == [few.user_code, many.user_code, new.user_code]


async def test_sorted_requests_do_not_follow_until_asked_to() -> None:
    async with showing(busy_scenario(), NARROW) as shown:
        await shown.press("3", *[GT] * 4)
        assert "CODE▼" in shown.text or "▼CODE" in shown.text
        codes = [int(text) for text in column(shown, "CODE▼", 4)]
        assert codes == sorted(codes, reverse=True)
        assert "by code ▼" in shown.text
        for key in ("f", "end"):
            assert not is_following(shown)
            await shown.press(key)
            assert is_following(shown)
            assert "━ following ━" in shown.text
            await shown.press(GT)
        assert not is_following(shown)


async def test_a_filter_and_an_order_work_together() -> None:
    async with showing(busy_scenario(), NARROW) as shown:
        await shown.press("2", *[GT] * TO_POLLS, "slash", *"aws", "enter")
        assert not isinstance(shown.app.screen, FilterLine)
        polls = [int(text) for text in column(shown, "POLLS▼", 5)]
        assert len(polls) == 4
        assert polls == sorted(polls, reverse=True)


async def test_a_click_on_a_title_sorts_and_another_reverses() -> None:
    async with showing(busy_scenario(), WIDE) as shown:
        header = shown.line_with("USER CODE")
        place = (header.index("POLLS") + 1, shown.lines.index(header))
        await shown.pilot.click(offset=place)
        await shown.settle()
        assert "POLLS▼" in shown.text
        await shown.pilot.click(offset=place)
        await shown.settle()
        assert "POLLS▲" in shown.text


async def test_where_nothing_can_be_sorted_a_key_says_why() -> None:
    async with showing(Scenario(), WIDE) as shown:
        await shown.press(GT)
        assert shown.hint.startswith("no rows to sort")
        await shown.press("S")
        assert shown.hint.startswith("sorted by no column")
        for key in (GT, LT, "S"):
            await shown.press("4", key)
            assert shown.hint.startswith("the inspector has no columns")


async def test_an_order_is_taken_again_when_a_filter_has_gone_through_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filtered, "ASKED_AT_ONCE", 10)
    async with showing(busy_scenario(), NARROW) as shown:
        await shown.press("3", GT, GT, "slash", *"Start", "enter")
        for _ in range(12):
            await shown.settle()
        numbers = [int(text) for text in column(shown, "▼#", 3)]
        assert len(numbers) == 7
        assert numbers == sorted(numbers, reverse=True)
        assert " new" not in shown.lines[-3]
