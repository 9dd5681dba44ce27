"""Keys that hold requests and decide about held ones.

Whose requests a fault may be for, as the picker offers them: from the selection to everything.

Keys that inject faults and list what lies in wait.

What keys do with what a client did: fold JSON, show its QR code, copy a request, write evidence.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from oidc_sim.actions.aside import GIVEN_UP_S, aside
from oidc_sim.actions.targets import is_known
from oidc_sim.engine.arrival import Target
from oidc_sim.engine.held import DROP, RELEASE
from oidc_sim.engine.model import Decision
from oidc_sim.evidence.evidence import NOTHING, write_taken
from oidc_sim.evidence.selection import Selection, Taken, take
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.decisions import Decisions, Hindered, Result, Told
from oidc_sim.tui.dialogs.pages import QrDialog
from oidc_sim.tui.dialogs.rule_line import Aim, Injection, Scope
from oidc_sim.tui.dialogs.rules import RulesScreen
from oidc_sim.tui.inspector.device import page_url
from oidc_sim.tui.inspector.panel import Subject, View
from oidc_sim.tui.operator import holding
from oidc_sim.tui.operator.holding import held_requests, inject, target_of
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.operation_names import OPERATION_NAMES
from oidc_sim.wire.operations import CREATE_TOKEN

EVERYTHING = Scope("whatever the filter means", Target())
"""Which is everything as long as none is typed."""


def scopes_of(simulator: Simulator, subject: Subject) -> list[Scope]:
    """The selection first, then its client, the same operation of whoever, everything.

    None where nothing is selected that has requests.
    """
    is_request = subject.panel is Panel.REQUESTS
    exchange = subject.exchange(simulator) if is_request else None
    operation = exchange.operation if exchange else CREATE_TOKEN.name
    scopes = list(_narrow(simulator, subject))
    if exchange is None and not scopes:
        return []
    if operation in OPERATION_NAMES:  # no rule looks at what is not served
        scopes.append(Scope(f"{operation} only, of whoever", Target(operation=operation)))
    return [*scopes, EVERYTHING]


def _narrow(simulator: Simulator, subject: Subject) -> Iterator[Scope]:
    """The selected device and its client, or the client alone."""
    found = target_of(simulator, subject)
    if found is None or not is_known(simulator, found[0]):
        exchange = subject.exchange(simulator)
        if exchange is not None:
            yield from _client(simulator, exchange.client_id)
        return
    target, name = found
    if target.client_id is not None:
        yield Scope(f"this client, {name}", target, name)
        return
    yield Scope(f"this device, {name}", target, name)
    device = simulator.state.devices.get(target.user_code or "")
    yield from _client(simulator, device.client_id if device else None)


def _client(simulator: Simulator, client_id: str | None) -> Iterator[Scope]:
    client = simulator.state.clients.get(client_id or "")
    if client is not None:
        meant = Target(client_id=client.client_id)
        yield Scope(f"this client, {client.name}", meant, client.name)


class HoldKeys(DeskScreen):
    """``space``, ``H``, ``r``, ``R``, ``E`` and ``x``."""

    def action_hold(self) -> None:
        """Hold the next request of the selection, or let go what is held."""
        self._note(self._why_gone() or holding.toggle_hold(self._simulator, self.panels.subject))

    def action_hold_all(self) -> None:
        """Ask which requests to hold, whoever sends them."""
        from oidc_sim.tui.dialogs.hold import HoldDialog  # seldom asked for

        dialog = HoldDialog(self._simulator, self._desk.settings.seed)
        self.app.push_screen(dialog, self._hold_all)

    def action_release(self) -> None:
        """Let the selected held request go."""
        self._note(holding.act(self._simulator, self.panels.subject, RELEASE))

    def action_release_all(self) -> None:
        """Let every held request go."""
        self._note(holding.release_all(self._simulator))

    async def action_edit_held(self) -> None:
        """Write the answer of the selected held request; of several, the oldest one's."""
        found = list(holding.held_requests(self._simulator, self.panels.subject))
        if not found:
            self._note(Hindered(holding.NONE_HELD))
            return
        from oidc_sim.tui.dialogs.answer_editor import AnswerEditor  # seldom asked for

        oldest = min(found, key=lambda held: held.number)
        whole = await self._desk.foretell(oldest.number)
        editor = AnswerEditor(self._simulator, oldest, whole, of=len(found))
        self.app.push_screen(editor, self._note_edited)

    def action_drop(self) -> None:
        """Close the connection of the selected held request."""
        self._note(holding.act(self._simulator, self.panels.subject, DROP))

    def _dimmed_on_gone(self) -> frozenset[str]:
        """Ids of keys for holds and faults that would do nothing to the selection."""
        if self.panels.is_on_ghost:
            return frozenset({"hold.toggle", "fault.inject"})
        subject = self.panels.subject
        can = {
            "hold.toggle": holding.can_hold(self._simulator, subject),
            "fault.inject": bool(scopes_of(self._simulator, subject)),
        }
        return frozenset(id_ for id_, is_possible in can.items() if not is_possible)

    def _answer_held(self, decision: Decision) -> bool:
        """Whether a decision's key answered the selected held request instead of deciding for its device."""
        subject = self.panels.subject
        if not any(holding.held_requests(self._simulator, subject)):
            return False
        if decision is not Decision.APPROVE:
            self._note(holding.act(self._simulator, subject, decision.typed))
            return True
        return False

    def _let_go(self) -> None:
        """What is held of the selection goes on its way, now that it is approved."""
        holding.act(self._simulator, self.panels.subject, RELEASE)

    def _note_edited(self, result: Result | None) -> None:
        if result is not None:
            self._note(result)

    def _hold_all(self, aim: Aim | None) -> None:
        if aim is not None:
            self._note(holding.hold(self._simulator, aim))


class FaultKeys(DeskScreen):
    """``i`` and ``I``."""

    _decisions: Decisions

    def action_inject(self) -> None:
        """Pick a fault for the selection's next request, or for the held one."""
        if (gone := self._why_gone()) is not None:
            self._note(gone)
            return
        scopes = scopes_of(self._simulator, self.panels.subject)
        if not scopes:
            self._note(Hindered("select a device code, a client or a request first"))
            return
        from oidc_sim.tui.dialogs.fault_picker import FaultPicker  # seldom asked for

        held = [it.number for it in held_requests(self._simulator, self.panels.subject)]
        picker = FaultPicker(self._simulator, scopes, self._desk.settings.seed, held)
        self.app.push_screen(picker, self._inject)

    def action_rules(self) -> None:
        """List the holds and faults that lie in wait."""
        if not self._simulator.state.rules:
            self._note(
                Hindered(
                    "nothing lies in wait; ⟦fault.inject⟧ injects a fault, ⟦hold.toggle⟧ holds"
                )
            )
            return
        self.app.push_screen(RulesScreen(self._simulator, self._decisions, self._note))

    def _inject(self, injection: Injection | None) -> None:
        if injection is not None:
            self._note(inject(self._simulator, self.panels.subject, injection))


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
