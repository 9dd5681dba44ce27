"""Objects that the operator's keys work with: running server, panels, decisions, and the hint line."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from textual.screen import Screen

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.tui.decisions import Armed, Decisions, Hindered, Result
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.operator.panel_area import PanelArea
from oidc_sim.tui.panels import Panel, Window

OpenPage = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Work:
    """One for all keys of a screen."""

    server: RunningServer
    panels: PanelArea
    decisions: Decisions
    moved: MovedKeys
    screen: Screen[None]
    """Where dialogs open and workers belong."""
    say: Callable[[Result], None]
    """Says on the hint line what a key did, or why it did nothing."""

    def note(self, result: Result) -> None:
        """Say what a key did; a rule that it added can be taken back."""
        if isinstance(result, Armed):
            self.decisions.remember(result.rule_id)
        self.say(result)

    @property
    def window(self) -> Window:
        """The size of the screen."""
        return Window(*self.screen.size)

    def selected_code(self) -> str | None:
        """The user code that keys act on."""
        if self.panels.is_on_ghost:
            return None
        return self.panels.subject.user_code(self.server.simulator)

    def why_gone(self) -> Hindered | None:
        """Why keys do nothing to the selected row, where it is gone."""
        return Hindered(self.panels.about_ghost) if self.panels.is_on_ghost else None

    def why_no_code(self) -> Hindered:
        """Why there is no user code that keys could act on."""
        subject = self.panels.subject
        if (gone := self.why_gone()) is not None:
            return gone
        if subject.panel is not Panel.REQUESTS or subject.row_id is None:
            return Hindered("no device code selected")
        return Hindered("that request was about no device code")


class KeyActions:
    """Actions of some keys: each public method is that of one key in the keymap."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._server = work.server
        self._simulator = work.server.simulator
        self._panels = work.panels
        self._note = work.note

    def _ask(self, dialog: Screen[Any], then: Callable[[Any], None] | None = None) -> None:
        """Open a dialog, and go on with what it gives."""
        self._work.screen.app.push_screen(dialog, then)
