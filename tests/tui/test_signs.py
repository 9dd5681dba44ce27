"""``--ascii`` and ``--plain``: the same screen in other signs."""

import pytest
from rich.cells import cell_len

from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.app import Signs, in_ascii
from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import ASCII, UNICODE
from tests.hostile_text import PAYLOADS
from tests.tui.busy import busy
from tests.tui.screen_text import Golden
from tests.tui.showing import NARROW, WIDE, showing


@pytest.mark.parametrize(
    "text", ["héllo", "日本語", "a…b", "─━│┃", "👩‍💻 x", "e\u0301", *PAYLOADS.values()]
)
def test_a_text_is_ascii_and_as_wide_as_before(text: str) -> None:
    text = printable(text)
    assert in_ascii(text).isascii()
    assert len(in_ascii(text)) == cell_len(text)


def test_each_state_keeps_a_sign_of_its_own() -> None:
    for look, sign in UNICODE.signs.items():
        assert in_ascii(sign) == ASCII.signs[look]


def test_plain_keeps_letters_and_drops_lines() -> None:
    assert Signs(is_ascii=False, is_plain=True).text("┏━ é │▁█") == ">  é    "


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("setting", ["ascii", "plain"])
async def test_the_busy_screen_in_other_signs(
    golden: Golden, size: tuple[int, int], setting: str
) -> None:
    scenario = Scenario(settings=Settings.model_validate({"seed": 42, setting: True}))
    async with showing(scenario, size) as shown:
        busy(scenario)
        await shown.press("home", "down", "down")
        golden.check(f"{setting}_busy_{size[0]}x{size[1]}", shown.lines)


async def test_every_screen_is_ascii() -> None:
    scenario = Scenario(settings=Settings(seed=42, ascii=True))
    async with showing(scenario, WIDE) as shown:
        scenario.register("naïve 日本").start()
        for keys in (["enter", "z"], ["escape", "escape", "question_mark"], ["escape", "D"]):
            await shown.press(*keys)
            assert shown.text.isascii()
        await shown.press("escape", "ctrl+p")
        assert shown.text.isascii()


async def test_plain_has_no_line_and_still_tells_where_the_focus_is() -> None:
    scenario = Scenario(settings=Settings(seed=42, plain=True))
    async with showing(scenario, NARROW) as shown:
        busy(scenario)
        await shown.settle()
        for key, title in (("1", "Clients"), ("2", "Device codes"), ("3", "Requests")):
            await shown.press(key)
            focused = [line for line in shown.lines if line.startswith(">")]
            assert len(focused) == 1
            assert title in focused[0]
        assert not any(0x2500 <= ord(sign) <= 0x259F for sign in shown.text)
        assert shown.app.animation_level == "none"
