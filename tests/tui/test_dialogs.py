"""What all dialogs share: they fit every window that the product supports, and their lists move alike."""

import pytest
from textual.content import Content
from textual.widgets import OptionList

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule
from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.dialogs.questions import ChoiceList
from oidc_sim.tui.keymap import KEYS, Holder
from oidc_sim.tui.panels import Panel
from tests.tui.busy import busy
from tests.tui.screen_text import Golden
from tests.tui.showing import NARROW, Shown, showing
from tests.tui.typed_app import set_stage, staged

SMALLEST = (61, 16)
SIZES = [SMALLEST, (61, 24), NARROW, (100, 17), (120, 40)]
WITHOUT_BOX = {"filter", "palette"}
"""A line at the bottom, and Textual's own."""


def crowded() -> Scenario:
    """More rules than a small window has lines."""
    scenario = staged()
    for count in range(20):
        target = Target(operation="CreateToken")
        scenario.simulator.dispatch(AddRule(target=target, trigger=Trigger(skip=count)))
    return scenario


def cut_off(shown: Shown) -> list[str]:
    """What of the dialog cannot be seen: parts beyond the screen or the box, or words of its border."""
    dialog = shown.app.screen
    (box,) = (child for child in dialog.children if child.styles.border_top[0] == "heavy")
    cut = [] if dialog.region.contains_region(box.region) else [f"{box} at {box.region}"]
    inside = box.content_region
    cut += [
        f"{child} at {child.region} of {inside}"
        for child in box.children
        if child.display and not inside.contains_region(child.region)
    ]
    titles = (box.border_title or "", box.border_subtitle or "")
    words = [Content.from_markup(title).plain for title in titles]
    return cut + [text for text in words if text not in shown.text]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_dialog_is_seen_whole_with_its_line_of_keys(size: tuple[int, int]) -> None:
    seen, cut = set(), []
    async with showing(crowded(), size) as shown:
        for key in KEYS:
            if key.holder not in {Holder.SCREEN, Holder.APP} or key.id == "evidence":
                continue
            shown.screen.panels.select(Panel.DEVICES, set_stage(shown.scenario))
            await shown.settle()
            await (shown.app if key.holder is Holder.APP else shown.screen).run_action(key.action)
            await shown.settle()
            if len(shown.app.screen_stack) > 1:
                seen.add(key.id)
                cut += [] if key.id in WITHOUT_BOX else cut_off(shown)
                shown.app.pop_screen()
                await shown.settle()
    assert cut == []
    assert {"fault.inject", "hold.all", "fault.rules", "clock.step", "demo", "held.edit"} < seen


@pytest.mark.parametrize("opening", ["t", "D", "i", "H", "I"])
async def test_the_keys_of_lists_move_in_the_lists_of_dialogs(opening: str) -> None:
    async with showing(crowded(), NARROW) as shown:
        await shown.press(opening)
        choices = shown.app.screen.query_one(OptionList)
        assert isinstance(choices, ChoiceList)
        last = choices.option_count - 1
        for key, at in (
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("k", 0), ("end", last), ("j", last),
            ("home", 0), ("G", last), ("g", 0),
        ):  # fmt: skip
            await shown.press(key)
            assert choices.highlighted == at, key


async def test_enter_takes_the_chosen_step_of_the_clock() -> None:
    async with showing(staged(), NARROW) as shown:
        await shown.press("t", "j", "enter")
        assert shown.hint.startswith("advanced 10 min")


async def test_a_removed_rule_comes_back_with_its_counts_in_the_dialog_and_after_it() -> None:
    scenario = staged()
    always = AddRule(target=Target(operation="Logout"), trigger=Trigger(times=None))
    scenario.simulator.dispatch(always)
    rules = scenario.simulator.state.rules
    before = dict(rules)
    async with showing(scenario, NARROW) as shown:
        await shown.press("I", "x")
        first = next(iter(before))
        assert first not in rules
        await shown.press("u")
        assert list(scenario.simulator.state.rules.items()) == list(before.items())
        assert before[first].done == 1
        await shown.press("u")
        assert "no rule was removed last" in shown.text
        await shown.press("j", "x", "escape")
        assert shown.hint.endswith("u undo removing rule 2")
        await shown.press("u")
        assert list(scenario.simulator.state.rules.items()) == list(before.items())


async def test_a_whole_filter_is_shown_where_there_is_room_and_cut_with_an_ellipsis_elsewhere() -> (
    None
):
    for size, is_whole in (((120, 40), True), (SMALLEST, False)):
        async with showing(staged(), size) as shown:
            await shown.type("H/client:demo* & op:CreateToken\r")
            await shown.press("I", "G")
            line = shown.line_with("client:demo*")
            assert ("client:demo* & op:CreateToken" in line) is is_whole
            assert ("…" in line) is not is_whole


@pytest.mark.parametrize("size", [NARROW, (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("has_colours", [True, False], ids=["colour", "NO_COLOR"])
async def test_the_palette_is_drawn_in_ascii(
    golden: Golden,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    has_colours: bool,  # noqa: FBT001
) -> None:
    if not has_colours:
        monkeypatch.setenv("NO_COLOR", "1")
    scenario = Scenario(settings=Settings(seed=42, ascii=True))
    busy(scenario)
    async with showing(scenario, size) as shown:
        await shown.press("ctrl+p")
        assert shown.text.isascii()
        assert "??" not in shown.text
        await shown.type("held")
        assert shown.text.isascii()
        assert "??" not in shown.text
        golden.check(f"ascii_palette_{size[0]}x{size[1]}", shown.lines)


@pytest.mark.parametrize("key", ["space", "i"])
async def test_no_rule_is_made_for_a_row_that_is_gone(key: str) -> None:
    for panel in ("1", "2", "3"):
        async with showing(staged(), NARROW) as shown:
            await shown.press(panel, "home" if panel != "3" else "end")
            await shown.press("r", "X", "y", key, "escape")
            assert not shown.scenario.simulator.state.rules, panel


async def test_keys_that_would_do_nothing_to_a_row_that_is_gone_are_dimmed() -> None:
    async with showing(staged(), (120, 40)) as shown:
        assert not shown.screen.held.dimmed()
        await shown.press("X", "y")
        assert shown.screen.held.dimmed() == {"hold.toggle", "fault.inject"}
        await shown.press("space")
        assert shown.hint == "that row is gone"


@pytest.mark.parametrize("opening", ["i+", "H="])
async def test_a_dialog_refuses_a_code_or_client_that_is_not_known(opening: str) -> None:
    for words, why in (
        ("code=zzzzzzzz", "no code ZZZZ-ZZZZ is known"),
        ("client=nope", "no client has the id or name nope"),
    ):
        async with showing(Scenario(), NARROW) as shown:
            shown.scenario.register("aws-cli").start()
            await shown.settle()
            await shown.type(f"{opening}{words}\r")
            assert why in shown.text
            assert not shown.scenario.simulator.state.rules
            assert len(shown.app.screen_stack) > 1


async def test_a_dialog_takes_a_client_by_its_name() -> None:
    async with showing(Scenario(), NARROW) as shown:
        program = shown.scenario.register("aws-cli")
        program.start()
        await shown.settle()
        await shown.type("H=client=aws-cli\r")
        (rule,) = shown.scenario.simulator.state.rules.values()
        assert rule.target == Target(client_id=program.client_id)
