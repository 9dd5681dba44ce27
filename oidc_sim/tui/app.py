"""The app around the screen: timer, toasts, palette, signs for ``--ascii`` and ``--plain``, and how it ends.

The signs are a filter over finished lines rather than a second set handed to every widget: so no widget,
none of Textual's own either, and no client's name can bring in a sign that the terminal cannot show.
Each sign keeps its width, so nothing is laid out anew.
"""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Iterable, Sequence
from functools import lru_cache
from traceback import extract_tb
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.app import SystemCommand
from textual.color import Color
from textual.filter import LineFilter
from textual.screen import Screen

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.commands import ReleaseAll
from oidc_sim.engine.held import undecided
from oidc_sim.record.debug_log import log_failure, where_to_look
from oidc_sim.tui.cells import printable
from oidc_sim.tui.dialogs.questions import ConfirmDialog, quit_dialog
from oidc_sim.tui.glyphs import ASCII, UNICODE, ThemedApp
from oidc_sim.tui.keymap import KEYS, PALETTE_ONLY
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.operator.copying import Copying
from oidc_sim.tui.operator.screen import OperatorScreen
from oidc_sim.tui.operator.work import OpenPage
from oidc_sim.tui.terminal import PatientDriver, TerminalWatch, TypeAhead
from oidc_sim.tui.textual_private import DRAWS_BY_ITSELF, LastWordsApp

UNKNOWN = "?"
"""Stands for each cell of a text that has no letters of ASCII."""
_LIGHT, _HEAVY = "─╭╮╰╯│┄", "━┏┓┗┛┃"
_ENTER, _SECTION = "↵", "§"
_FIRST_LINE, _LAST_LINE = 0x2500, 0x259F
"""Unicode's lines, bars and blocks."""
_AS_ASCII = str.maketrans(
    {
        **dict.fromkeys(map(chr, range(_FIRST_LINE, _LAST_LINE + 1)), "+"),
        **{sign: ASCII.signs[look] for look, sign in UNICODE.signs.items()},
        UNICODE.cursor: ASCII.cursor,
        UNICODE.ellipsis: ASCII.ellipsis,
        **dict(zip(_LIGHT, "-++++|-", strict=True)),
        **dict(zip(_HEAVY, "=####|", strict=True)),
        **dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True)),
        **dict(zip("↑↓←→▲▼", "^v<>^v", strict=True)),
        **dict(zip("–—‘’“”·•µ×", "--''\"\"..ux", strict=True)),  # noqa: RUF001 - as they are met
        "▔": "-",
        "🔎": "> ",
        _ENTER: "&",
        _SECTION: "s",
    }
)
_FOCUSED = "┏"
"""The corner that only what has the focus has: without lines it must still be seen."""
_AS_PLAIN = dict.fromkeys(range(_FIRST_LINE, _LAST_LINE + 1), " ") | {ord(_FOCUSED): ">"}


class Signs(LineFilter):
    """Puts other signs in place of those that a terminal cannot show, or a reader should not hear."""

    def __init__(self, *, is_ascii: bool, is_plain: bool) -> None:
        super().__init__(enabled=is_ascii or is_plain)
        self._is_ascii = is_ascii
        self._is_plain = is_plain

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - colours stay
        """The line in other signs."""
        return [
            segment if segment.text.isascii() else segment._replace(text=self.text(segment.text))
            for segment in segments
        ]

    def text(self, text: str) -> str:
        """A text in other signs, as wide as before."""
        if self._is_plain:
            text = text.translate(_AS_PLAIN)
        return in_ascii(text) if self._is_ascii else text


@lru_cache(maxsize=2048)
def in_ascii(text: str) -> str:
    """A text in ASCII, as wide as before."""
    known = text.translate(_AS_ASCII)
    if known.isascii():
        return known
    replaced = "".join(it if it.isascii() else UNKNOWN * cell_len(it) for it in known)
    return set_cell_size(replaced, cell_len(text))


WAITS_FOR_S = 5.0
"""A browser that is still running then was started."""
_OPEN = """
import os, sys, webbrowser
os.environ.pop("TERM", None)  # or a text browser would be tried, which needs the terminal itself
sys.exit(not webbrowser.open(sys.argv[1]))
"""


