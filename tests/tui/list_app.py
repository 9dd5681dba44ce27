"""An app of one live list, for tests in the same process and in a terminal."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.glyphs import UNICODE, Glyphs, ThemedApp
from oidc_sim.tui.lists.columns import Column
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.lists.row_source import RowId, RowSource

COLUMNS = (
    Column(title=printable("STATE"), width=10, min_width=1, priority=9, is_toned=True),
    Column(title=printable("CLIENT"), width=17, min_width=10, priority=5, grows=True),
    Column(title=printable("POLLS"), width=5, priority=1, align="right"),
)
_UNSAID = printable("")


class ListApp(ThemedApp):
    """Shows one list in a border and notes what it tells."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f", "follow", "Follow")]
    CSS = """
    RowList { border: round $foreground-muted; }
    RowList:focus { border: heavy $foreground; }
    """

    def __init__(
        self,
        source: RowSource,
        columns: Sequence[Column] = COLUMNS,
        *,
        can_follow: bool = False,
        order: Printable = _UNSAID,
        placeholder: Sequence[Printable] = (),
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__()
        self.rows = RowList(
            columns,
            source,
            can_follow=can_follow,
            order=order,
            placeholder=placeholder,
            glyphs=glyphs,
        )
        self.rows.border_title = Content("2 Device codes")
        self.answer_word: list[RowId | bool | None] = []

    def compose(self) -> ComposeResult:
        yield self.rows

    def on_mount(self) -> None:
        self.rows.focus()

    def action_follow(self) -> None:
        self.rows.action_follow()

    def on_row_list_selected(self, message: RowList.Selected) -> None:
        self.answer_word.append(message.row_id)

    def on_row_list_follow_changed(self, message: RowList.FollowChanged) -> None:
        self.answer_word.append(message.is_following)
