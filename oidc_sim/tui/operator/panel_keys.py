"""Keys of lists and panels: filter, jump, order, focus, the inspector's view, and copies of what it shows."""

from functools import partial
from pathlib import Path

from oidc_sim.actions.aside import GIVEN_UP_S, aside
from oidc_sim.evidence.evidence import NOTHING, write_taken
from oidc_sim.evidence.selection import Selection, Taken, take
from oidc_sim.filtering import Expression
from oidc_sim.tui.bars.filter_line import FilterLine
from oidc_sim.tui.decisions import Hindered, Noted
from oidc_sim.tui.dialogs.pages import QrDialog
from oidc_sim.tui.inspector.device import page_url
from oidc_sim.tui.inspector.panel import Subject, View
from oidc_sim.tui.lists.filtered import FIELDS
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.operator.copying import Copying
from oidc_sim.tui.operator.work import KeyActions, OpenPage, Work
from oidc_sim.tui.panels import LISTS, Panel

MOST_JUMPS = 50


class FindKeys(KeyActions):
    """``/``, ``]`` and ``[``."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._jumps: list[tuple[Panel, RowId]] = []

    def filter(self) -> None:
        """Type a filter for the focused list."""
        panel = self._panels.panel
        if panel not in LISTS:
            self._note(Hindered("only lists are filtered; ⟦back⟧ goes back to one"))
            return

        def tell(expression: Expression) -> str:
            return self._panels.filter(panel, expression)

        text = self._panels.filter_text(panel)
        self._ask(FilterLine(text, panel.title.lower(), FIELDS[panel], tell))

    def jump(self) -> None:
        """Go from a request to its device code, from that to its client."""
        subject = self._panels.subject
        found = self._owner()
        if found is None or subject.row_id is None:
            self._note(Hindered("nothing to jump to: select a request or a device code"))
            return
        panel, row_id = found
        if not self._panels.select(panel, row_id):
            self._note(Hindered(f"{row_id} is not in {panel.title}; a filter may hide it"))
            return
        self._jumps = [*self._jumps, (subject.panel, subject.row_id)][-MOST_JUMPS:]
        self._note(Noted(f"{panel.title}; ⟦jump.back⟧ goes back", is_about_move=True))

    def jump_back(self) -> None:
        """Go to where the last jump came from."""
        if not self._jumps:
            self._note(Hindered("no jump to go back from; ⟦jump⟧ jumps"))
            return
        panel, row_id = self._jumps.pop()
        if self._panels.select(panel, row_id):
            self._note(Noted(f"back in {panel.title}", is_about_move=True))
        else:
            self._note(Hindered("that row is gone, or a filter hides it"))

    def _owner(self) -> tuple[Panel, RowId] | None:
        subject, state = self._panels.subject, self._simulator.state
        if subject.panel is Panel.REQUESTS:
            exchange = subject.exchange(self._simulator)
            if exchange is None:
                return None
            if exchange.user_code in state.devices:
                return Panel.DEVICES, exchange.user_code or ""
            return (Panel.CLIENTS, exchange.client_id) if exchange.client_id else None
        if subject.panel is Panel.DEVICES:
            device = state.devices.get(str(subject.row_id))
            return (Panel.CLIENTS, device.client_id) if device else None
        return None


_NO_COLUMNS = Hindered("the inspector has no columns; ⟦back⟧ goes back to a list")


class OrderKeys(KeyActions):
    """``<``, ``>``, ``S`` and ``f``."""

    def sort(self, by: int) -> None:
        """Sort the focused list by the column beside."""
        rows = self._panels.focused_list
        if rows is None:
            self._note(_NO_COLUMNS)
        elif not len(rows.source):
            self._note(Hindered("no rows to sort"))
        else:
            rows.step_sort(by)
            self._tell_order(rows)

    def reverse(self) -> None:
        """Sort the focused list anew, the other way round."""
        rows = self._panels.focused_list
        if rows is None:
            self._note(_NO_COLUMNS)
        elif rows.sort is None:
            self._note(Hindered("sorted by no column; ⟦sort.right⟧ sorts by the first"))
        else:
            rows.sort_by(rows.sort.column, is_down=not rows.sort.is_down)
            self._tell_order(rows)

    def follow(self) -> None:
        """Stay at the newest request, or stop."""
        if self._panels.panel is not Panel.REQUESTS:
            self._note(Hindered("only Requests follows; ⟦panel.requests⟧ goes there"))
            return
        self._panels.requests.action_follow()
        is_following = self._panels.requests.is_following
        newest, paused = "following the newest request", "paused; ⟦follow⟧ follows again"
        self._note(Noted(newest if is_following else paused))

    def end_sort(self) -> bool:
        """Whether the focused list was sorted, and is in its own order now."""
        rows = self._panels.focused_list
        if rows is None or rows.sort is None:
            return False
        rows.sort_by(None)
        self._tell_order(rows)
        return True

    def _tell_order(self, rows: RowList) -> None:
        if rows.sort is None:
            order = "as they came" if rows is self._panels.requests else "newest first"
            self._note(Noted(f"in its own order: {order}"))
            return
        title = rows.column_title(rows.sort.column).lower()
        first = "largest" if rows.sort.is_down else "smallest"
        order = f"by {title}, {first} first, as of {rows.sort.at}"
        self._note(Noted(f"{order}; ⟦sort.reverse⟧ reverses, ⟦back⟧ ends."))


_WITH_JSON = frozenset({View.REQUEST, View.RESPONSE, View.NEXT})
_FOLDED = {
    True: "folded: only the outermost members of JSON are shown; c unfolds.",
    False: "unfolded: all of JSON is shown; c folds.",
}
_NO_REQUEST = Hindered("no request selected")


class PanelKeys(KeyActions):
    """``1`` to ``4``, tab, enter, escape and ``z``."""

    def __init__(self, work: Work, order: OrderKeys) -> None:
        super().__init__(work)
        self._order = order

    def inspect(self) -> None:
        """Go to the inspector."""
        if self._panels.panel is Panel.INSPECTOR:
            self._note(Hindered("this is the inspector; ⟦back⟧ goes back"))
        elif self._panels.subject.row_id is None:
            self._note(Hindered("no row selected"))
        else:
            self._panels.go_to(Panel.INSPECTOR)

    def back(self) -> None:
        """Leave the zoom or the inspector, else the order by a column."""
        if not self._panels.go_back() and not self._order.end_sort():
            self._note(Hindered("nothing to go back from; ⟦quit⟧ quits"))

    def zoom(self) -> None:
        """Give the focused panel the whole window, or put it back."""
        if not self._panels.zoom():
            self._note(Hindered("it has the whole window already; ⟦back⟧ goes back"))

    def go_to(self, digit: int) -> None:
        """Focus a panel."""
        if self._panels.panel is Panel(digit):
            self._note(Hindered(f"this is {Panel(digit).title}"))
        self._panels.go_to(Panel(digit))

    def go_round(self, by: int) -> None:
        """Focus the next panel that is shown."""
        self._panels.go_round(by)


class InspectKeys(KeyActions):
    """Keys that show and hand on what a client did."""

    def __init__(self, work: Work, copying: Copying, open_page: OpenPage) -> None:
        super().__init__(work)
        self._copying = copying
        self._open_page = open_page

    def turn(self, by: int) -> None:
        """Turn the inspector to another view."""
        if self._panels.subject.row_id is None:
            self._note(Hindered("no row selected"))
        elif not self._panels.is_inspector_shown:
            self._note(Hindered("the inspector is not shown; ⟦inspect⟧ opens it"))
        elif not self._panels.inspector.turn(by):
            self._note(Hindered("a client has one view only"))

    def copy_json(self) -> None:
        """Copy the selected request, or the device's newest, as JSON with its response."""
        exchange = self._panels.subject.exchange(self._simulator)
        self._note(_NO_REQUEST if exchange is None else self._copying.copy_json(exchange))

    def copy_har(self) -> None:
        """Copy the same request as an entry of an HTTP Archive."""
        exchange = self._panels.subject.exchange(self._simulator)
        self._note(_NO_REQUEST if exchange is None else self._copying.copy_har(exchange))

    def fold(self) -> None:
        """Fold what lies in the members of JSON, or unfold it."""
        panels = self._panels
        if panels.subject.row_id is None:
            self._note(Hindered("no row selected"))
        elif not panels.is_inspector_shown:
            self._note(Hindered("the inspector is not shown; ⟦inspect⟧ opens it"))
        elif panels.inspector.view not in _WITH_JSON:
            self._note(Hindered("no JSON in this view; → turns to request, response and next"))
        else:
            is_folded = panels.inspector.fold()
            self._note(Noted(_FOLDED[is_folded]))

    def show_qr(self) -> None:
        """Show the verification page of the selected code as a QR code, over the screen."""
        user_code = self._work.selected_code()
        device = self._simulator.state.devices.get(user_code or "")
        settings = self._server.settings
        if settings.ascii or settings.plain:
            self._note(Hindered("no QR code under --ascii and --plain; ⟦open.page⟧ opens the page"))
        elif device is None:
            self._note(Hindered("no device code selected"))
        elif device.browser is not None:
            self._note(Hindered("only the browser that waits can show the page of this sign-in"))
        else:
            self._show_qr(page_url(self._server.url, device.user_code))

    def _show_qr(self, url: str) -> None:
        dialog = QrDialog(url, self._work.screen.size)
        if dialog.has_room:
            self._ask(dialog)
        else:
            self._note(Hindered(f"no room for the QR code of {url}"))

    def write_evidence(self) -> None:
        """Write what the selected row's client did into a new directory."""
        selection = selection_of(self._panels.subject)
        if selection is None:
            self._note(Hindered("no row selected"))
            return
        taken = take(self._simulator, selection, self._server.url)
        if taken is None:
            self._note(Hindered(NOTHING))
            return
        self._note(Noted(f"writing evidence of {selection.title}"))
        self._work.screen.run_worker(self._write(taken), group="evidence")

    async def _write(self, taken: Taken) -> None:
        """In a thread, because a disk may be slow and ten thousand requests are."""
        self._note(Noted(await aside(partial(write_taken, taken, Path()), GIVEN_UP_S)))

    def copy_code(self) -> None:
        """Copy the user code, or the shell lines where there is no code yet."""
        user_code = self._work.selected_code()
        if user_code is not None:
            self._note(self._copying.copy(user_code, user_code))
        elif self._simulator.state.devices:
            self._note(self._work.why_no_code())
        else:
            self._note(self._copying.copy_shell_lines())

    def copy_curl(self) -> None:
        """Copy the selected request, or the device's newest, as curl."""
        exchange = self._panels.subject.exchange(self._simulator)
        self._note(_NO_REQUEST if exchange is None else self._copying.copy_curl(exchange))

    def open_page(self) -> None:
        """Open the verification page of the selected device."""
        user_code = self._work.selected_code()
        if user_code is None:
            self._note(self._work.why_no_code())
            return
        device = self._simulator.state.devices.get(user_code)
        if device is not None and device.browser is not None:
            self._note(Hindered("only the browser that waits can show the page of this sign-in"))
            return
        url = page_url(self._server.url, user_code)
        self._note(Noted(f"opening {url}"))
        self._work.screen.run_worker(self._open(url), exclusive=True, group="browser")

    async def _open(self, url: str) -> None:
        if not await self._open_page(url):
            self._note(Hindered(f"no browser on this host; open {url}"))


def selection_of(subject: Subject) -> Selection | None:
    """The selection of a row's evidence; None without a row."""
    row_id = subject.row_id
    if row_id is None:
        return None
    if subject.panel is Panel.REQUESTS and isinstance(row_id, int):
        return Selection(number=row_id)
    if subject.panel is Panel.CLIENTS:
        return Selection(client_id=str(row_id))
    return Selection(user_code=str(row_id))
