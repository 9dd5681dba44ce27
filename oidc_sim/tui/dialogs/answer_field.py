"""A text of several lines that is sent as it is shown."""

from dataclasses import replace

from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from oidc_sim.tui.dialogs.editing import visible


class AnswerField(TextArea):
    """Whatever is typed or pasted becomes visible first; ``tab`` leaves it."""

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(visible(text), id=id, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False

    def edit(self, edit: Edit) -> EditResult:
        """Put in what can be seen; Textual comes through here for keys, pastes and undo alike."""
        shown = visible(edit.text)
        return super().edit(edit if shown == edit.text else replace(edit, text=shown))
