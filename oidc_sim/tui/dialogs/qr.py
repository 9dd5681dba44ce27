"""The verification page as a QR code, over the screen, also for a projector."""

from typing import ClassVar
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen

from oidc_sim.tui.bars.lines import line
from oidc_sim.tui.bars.page import MARGIN, Page
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.inspector.qr import code_line, largest

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
