"""Whether to approve all codes that wait (ui.md §7.4)."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from oidc_sim.tui.printable import printable

_IN_A_LINE = 4
_OTHER_LINES = 11
"""Lines of the dialog without the codes, and one of the screen above and below it."""
_MOST_LINES = 8


class ApproveAllDialog(ModalScreen[bool]):
    """Gives whether to approve them; only ``y`` does (ui.md rule 3.7)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,enter", "answer(False)", show=False, id="approve_all.keep"),
        Binding("y", "answer(True)", show=False, id="approve_all.approve"),
    ]

    DEFAULT_CSS = """
    ApproveAllDialog {
        align: center middle;
        #all {
            width: 58; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
    }
    """

    def __init__(self, user_codes: Sequence[str], held: int) -> None:
        super().__init__()
        self._codes = user_codes
        """Newest first, as on the screen behind."""
        self._held = held
        """Requests about these that are held."""

    def compose(self) -> ComposeResult:
        """What will be approved, and what of it cannot be taken back."""
        with Vertical(id="all") as box:
            box.border_title = "Approve all pending?"
            yield Static("\n".join(map(printable, self._lines())), markup=False)

    def action_answer(self, is_approving: bool) -> None:  # noqa: FBT001
        """Approve or keep them."""
        self.dismiss(is_approving)

    def _lines(self) -> Iterator[str]:
        count = len(self._codes)
        yield f"This approves {count:,} device code{'' if count == 1 else 's'}. Clients may collect"
        yield "tokens within 1 s; collected tokens can't be undone."
        if self._held:
            yield f"{self._held:,} held request{'' if self._held == 1 else 's'} of theirs: R releases."
        yield ""
        yield from self._code_lines()
        yield ""
        yield f"  y approve {count:,}        n / esc  keep them pending"

    def _code_lines(self) -> Iterator[str]:
        room = max(1, min(_MOST_LINES, self.app.size.height - _OTHER_LINES))
        for at in range(0, min(len(self._codes), room * _IN_A_LINE), _IN_A_LINE):
            yield "  " + "  ".join(self._codes[at : at + _IN_A_LINE])
        if (more := len(self._codes) - room * _IN_A_LINE) > 0:
            yield f"  and {more:,} more"
