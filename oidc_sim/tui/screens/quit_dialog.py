"""Whether to leave while clients wait for an answer."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static


class QuitDialog(ModalScreen[bool]):
    """Gives whether to leave; only ``y`` does (ui.md rule 3.7)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,enter", "answer(False)", show=False, id="quit.stay"),
        Binding("y", "answer(True)", show=False, id="quit.leave"),
    ]

    DEFAULT_CSS = """
    QuitDialog {
        align: center middle;
        #leave {
            width: 56; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
    }
    """

    def __init__(self, held: int) -> None:
        super().__init__()
        self._held = held

    def compose(self) -> ComposeResult:
        """What leaving does to those that wait."""
        with Vertical(id="leave") as box:
            box.border_title = "Quit?"
            box.border_subtitle = "y release all and quit  n esc stay"
            requests = "request is" if self._held == 1 else "requests are"
            yield Static(
                f"\n{self._held:,} {requests} held. Quitting releases all first.\n", markup=False
            )

    def action_answer(self, is_leaving: bool) -> None:  # noqa: FBT001
        """Leave or stay."""
        self.dismiss(is_leaving)
