"""Pages over the screen: every key, and the verification page as a QR code, also for a projector."""

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen

from oidc_sim.tui.bars.page import BLANK, MARGIN, Line, Page, Tone, TonedText, line
from oidc_sim.tui.cells import Printable, fit, printable
from oidc_sim.tui.glyphs import UNICODE, Look
from oidc_sim.tui.inspector.qr import code_line, largest
from oidc_sim.tui.keymap import help_keys
from oidc_sim.tui.moved_keys import MovedKeys

_KEY_CELLS = 12
_SIGNS = (
    (Look.PENDING, "waits for a decision"),
    (Look.APPROVED, "approved, the client has not asked since"),
    (Look.COLLECTED, "the client has its token; nothing can be undone"),
    (Look.DENIED, "denied"),
    (Look.EXPIRED, "over, by time or by the operator"),
    (Look.HELD, "a request of it is held until you decide"),
    (Look.FAULTY, "a fault: it spoilt an answer, or is armed"),
)
_NOTES = (
    ("uncollected", "approved, and the client has not asked since"),
    ("by the user", "who decided, if not you: the user, a script, or auto-approve (auto)"),
    ("not told", "the client has not heard yet that it is denied or expired; told: it has"),
    ("too fast", "its last poll came earlier than it may"),
    ("slowed 10 s", "how far apart its polls have to be since it was slowed down"),
    ("2 slow_down", "how many of its next polls are told to slow down"),
    ("silent 42s", "it should have asked meanwhile and did not"),
    ("1 held", "how many of its requests are held"),
    ("next 500", "a fault or hold waits: next once, x3 so often, every always, +2 more behind"),
    ("browser", "it signs in by a browser; code sent: that has its code; revoked: a wrong proof"),
)
"""Examples of notes on device codes."""


class HelpScreen(ModalScreen[None]):
    """Shows the key table; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", show=False, id="help.close"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        #help {
            width: 86%; max-width: 92; height: 90%;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
    }
    """

    def __init__(self, moved: MovedKeys | None = None) -> None:
        super().__init__()
        self._moved = moved or MovedKeys()

    def compose(self) -> ComposeResult:
        """One page."""
        yield Page(id="help")

    def on_mount(self) -> None:
        """Fills it."""
        page = self.query_one(Page)
        page.border_title = Content.styled("Keys", "bold $foreground") + Content(
            "  esc closes, ↓ scrolls"
        )
        page.show([*_lines(self._moved)])


def _lines(moved: MovedKeys) -> Iterator[Line]:
    for topic, keys in help_keys():
        yield _heading(topic)
        yield from (_key_line(moved.shown(key), key.help) for key in keys)
        yield BLANK
    yield _heading("States")
    for look, meaning in _SIGNS:
        yield _state(look, meaning)
    yield BLANK
    yield _heading("NOTE of a device code")
    yield from (_key_line(note, meaning) for note, meaning in _NOTES)
    yield BLANK
    yield _heading("EVERY")
    yield _sentence(
        "How far apart the polls of a client come. ! means earlier than RFC 8628 §3.5 allows."
    )


def _heading(text: str) -> Line:
    return line(TonedText(printable(text), Tone.HEADING))


def _sentence(text: str) -> Line:
    return line(printable(f"  {text}"), hang=2)


def _key_line(keys: str, text: str) -> Line:
    shown = fit(printable(keys), _KEY_CELLS)
    return line(
        printable("  "), TonedText(shown, Tone.STRONG), printable(text), hang=2 + _KEY_CELLS
    )


def _state(look: Look, meaning: str) -> Line:
    label = fit(UNICODE.label(look), _KEY_CELLS)
    return line(
        printable("  "), TonedText(label, look.role), printable(meaning), hang=2 + _KEY_CELLS
    )


_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_FRAME = 2
"""Cells that the border takes, in either direction."""
_LEAST_WIDTH = 52
"""For the address and the title."""


class QrDialog(ModalScreen[None]):
    """One code, as large as the window allows; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,Q,shift+q,q,n,enter", "dismiss", "Close", show=False, id="qr.close"),
    ]

    DEFAULT_CSS = """
    QrDialog {
        align: center middle;
        #qr {
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
    }
    """

    def __init__(self, url: str, window: Size) -> None:
        super().__init__()
        self._texts = [printable(url), *_advice(url)]
        room = window.height - _FRAME - len(self._texts)
        self._rows = largest(url, window.width - _FRAME - 2 * MARGIN, room)
        self._window = window

    @property
    def has_room(self) -> bool:
        """Whether the window is large enough for a code."""
        return bool(self._rows)

    def compose(self) -> ComposeResult:
        """One page, as large as the code."""
        page = Page(id="qr")
        text_width = max(len(self._rows[0]), *map(len, self._texts), _LEAST_WIDTH)
        page.styles.width = min(self._window.width, text_width + _FRAME + 2 * MARGIN)
        page.styles.height = len(self._rows) + len(self._texts) + _FRAME
        yield page

    def on_mount(self) -> None:
        """Fills it."""
        page = self.query_one(Page)
        page.border_title = Content.styled("QR code", "bold $foreground") + Content("  esc closes")
        page.show([*map(code_line, self._rows), *map(line, self._texts)])


def _advice(url: str) -> list[Printable]:
    if urlsplit(url).hostname not in _LOOPBACK:
        return []
    return [printable("Only this machine reaches that address; see --host.")]
