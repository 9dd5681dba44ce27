"""What keys do with what a client did: fold JSON, show its QR code, copy a request, write evidence."""

from functools import partial
from pathlib import Path

from oidc_sim.actions.aside import GIVEN_UP_S, aside
from oidc_sim.evidence.selection import Selection, Taken, take
from oidc_sim.evidence.writing import NOTHING, write_taken
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.dialogs.qr import QrDialog
from oidc_sim.tui.hints import Told
from oidc_sim.tui.inspector.device import page_url
from oidc_sim.tui.inspector.subject import Subject, View
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import Panel

_WITH_JSON = frozenset({View.REQUEST, View.RESPONSE, View.NEXT})
_FOLDED = {
    True: "folded: only the outermost members of JSON are shown; c unfolds.",
    False: "unfolded: all of JSON is shown; c folds.",
}
_NO_REQUEST = Hindered("no request selected")


class InspectKeys(DeskScreen):
    """Actions of ``keymap.inspect``."""

    def action_copy_json(self) -> None:
        """Copy the selected request, or the device's newest, as JSON with its response."""
        exchange = self.panels.subject.exchange(self._simulator)
        self._note(_NO_REQUEST if exchange is None else self._copying.copy_json(exchange))

    def action_copy_har(self) -> None:
        """The same as an entry of an HTTP Archive."""
        exchange = self.panels.subject.exchange(self._simulator)
        self._note(_NO_REQUEST if exchange is None else self._copying.copy_har(exchange))

    def action_fold(self) -> None:
        """Fold what lies in the members of JSON, or unfold it."""
        panels = self.panels
        if panels.subject.row_id is None:
            self._note(Hindered("no row selected"))
        elif not panels.is_inspector_shown:
            self._note(Hindered("the inspector is not shown; ⟦inspect⟧ opens it"))
        elif panels.inspector.view not in _WITH_JSON:
            self._note(Hindered("no JSON in this view; → turns to request, response and next"))
        else:
            is_folded = panels.inspector.fold()
            self._note(Told(_FOLDED[is_folded]))

    def action_show_qr(self) -> None:
        """Show the verification page of the selected code as a QR code, over the screen."""
        user_code = self._selected_code()
        device = self._simulator.state.devices.get(user_code or "")
        settings = self._desk.settings
        if settings.ascii or settings.plain:
            self._note(Hindered("no QR code under --ascii and --plain; ⟦open.page⟧ opens the page"))
        elif device is None:
            self._note(Hindered("no device code selected"))
        elif device.browser is not None:
            self._note(Hindered("only the browser that waits can show the page of this sign-in"))
        else:
            self._show_qr(page_url(self._desk.url, device.user_code))

    def _show_qr(self, url: str) -> None:
        dialog = QrDialog(url, self.size)
        if dialog.has_room:
            self.app.push_screen(dialog)
        else:
            self._note(Hindered(f"no room for the QR code of {url}"))

    def action_write_evidence(self) -> None:
        """Write what the selected row's client did into a new directory."""
        selection = selection_of(self.panels.subject)
        if selection is None:
            self._note(Hindered("no row selected"))
            return
        taken = take(self._simulator, selection, self._desk.url)
        if taken is None:
            self._note(Hindered(NOTHING))
            return
        self._note(Told(f"writing evidence of {selection.title}"))
        self.run_worker(self._write(taken), group="evidence")

    async def _write(self, taken: Taken) -> None:
        """In a thread, because a disk may be slow and ten thousand requests are."""
        self._note(Told(await aside(partial(write_taken, taken, Path()), GIVEN_UP_S)))


def selection_of(subject: Subject) -> Selection | None:
    """What a row's evidence is about; None without a row."""
    row_id = subject.row_id
    if row_id is None:
        return None
    if subject.panel is Panel.REQUESTS and isinstance(row_id, int):
        return Selection(number=row_id)
    if subject.panel is Panel.CLIENTS:
        return Selection(client_id=str(row_id))
    return Selection(user_code=str(row_id))
