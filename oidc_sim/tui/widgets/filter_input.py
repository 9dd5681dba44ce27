"""The input that a filter is typed into; tab writes the next word that fits."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from oidc_sim.filtering import completions
from oidc_sim.filtering.completing import completed

MAX_TYPED = 200


class FilterInput(Input):
    """One line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, id="filter.complete", priority=True),
    ]

    @property
    def next_word(self) -> str:
        """What tab would write; nothing where no word fits."""
        return next(iter(completions(self.value, self.cursor_position)), "")

    def action_complete(self) -> None:
        """Write the next word that fits."""
        if word := self.next_word:
            text, caret = completed(self.value, self.cursor_position, word)
            self.value, self.cursor_position = text, caret
