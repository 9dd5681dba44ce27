"""The colours of the five roles, taken from whatever theme the operator chose.

Styles name roles (``$role-pending``), never colours, so a theme change, a light theme and an
``ansi`` theme need no line here. A theme may set a role's variable itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

from textual.app import App

from oidc_sim.tui.glyphs import Role

_TAKEN_FROM: Mapping[Role, str] = MappingProxyType(
    {
        Role.PENDING: "text-warning",
        Role.GOOD: "text-success",
        Role.BAD: "text-error",
        Role.HELD: "text-primary",
        Role.FAULT: "text-accent",
    }
)
"""Textual's ``text-…`` variables are the ones made to be read on a surface."""


_LINES: Mapping[str, str] = MappingProxyType(
    {"panel-line": "foreground-muted", "panel-line-focused": "text-primary"}
)
"""The lines around the panels."""


def variable_of(role: Role) -> str:
    """The name of the style variable that has a role's colour, without the ``$``."""
    return f"role-{role}"


def role_variables(theme: Mapping[str, str]) -> dict[str, str]:
    """A colour for each role and for the panels' lines, from a theme's variables."""
    sources = {variable_of(role): source for role, source in _TAKEN_FROM.items()}
    sources.update(_LINES)
    return {name: theme.get(name, theme[source]) for name, source in sources.items()}


class ThemedApp(App[None]):
    """An app in whose styles and content each role is a variable."""

    CSS = """
    OptionList > .option-list--option-highlighted,
    OptionList:focus > .option-list--option-highlighted {
        color: $surface; background: $foreground; text-style: bold;
    }
    """
    """A chosen row is seen where there are two colours, as in our own lists; Textual's
    list does not know ``reverse``."""

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables and a role's colour each."""
        variables = super().get_css_variables()
        # In place: Textual keeps this very mapping for `$…` in Content.
        variables.update(role_variables(variables))
        return variables
