"""Shows every hostile payload in a live list and in a `Static`: `python -m tests.tui.hostile_app`.

With `raw` the `Static`s get the text as it came, with `markup` they parse it: two ways of doing
it wrong, so that a test can see that it would notice.
"""

import sys
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import Look, ThemedApp
from oidc_sim.tui.lists.columns import Column
from oidc_sim.tui.lists.row_list import RowList
from tests.hostile_text import PAYLOADS
from tests.tui.devices import Devices

COLUMNS = (
    Column(title=printable("STATE"), width=10, is_toned=True),
    Column(title=printable("CLIENT"), width=40, min_width=10, grows=True),
    Column(title=printable("POLLS"), width=5, align="right"),
)


class HostileApp(ThemedApp):
    """One row and one line for each payload; `approve` must never run."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "note('a key')", "Note")]
    CSS = """
    RowList { border: round $foreground-muted; height: 18; }
    Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, way: str) -> None:
        super().__init__()
        self.devices = Devices()
        for name, payload in list(PAYLOADS.items())[::-1]:
            self.devices.put(name, Look.PENDING, payload)
        self._way = way

    def compose(self) -> ComposeResult:
        yield RowList(COLUMNS, self.devices)
        yield Static("noted: nothing", id="noted", markup=False)
        for payload in PAYLOADS.values():
            yield self._line(payload)
        yield Static("the end", markup=False)

    def _line(self, payload: str) -> Static:
        if self._way == "raw":
            # A lone surrogate would end the run before the terminal gets anything.
            return Static(Content(payload.encode("utf-8", "replace").decode()))
        if self._way == "markup":
            return Static(payload if "@click" in payload else "")
        return Static(printable(payload), markup=False)

    def action_note(self, what: str) -> None:
        self.query_one("#noted", Static).update(f"noted: {what}")

    def action_approve(self, name: str) -> None:
        self.action_note(f"approved {name}")


if __name__ == "__main__":
    app = HostileApp(sys.argv[1] if sys.argv[1:] else "printable")
    app.run()
    sys.exit(app.return_code)