async def open_page(url: str) -> bool:
    """Open a URL; returns False when there is no browser on this host.

    In a process of its own: ``webbrowser`` blocks, and some browsers write on standard error.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # or a webbrowser.py in the working directory would be run
        "-c",
        _OPEN,
        url,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    try:
        return await asyncio.wait_for(process.wait(), WAITS_FOR_S) == 0
    except TimeoutError:
        return True


LOOKS_EVERY_S = 0.1
"""Seconds between two looks of the screen at what is new."""
TOAST_STAYS_S = 12.0
PALETTE_CLOSES_S = 0.1
"""Then it is not in the picture."""
_PICTURE = "Save the screen as a picture (SVG) into the working directory"
MAX_TOASTS_AT_ONCE = 3


class OperatorApp(ThemedApp, LastWordsApp):
    """Shows a running server until the operator leaves or a signal comes."""

    TITLE = "oidc-sim"

    def __init__(self, running_server: RunningServer, *, open_page: OpenPage = open_page) -> None:
        super().__init__(driver_class=PatientDriver if DRAWS_BY_ITSELF else None)
        self._running_server = running_server
        self._open_page = open_page
        self._watch = TerminalWatch(self)
        self.typeahead = TypeAhead(self, super().on_event)
        self._signs = Signs(
            is_ascii=running_server.settings.ascii, is_plain=running_server.settings.plain
        )
        self._moved = MovedKeys(
            running_server.settings.keys, is_ascii=running_server.settings.ascii
        )
        self.set_keymap(self._moved.keymap)
        self._asking: ConfirmDialog | None = None
        """The dialog that asks before leaving, once there was one."""
        if running_server.settings.plain:
            self.animation_level = "none"

    def get_default_screen(self) -> Screen[Any]:
        """The operator's screen."""
        return OperatorScreen(
            self._running_server, Copying(self, self._running_server), self._open_page
        )

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and the signs that were asked for."""
        return [*super().get_line_filters(), *([self._signs] if self._signs.enabled else [])]

    async def on_event(self, event: events.Event) -> None:
        """Lets input wait for what came before it; all else goes its way at once."""
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            await self.typeahead.take(event)
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        """Begins to look at the log, and to wait for a signal."""
        self.set_interval(LOOKS_EVERY_S, self._beat)
        self._running_server.ending.add_done_callback(self._end)

    def on_unmount(self) -> None:
        """Nobody is here to be ended."""
        self._running_server.ending.remove_done_callback(self._end)

    def copy_to_clipboard(self, text: str) -> None:
        """Copies, unless the terminal does not read: this write would wait for it."""
        if not self._watch.is_paused:
            super().copy_to_clipboard(text)

    def action_help_quit(self) -> None:
        """``ctrl+c`` copies what is marked; without a mark it tells how to leave."""
        self.notify("q leaves and stops the server", markup=False)

    async def action_quit(self) -> None:
        """Leave; asks first while requests are held, which go on then."""
        count = undecided(self._running_server.simulator.state)
        if not count:
            self.exit()
        elif self._asking not in self.screen_stack:
            self._asking = quit_dialog(count)
            self.push_screen(self._asking, self._leave)

    def _leave(self, is_leaving: bool | None) -> None:  # noqa: FBT001
        if is_leaving:
            self._running_server.simulator.dispatch(ReleaseAll())
            self.exit()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: what the keys do, and Textual's themes and screenshot."""
        for command in super().get_system_commands(screen):
            if command.title == "Theme":
                yield command
        yield SystemCommand("Screenshot", _PICTURE, self._take_picture)
        for key in (*KEYS, *PALETTE_ONLY):
            if key.is_in_palette:
                title = f"{key.title}  {self._moved.shown(key)}".rstrip()
                yield SystemCommand(title, key.help, self._runner(screen, key.action))

    def _take_picture(self) -> None:
        """Save the screen as SVG where the program was started, as evidence is."""
        self.set_timer(PALETTE_CLOSES_S, self._save_picture)

    def _save_picture(self) -> None:
        name = time.strftime("oidc-sim-%Y%m%d-%H%M%S.svg")
        try:
            self.save_screenshot(name)
        except OSError as error:
            message = f"cannot write {name}: {error.strerror or error}"
            self.notify(printable(message), severity="error", markup=False)
        else:
            self.notify(f"wrote {name}", markup=False)

    def _beat(self) -> None:
        self._watch.look()
        if self._watch.is_paused:
            return
        self._toast()
        for operator in self.screen_stack[:1]:  # below any dialog; none when the app ends
            if isinstance(operator, OperatorScreen):
                operator.pull()

    def _toast(self) -> None:
        """Show notes on what happened without the operator, in the server's own words."""
        notes, more = (
            self._running_server.notes[:MAX_TOASTS_AT_ONCE],
            self._running_server.notes[MAX_TOASTS_AT_ONCE:],
        )
        self._running_server.notes.clear()
        for note in [*notes, *([f"and {len(more):,} more of these"] if more else [])]:
            self.notify(printable(note), severity="warning", timeout=TOAST_STAYS_S, markup=False)

    def _end(self, ending: "asyncio.Future[int]") -> None:
        if not ending.cancelled():
            self.exit(return_code=ending.result())

    def last_words(self, error: BaseException | None) -> str:
        """The failure and its place, on one line that moves nothing but ink."""
        frames = extract_tb(error.__traceback__) if error else []
        place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        log_failure("the screen failed", error)
        message = printable(f"the screen failed, our fault: {type(error).__name__}{place}")
        return (
            f"oidc-sim: {message}; {printable(where_to_look())}; 'oidc-sim serve' runs without it"
        )

    @staticmethod
    def _runner(screen: Screen[Any], action: str) -> Any:
        async def run() -> None:
            await screen.run_action(action)

        return run
