"""Which demo client to run, over the screen."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.tui.printable import fit, printable
from oidc_sim.tui.widgets.lines import BLANK, Line, Span, Tone, line
from oidc_sim.tui.widgets.page import Page

_KEY_CELLS = 4
_NAME_CELLS = 15
_OTHERS = [str(digit) for digit in range(10) if not 1 <= digit <= len(PERFORMANCES)]
"""Digits that stand for nothing."""


class DemoDialog(ModalScreen[str | None]):
    """Gives the name of a performance, ``STOP``, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(digit), f"choose('{name}')", name, show=False, id=f"demo.{name}")
            for digit, name in enumerate(PERFORMANCES, 1)
        ),
        Binding(",".join(_OTHERS), "refuse", show=False, id="demo.none"),
        Binding("x,D,shift+d", f"choose('{STOP}')", "Stop", show=False, id="demo.stop"),
        Binding("escape,n", "dismiss", "Close", show=False, id="demo.close"),
    ]

    DEFAULT_CSS = """
    DemoDialog {
        align: center middle;
        #demo {
            width: 90%; max-width: 72; height: 12;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
    }
    """

    def __init__(self, running: int) -> None:
        super().__init__()
        self._count = running

    def compose(self) -> ComposeResult:
        """One page."""
        yield Page(id="demo")

    def on_mount(self) -> None:
        """Fills it."""
        page = self.query_one(Page)
        page.border_title = Content.styled("Demo client", "bold $foreground") + Content(
            "  esc closes"
        )
        page.show([*_lines(self._count)])

    def action_refuse(self) -> None:
        """Say which digits there are."""
        which = f"1-{len(PERFORMANCES)} or x"
        self.query_one(Page).border_subtitle = Content(f"no such digit: press {which}")

    def action_choose(self, name: str) -> None:
        """End with a choice."""
        self.dismiss(name)


def _lines(running: int) -> Iterator[Line]:
    for digit, performance in enumerate(PERFORMANCES.values(), 1):
        yield _choice(str(digit), performance.client, performance.help)
    yield _choice("x", "stop", f"{running} of at most {MOST} running")
    yield BLANK
    yield line(printable("They sign in over this server's own port and end by themselves"))
    yield line(printable("when they have their token, are denied, or their code expires."))


def _choice(key: str, name: str, text: str) -> Line:
    shown = Span(fit(printable(key), _KEY_CELLS), Tone.STRONG)
    hang = _KEY_CELLS + _NAME_CELLS
    return line(shown, fit(printable(name), _NAME_CELLS), printable(text), hang=hang)
