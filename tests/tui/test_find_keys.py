"""A filter is typed over a list, says what it means or where it went wrong, and rows lead to others."""

import pytest

from oidc_sim.engine.commands import Approve
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.lists import filtered
from tests.tui.busy import busy
from tests.tui.showing import NARROW, WIDE, Shown, showing
from tests.waiting import until


async def press(shown: Shown, *keys: str) -> None:
    """Press, and wait until all messages of the line and the lists are heard."""
    await shown.press(*keys)
    await shown.pilot.pause()
    await shown.settle()


SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


@SIZES
async def test_it_filters_while_it_is_typed_and_enter_keeps_it(size: tuple[int, int]) -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario, size) as shown:
        await press(shown, "3", "slash", *"slow_down")
        assert "requests with" in shown.text
        await press(shown, "enter")
        assert "/slow_down/" in shown.text
        rows = [line for line in shown.lines if "CreateToken" in line]
        assert rows
        assert all("slow_down" in line for line in rows)


async def test_thousands_are_gone_through_by_and_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtered, "ASKED_AT_ONCE", 1)
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario, NARROW) as shown:
        await press(shown, "3", "slash", *"e")
        assert "+ of 114" in shown.text
        assert "of 114  requests" not in shown.text  # nobody knows yet
        for _ in range(114):
            shown.screen.pull()
        await until(
            lambda: "/e/ 114 of 114" in shown.text
        )  # it is painted when nothing else is to do


async def test_operator_keys_are_letters_there() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario, NARROW) as shown:
        await press(shown, "slash", *"deny")
        assert not scenario.simulator.state.devices[code].decisions


async def test_a_mistake_has_a_caret_and_hides_nothing_more() -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario, NARROW) as shown:
        await press(shown, "3", "slash", *"status>=4x0")
        assert "^ expected a number" in shown.text
        await press(shown, "enter")
        assert "^ expected" in shown.text
        await press(shown, "escape")
        assert "of 114" not in shown.text
        assert "114 requests" in shown.text


@SIZES
@pytest.mark.parametrize(
    ("panel", "typed", "told"),
    [
        ("1", "state:x", "^ clients have no state; expected client:, grant: or scope:"),
        ("2", "status>=400", "^ device codes have no status; expected client:, code:, scope: or"),
        ("3", "state:*", "requests have no state; expected agent:, client:, code:, endpoint:"),
    ],
)
async def test_what_a_list_does_not_have_is_a_mistake_told_whole(
    size: tuple[int, int], panel: str, typed: str, told: str
) -> None:
    async with showing(Scenario(), size) as shown:
        await press(shown, panel, "slash", *typed)
        assert told in shown.text
        await press(shown, *["backspace"] * len(typed), *"colour:red")
        assert "expected " in shown.text
        assert '"quotes" around a text' in shown.text


@pytest.mark.parametrize(("panel", "word"), [("2", "state:"), ("3", "status>=")])
async def test_tab_offers_what_the_list_has(panel: str, word: str) -> None:
    async with showing(Scenario(), NARROW) as shown:
        await press(shown, panel, "slash", *"st")
        assert f"tab: {word}" in shown.text


async def test_tab_completes_a_word() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await press(shown, "3", "slash", *"cli", "tab", *"aws*", "enter", "slash")
        assert "client:aws*" in shown.text


async def test_the_selected_row_stays_selected_when_it_fits() -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario) as shown:
        await press(shown, "home", "down", "down")
        before = shown.selected
        await press(shown, "slash", *"botocore", "enter")
        assert shown.selected.split()[:5] == before.split()[:5]
        assert "/botocore/ 2 of 7" in shown.text


async def test_a_request_leads_to_its_code_and_that_to_its_client_and_back() -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario) as shown:
        await press(shown, "3", "end", "right_square_bracket")
        assert shown.hint == "Device codes; [ goes back"
        assert "aws-cli" in shown.selected
        await press(shown, "right_square_bracket")
        assert shown.hint == "Clients; [ goes back"
        await press(shown, "right_square_bracket")
        assert shown.hint.startswith("nothing to jump to")
        await press(shown, "left_square_bracket", "left_square_bracket")
        assert shown.hint == "back in Requests"
        await press(shown, "left_square_bracket")
        assert shown.hint.startswith("no jump")


async def test_what_is_no_list_is_not_filtered() -> None:
    async with showing(Scenario(), WIDE) as shown:
        await press(shown, "4", "slash")
        assert shown.hint.startswith("only lists")


@SIZES
async def test_a_selected_row_that_a_filter_hides_is_not_gone(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    program.poll(sign_in, times=2)
    async with showing(scenario, size) as shown:
        await press(shown, "3", "up", "slash", *"!pending", "enter")
        assert "hidden" in shown.selected
        assert "gone" not in shown.selected
        await press(shown, "a")
        assert shown.hint == "a filter hides that row"
        await press(shown, "slash", "escape")
        assert "hidden" not in shown.selected


async def test_a_hidden_device_shows_what_is_true_now() -> None:
    scenario = Scenario()
    sign_in = scenario.register("aws-cli").start()
    async with showing(scenario, NARROW) as shown:
        await press(shown, "slash", *"state:denied", "enter")
        assert "◷ pending" in shown.selected
        assert "hidden" in shown.selected
        scenario.simulator.dispatch(Approve(sign_in.user_code))
        await shown.settle()
        assert "✓ approved" in shown.selected
        assert "hidden" in shown.selected
