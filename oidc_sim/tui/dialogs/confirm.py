"""Asks before what cannot be taken back: to leave while clients wait, to forget everything.

Whether to approve all sign-ins that wait.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oidc_sim.tui.cells import printable


class ConfirmDialog(ModalScreen[bool]):
    """Gives whether to do it; only ``y`` does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,enter", "answer(False)", show=False, id="confirm.no"),
        Binding("y", "answer(True)", show=False, id="confirm.yes"),
    ]

    DEFAULT_CSS = """
    ConfirmDialog {
        align: center middle;
        #confirm {
            width: 56; height: auto; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
    }
    """

    def __init__(self, title: str, consequence: str, *, yes: str, no: str) -> None:
        """Take the words, which are ours.

        Args:
            title: The question.
            consequence: What would become of things.
            yes: What ``y`` does.
            no: What the other keys do.
        """
        super().__init__()
        self._words = title, consequence, f"y {yes}  n esc {no}"

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        title, consequence, keys = self._words
        with Vertical(id="confirm") as box:
            box.border_title, box.border_subtitle = Content(title), Content(keys)
            yield Static(f"\n{consequence}\n", markup=False)

    def action_answer(self, is_wanted: bool) -> None:  # noqa: FBT001
        """Do it, or leave things as they are."""
        self.dismiss(is_wanted)


def quit_dialog(held: int) -> ConfirmDialog:
    """Whether to leave while this many requests are held."""
    requests = "request is" if held == 1 else "requests are"
    consequence = f"{held:,} {requests} held. Quitting releases all first."
    return ConfirmDialog("Quit?", consequence, yes="release all and quit", no="stay")


def reset_dialog(clients: int, devices: int, rules: int) -> ConfirmDialog:
    """Whether to forget so many of each."""
    parts = (("client", clients), ("sign-in", devices), ("rule", rules))
    told = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in parts)
    consequence = f"This forgets {told}.\nClients are told invalid_client until they register anew."
    return ConfirmDialog("Reset?", consequence, yes="forget everything", no="keep it")


_IN_A_LINE = 4
_OTHER_LINES = 11
"""Lines of the dialog without the codes, and one of the screen above and below it."""
_MOST_LINES = 8


def approve_all_dialog(
    user_codes: Sequence[str], notes: Sequence[str], height: int
) -> ConfirmDialog:
    """The question.

    Args:
        user_codes: Newest first, as on the screen behind.
        notes: Sentences about requests of theirs that are held, and about others that are left out.
        height: Lines of the window.
    """
    consequence = "\n".join(map(printable, _lines(user_codes, notes, height)))
    yes = f"approve {len(user_codes):,}"
    return ConfirmDialog("Approve all pending?", consequence, yes=yes, no="keep them pending")


def _lines(codes: Sequence[str], notes: Sequence[str], height: int) -> Iterator[str]:
    count = len(codes)
    yield f"This approves {count:,} sign-in{'' if count == 1 else 's'}. Clients may collect"
    yield "tokens within 1 s; collected tokens can't be undone."
    yield from notes
    yield ""
    room = height - _OTHER_LINES - max(0, len(notes) - 1)
    yield from _code_lines(codes, max(1, min(_MOST_LINES, room)))


def _code_lines(codes: Sequence[str], room: int) -> Iterator[str]:
    for at in range(0, min(len(codes), room * _IN_A_LINE), _IN_A_LINE):
        yield "  " + "  ".join(codes[at : at + _IN_A_LINE])
    if (more := len(codes) - room * _IN_A_LINE) > 0:
        yield f"  and {more:,} more"
