"""The input that a filter is typed into; tab writes the next word that fits."""

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.widgets import Input

from oidc_sim.filtering import EVERY_FIELD, Fields, FilterError, completions
from oidc_sim.filtering.completing import completed
from oidc_sim.tui.cells import printable

MAX_TYPED = 200


class FilterInput(Input):
    """One line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, id="filter.complete", priority=True),
    ]

    fields: Fields = EVERY_FIELD
    """What can be asked for there."""

    @property
    def next_word(self) -> str:
        """What tab would write; nothing where no word fits."""
        return next(iter(completions(self.value, self.cursor_position, self.fields)), "")

    def action_complete(self) -> None:
        """Write the next word that fits."""
        if word := self.next_word:
            text, caret = completed(self.value, self.cursor_position, word)
            self.value, self.cursor_position = text, caret


def marked(error: FilterError, width: int) -> str:
    """A caret below the mistake with what was expected beside it, or below where that has no room.

    Args:
        error: What is wrong.
        width: Cells of a line; a list of fields can take two.
    """
    caret, told = f"{' ' * min(error.at, max(0, width - 1))}^", printable(error.message)
    beside = f"{caret} {told}"
    return beside if cell_len(beside) <= width else f"{caret}\n{told}"
