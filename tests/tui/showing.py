"""The app over a scenario, as a test drives it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from textual import events
from textual.pilot import Pilot

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.app import OperatorApp
from oidc_sim.tui.operator.screen import OperatorScreen
from oidc_sim.tui.textual_private import ChordParser
from tests.tui.screen_text import screen_text

WIDE = (120, 40)
NARROW = (80, 24)

SETTLED_AFTER = 3
"""Rounds of messages until nothing moves: a key's, the layout's, the resized widgets'."""


class Shown:
    """The screen with a hand on its keys."""

    def __init__(
        self,
        scenario: Scenario,
        running_server: RunningServer,
        app: OperatorApp,
        pilot: Pilot[None],
    ) -> None:
        self.scenario = scenario
        self.running_server = running_server
        self.app = app
        self.pilot = pilot
        self.opened: list[str] = []

    @property
    def screen(self) -> OperatorScreen:
        """The operator's screen, also under a dialog."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, OperatorScreen)
        return screen

    async def press(self, *keys: str) -> None:
        """Keys by Textual's names. Faster than ``Pilot.press``, which waits for an idle process."""
        for key in keys:
            self.app.simulate_key(key)
            await self._effect()
        await self.settle()

    async def type(self, text: str, *, at_once: bool = False) -> None:
        """Bytes of a terminal, each character by itself or all in one read."""
        for piece in [text] if at_once else text:
            alone = [events.Key("escape", piece)] if piece == "\x1b" else []
            for event in alone or ChordParser().feed(piece):
                self.app.post_message(event)
            await self._effect()
        await self.settle()

    async def _effect(self) -> None:
        """Until the app has taken what was posted to it, and all that follows from that is done."""
        taken = asyncio.Event()
        self.app.call_later(taken.set)
        while not self.app._exit and (self.app.typeahead.is_busy or not taken.is_set()):
            await self.pilot.pause(0)

    async def settle(self) -> None:
        """The next tick of the timer, without waiting for it, and all that follows from it."""
        self.screen.pull()
        for _ in range(SETTLED_AFTER):
            await self.pilot.pause(0)

    @property
    def lines(self) -> list[str]:
        return screen_text(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def hint(self) -> str:
        return self.lines[-2].strip()

    @property
    def footer(self) -> str:
        return self.lines[-1].strip()

    @property
    def selected(self) -> str:
        """The selected row of the focused list."""
        return self.line_with("┃ ▸ ")

    def line_with(self, text: str) -> str:
        return next(line for line in self.lines if text in line)


@asynccontextmanager
async def showing(
    scenario: Scenario, size: tuple[int, int] = WIDE, *, has_browser: bool = True
) -> AsyncIterator[Shown]:
    """The app, mounted, with its timer stopped: the scenario's clock ticks for it."""
    running_server = scenario.running_server()
    opened: list[str] = []

    async def open_page(url: str) -> bool:
        opened.append(url)
        return has_browser

    app = OperatorApp(running_server, open_page=open_page)
    async with app.run_test(size=size, notifications=True) as pilot:
        shown = Shown(scenario, running_server, app, pilot)
        shown.opened = opened
        scenario.look = shown.screen.pull
        await shown.settle()
        yield shown
        scenario.look = lambda: None


@contextmanager
def in_utc() -> Iterator[None]:
    """Times of day do not depend on where the test runs."""
    import os
    import time

    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
