"""The list of a dialog: moved in by the keys of the live lists."""

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import OptionList

from oidc_sim.tui.keymap import Holder, bindings


class ChoiceList(OptionList):
    """Lines to choose from, each on one row; enter takes the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Holder.LIST)]

    DEFAULT_CSS = """
    ChoiceList, ChoiceList:focus {
        height: auto; border: none; background: $surface; padding: 0;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def action_move(self, by: int) -> None:
        """Go down by lines, negative is up; it ends at both ends, as in the live lists."""
        if self.option_count:
            chosen = -1 if self.highlighted is None else self.highlighted
            self.highlighted = max(0, min(chosen + by, self.option_count - 1))

    def action_page(self, by: int) -> None:
        """Go down by windows."""
        page = self.action_page_down if by > 0 else self.action_page_up
        page()  # type: ignore[no-untyped-call]

    def action_start(self) -> None:
        """Go to the first line."""
        self.action_first()

    def action_end(self) -> None:
        """Go to the last line."""
        self.action_last()
