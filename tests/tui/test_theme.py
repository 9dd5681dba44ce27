"""Each role has a colour under every theme that Textual brings."""

import pytest
from textual.content import Content
from textual.theme import BUILTIN_THEMES
from textual.widgets import OptionList, Static

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.glyphs import Role, ThemedApp, role_variables, variable_of
from tests.tui.showing import showing


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_every_theme_gives_each_role_a_colour(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    colours = role_variables({**theme.to_color_system().generate(), **theme.variables})
    assert set(colours) >= {variable_of(role) for role in Role}
    assert all(colours.values())


def test_a_theme_may_set_a_role_itself() -> None:
    theme = BUILTIN_THEMES["nord"].to_color_system().generate()
    assert role_variables({**theme, "role-held": "magenta"})["role-held"] == "magenta"


class Labelled(ThemedApp):
    CSS = "Static { color: $role-bad; }"


async def test_styles_and_content_know_the_roles_and_follow_the_theme() -> None:
    app = Labelled()
    async with app.run_test() as pilot:
        label = Static(Content.styled("x", "$role-good"), markup=False)
        await app.screen.mount(label)
        before = label.styles.color
        assert label.render_line(0)
        app.theme = "solarized-light"
        await pilot.pause()
        assert label.styles.color != before


@pytest.mark.parametrize("keys", [("i",), ("i", "1", "I")], ids=["picker", "rules"])
async def test_the_chosen_row_of_a_dialog_is_seen_without_colours(
    keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    scenario = Scenario()
    scenario.register("aws-cli").start()
    async with showing(scenario) as shown:
        await shown.press(*keys)
        options = shown.app.screen.query_one(OptionList)
        chosen = options.get_component_styles("option-list--option-highlighted")
        surface, ink = chosen.background, chosen.color
        box = options.styles
        assert (surface.hex, ink.hex) == (box.color.hex, box.background.hex)
