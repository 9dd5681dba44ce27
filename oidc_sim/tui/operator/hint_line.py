"""The line above the footer: what the last key did, or why it did nothing, and what ``u`` would do."""

from oidc_sim.tui.bars.bar import Bar, cut_to, width_of
from oidc_sim.tui.cells import Printable, joined, printable
from oidc_sim.tui.hints import Hint

_GAP = printable("  ")
_EDGE = printable(" ")


class HintLine(Bar):
    """One line, never a dialog."""

    def __init__(self, undo: str = "u", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._undo = printable(undo)

    def tell(self, hint: Hint) -> None:
        """Show a hint; where room is short the sentence is cut, not the key."""
        key: list[tuple[Printable, str]] = []
        if hint.undo:
            key = [
                (_GAP, ""),
                (self._undo, "bold $text-accent"),
                (joined(_EDGE, hint.undo), ""),
            ]
        room = self.size.width - 1 - width_of(key)
        self.say([(_EDGE, ""), (cut_to(hint.text, room), hint.style), *key])
