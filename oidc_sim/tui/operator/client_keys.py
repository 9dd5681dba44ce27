"""What ``e`` and ``u`` do where a client is selected: its registration ends, and lasts again."""

from dataclasses import replace

from oidc_sim.engine.client_deeds import objection_to_expiry, objection_to_restoring
from oidc_sim.engine.commands import ExpireClient, RestoreClient
from oidc_sim.engine.model import Client
from oidc_sim.engine.replies import Impossible
from oidc_sim.tui.cells import printable
from oidc_sim.tui.decisions import Decisions, EndedClient, Hindered, hindered
from oidc_sim.tui.hints import Hint, Result, Told
from oidc_sim.tui.lists.clients import short_id
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import Panel, Window

_EXPIRE, _UNDO = "device.expire", "device.undo"
_NO_ROOM = Hindered("no room for the client that keys act on")


class ClientKeys(DeskScreen):
    """Ends registrations before their time."""

    _decisions: Decisions

    def _is_about_clients(self) -> bool:
        """Whether the selection is one of the Clients panel, also seen from the inspector."""
        return self.panels.subject.panel is Panel.CLIENTS

    def _selected_client(self) -> Client | None:
        if not self._is_about_clients() or self.panels.is_on_ghost:
            return None
        return self._simulator.state.clients.get(str(self.panels.subject.row_id))

    def _expire_client(self) -> Result:
        """End the selected registration, or say why not."""
        client = self._selected_client()
        if client is None:
            is_gone = self.panels.is_on_ghost
            return Hindered(self.panels.about_ghost if is_gone else "no client selected")
        if Window(*self.size).is_too_small:
            return _NO_ROOM
        reply = self._simulator.dispatch(ExpireClient(client_id=client.client_id))
        if isinstance(reply, Impossible):
            return hindered(reply)
        self._decisions.remember(EndedClient(client.client_id))
        return Told(f"expired client {short_id(client.client_id)}: it is told invalid_client.")

    def _restore_client(self) -> Result | None:
        """Take that back; None where the selected one was not ended, and ``u`` is about devices."""
        client = self._restorable()
        if client is None:
            return None
        if Window(*self.size).is_too_small:
            return _NO_ROOM
        self._simulator.dispatch(RestoreClient(client_id=client.client_id))
        return Told(f"restored client {short_id(client.client_id)}: its registration is good.")

    def _restorable(self) -> Client | None:
        client = None if self._decisions.is_rule_last else self._selected_client()
        if client is None or objection_to_restoring(client, self._simulator.now()) is not None:
            return None
        return client

    def _with_client_undo(self, hint: Hint) -> Hint:
        """The hint, which says what ``u`` would do, also where that is about a client."""
        if self._restorable() is None:
            return hint
        return replace(hint, undo=printable("undo expire client"))

    def _dimmed_for_client(self, dimmed: frozenset[str]) -> frozenset[str]:
        """Ids of keys that would do nothing, given those that would do nothing to a device."""
        client = self._selected_client()
        if client is None:
            return dimmed
        if objection_to_expiry(client, self._simulator.now()) is None:
            dimmed -= {_EXPIRE}
        return dimmed if self._restorable() is None else dimmed - {_UNDO}
