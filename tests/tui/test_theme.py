"""Each role has a colour under every theme that Textual brings."""

import pytest
from textual.content import Content
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.theme import ThemedApp, role_variables, variable_of


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
