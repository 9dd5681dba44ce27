"""What the key that approves all does.

What ``e`` and ``u`` do where a client is selected: its registration ends, and lasts again.

What the key of the way back to nothing does.

Keys that move simulated time.

What the key of the demo clients does.
"""

import asyncio
from dataclasses import replace

from oidc_sim.actions.devices import approve_all, count_without_browser, pending_devices
from oidc_sim.actions.typed_answers import lapsed
from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import STOP
from oidc_sim.engine.commands import ExpireClient, FreezeClock, Reset, RestoreClient, StepClock
from oidc_sim.engine.decisions import objection_to_expiry, objection_to_restoring
from oidc_sim.engine.model import Actor, Client, Device
from oidc_sim.engine.replies import Impossible
from oidc_sim.text.durations import spoken
from oidc_sim.tui.bars.bar import Hint
from oidc_sim.tui.cells import printable
from oidc_sim.tui.decisions import Decisions, EndedClient, Hindered, Result, Told, hindered
from oidc_sim.tui.dialogs.questions import (
    ClockScreen,
    DemoDialog,
    approve_all_dialog,
    reset_dialog,
)
from oidc_sim.tui.lists.clients import short_id
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import Panel, Window


class ApproveAllKeys(DeskScreen):
    """``A``."""

    _decisions: Decisions
    _moved: MovedKeys

    def action_approve_all(self) -> None:
        """Ask whether to approve all that wait now."""
        waiting = pending_devices(self._simulator)
        left = count_without_browser(self._simulator)
        if not waiting:
            why = "no sign-in is pending" if not left else f"nobody waits; {_left(left)}"
            self._note(Hindered(why))
            return
        if Window(*self.size).is_too_small:
            self._note(Hindered("no room to show which; make the window larger"))
            return
        codes = [device.user_code for device in reversed(waiting)]
        held = self._told_held(frozenset(codes))
        others = f"{_left(left)}." if left else ""
        dialog = approve_all_dialog(codes, [it for it in (held, others) if it], self.size.height)

        def answer(is_approving: bool | None) -> None:  # noqa: FBT001 - as Textual calls it
            if is_approving:
                self.run_worker(self._approve(waiting), group="approve_all")

        self.app.push_screen(dialog, answer)

    async def _approve(self, waiting: tuple[Device, ...]) -> None:
        """Those that still wait; what came since was not agreed to."""
        done = 0
        for some in approve_all(self._simulator, Actor.OPERATOR, waiting):
            done += len(some)
            self._decisions.remember(*some)
            await asyncio.sleep(0)
        left = len(waiting) - done
        others = f"; {left:,} no longer waited" if left else ""
        self._note(Told(f"approved {done:,} sign-in{'' if done == 1 else 's'}{others}."))

    def _told_held(self, codes: frozenset[str]) -> str:
        held = self._simulator.state.held.values()
        count = sum(it.decision is None and it.arrival.user_code in codes for it in held)
        if not count:
            return ""
        key = self._moved.spoken("⟦held.release_all⟧")
        return f"{count:,} held request{'' if count == 1 else 's'} of theirs: {key} releases."


def _left(count: int) -> str:
    """What becomes of sign-ins whose browser left."""
    if count == 1:
        return "1 stays pending: its browser left"
    return f"{count:,} stay pending: their browsers left"


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


_FORGOTTEN = "everything is forgotten but the requests, which stay listed"


class ResetKeys(DeskScreen):
    """``X``."""

    def action_reset(self) -> None:
        """Ask, then forget every client, sign-in and rule."""
        state = self._simulator.state
        if not (state.clients or state.devices or state.rules):
            self._note(Hindered("nothing to forget: no client has come yet"))
            return
        in_force = sum(
            not rule.over_because for rule in state.rules.values()
        )  # as the top bar has it
        dialog = reset_dialog(len(state.clients), len(state.devices), in_force)
        self.app.push_screen(dialog, self._reset)

    def _reset(self, is_wanted: bool | None) -> None:  # noqa: FBT001
        if is_wanted:
            self._simulator.dispatch(Reset())
            self._note(Told(_FORGOTTEN))


class ClockKeys(DeskScreen):
    """``t`` and ``T``."""

    def action_step_clock(self) -> None:
        """Ask by how much, and say what lapsed."""
        self.app.push_screen(ClockScreen(), self._step)

    def action_freeze_clock(self) -> None:
        """Stop the clock, or let it go on."""
        is_frozen = not self._simulator.clock.is_frozen
        self._simulator.dispatch(FreezeClock(is_frozen=is_frozen))
        told = (
            "the clock stands still; ⟦clock.freeze⟧ lets it go on"
            if is_frozen
            else "the clock goes on"
        )
        self._note(Told(told))

    def _step(self, by_s: int | None) -> None:
        if by_s is None:
            return
        reply = self._simulator.dispatch(StepClock(by_s=by_s))
        if isinstance(reply, Impossible):
            self._note(Hindered(reply.why))
            return
        self._note(Told(f"advanced {spoken(by_s)}: {lapsed(reply.lapses)}"))


class DemoKeys(DeskScreen):
    """Runs demo clients, and stops them."""

    def on_mount(self) -> None:
        """From here on, what fails is said on the hint line."""
        self._desk.demos.tell = lambda why: self._note(Hindered(why))

    def on_unmount(self) -> None:
        """There is no hint line any more."""
        self._desk.demos.tell = self._desk.notes.append

    def action_demo(self) -> None:
        """Ask which one."""
        self.app.push_screen(DemoDialog(self._desk.demos.running), self._demo)

    def _demo(self, name: str | None) -> None:
        demos = self._desk.demos
        if name is None:
            return
        if name == STOP:
            self._stop_demos()
        elif (started := demos.start(name)) is None:
            self._note(Hindered(f"{MOST} demo clients run already; ⟦demo⟧ x stops them"))
        else:
            self._note(Told(f"{started.client} signs in now; ⟦demo⟧ x stops it"))

    def _stop_demos(self) -> None:
        count = self._desk.demos.stop()
        if count:
            self._note(Told(f"stopped {count} demo client{'' if count == 1 else 's'}"))
        else:
            self._note(Hindered("no demo client is running"))
