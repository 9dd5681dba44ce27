"""Which demo client to run, over the screen."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import PERFORMANCES, STOP
from oidc_sim.tui.cells import fit, printable
from oidc_sim.tui.dialogs.choice_list import ChoiceList

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
            width: 90%; max-width: 76; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        ChoiceList { text-wrap: wrap; }
        Static { height: auto; }
    }
    """

    def __init__(self, running: int) -> None:
        super().__init__()
        self._count = running

    def compose(self) -> ComposeResult:
        """The list, and what they do."""
        with Vertical(id="demo") as box:
            box.border_title = "Demo client"
            box.border_subtitle = Content(f"1-{len(PERFORMANCES)} run  x stop  esc closes")
            yield ChoiceList(*_choices(self._count), markup=False)
            yield Static(_ABOUT, markup=False)

    def on_mount(self) -> None:
        """The first is chosen."""
        self.query_one(ChoiceList).highlighted = 0

    @on(OptionList.OptionSelected)
    def _take_chosen(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(message.option_id)

    def action_refuse(self) -> None:
        """Say which digits there are."""
        box = self.query_one("#demo")
        box.border_subtitle = Content(f"no such digit: press 1-{len(PERFORMANCES)} or x")

    def action_choose(self, name: str) -> None:
        """End with a choice."""
        self.dismiss(name)


_ABOUT = """
They sign in over this server's own port and end by themselves
when they have their token, are denied, or their code expires."""


def _choices(running: int) -> Iterator[Option]:
    for digit, (name, performance) in enumerate(PERFORMANCES.items(), 1):
        yield _choice(str(digit), performance.client, performance.help, name)
    yield _choice("x", "stop", f"{running} of at most {MOST} running", STOP)


def _choice(key: str, name: str, text: str, id_: str) -> Option:
    shown = f"{fit(printable(key), _KEY_CELLS)}{fit(printable(name), _NAME_CELLS)}{text}"
    return Option(printable(shown), id=id_)
