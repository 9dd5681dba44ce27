"""Keys that decide about sign-ins and registrations, and those of the whole simulation: clock, demos, reset."""

import asyncio
from dataclasses import replace

from oidc_sim.actions.devices import approve_all, count_without_browser, pending_devices
from oidc_sim.actions.typed_answers import expired_now
from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import STOP
from oidc_sim.engine.commands import (
    ExpireClient,
    FreezeClock,
    Reset,
    RestoreClient,
    SetAutoApprove,
    StepClock,
)
from oidc_sim.engine.decisions import objection_to_expiry, objection_to_restoring
from oidc_sim.engine.model import Actor, Client, Decision, Device
from oidc_sim.engine.replies import Impossible
from oidc_sim.text.durations import spoken
from oidc_sim.tui.bars.bar import Hint
from oidc_sim.tui.bars.top_bar import can_name_code
from oidc_sim.tui.cells import printable
from oidc_sim.tui.decisions import Decided, EndedClient, Hindered, Noted, Result, hindered
from oidc_sim.tui.dialogs.questions import ClockScreen, DemoDialog, approve_all_dialog, reset_dialog
from oidc_sim.tui.lists.clients import short_id
from oidc_sim.tui.operator.held_keys import HeldKeys
from oidc_sim.tui.operator.hints import AUTO_APPROVE_HINTS
from oidc_sim.tui.operator.work import KeyActions, Work
from oidc_sim.tui.panels import Panel

_EXPIRE, _UNDO = "device.expire", "device.undo"
_NO_ROOM = Hindered("no room for the client that keys act on")
_BLIND = Hindered("no room for the code that keys act on")


class DecisionKeys(KeyActions):
    """``a``, ``d``, ``e``, ``s``, ``u``, ``A`` and ``P``, for sign-ins and, of some, for clients."""

    def __init__(self, work: Work, held: HeldKeys) -> None:
        super().__init__(work)
        self._held = held

    def decide(self, name: str) -> None:
        """Decide for the selected device."""
        decision = Decision(name)
        if decision is Decision.EXPIRE and self._is_about_clients():
            self._note(self._expire_client())
            return
        user_code = self._work.selected_code()
        if self._held.answer(decision):
            return
        if user_code is None:
            self._note(self._work.why_no_code())
        elif self._is_blind():
            self._note(_BLIND)
        else:
            decided = self._work.decisions.decide(decision, user_code)
            if decision is Decision.APPROVE and isinstance(decided, Decided):
                self._held.let_go()
            self._note(decided)

    def undo(self) -> None:
        """Take the selected device's last decision back, else the operator's last one."""
        if (restored := self._restore_client()) is not None:
            self._note(restored)
        else:
            selected = self._work.selected_code()
            self._note(_BLIND if self._is_blind() else self._work.decisions.undo(selected))

    def auto_approve(self) -> None:
        """Approve sign-ins without anybody's hand, or no longer."""
        is_on = not self._simulator.state.auto_approves
        self._simulator.dispatch(SetAutoApprove(is_on=is_on))
        self._note(Noted(AUTO_APPROVE_HINTS[is_on]))

    def approve_all(self) -> None:
        """Ask whether to approve all that wait now."""
        waiting = pending_devices(self._simulator)
        left = count_without_browser(self._simulator)
        if not waiting:
            why = "no sign-in is pending" if not left else f"nobody waits; {_left(left)}"
            self._note(Hindered(why))
            return
        if self._work.window.is_too_small:
            self._note(Hindered("no room to show which; make the window larger"))
            return
        codes = [device.user_code for device in reversed(waiting)]
        held = self._held_text(frozenset(codes))
        others = f"{_left(left)}." if left else ""
        dialog = approve_all_dialog(
            codes, [it for it in (held, others) if it], self._work.window.height
        )

        def answer(is_approving: bool | None) -> None:  # noqa: FBT001 - as Textual calls it
            if is_approving:
                self._work.screen.run_worker(self._approve(waiting), group="approve_all")

        self._ask(dialog, answer)

    async def _approve(self, waiting: tuple[Device, ...]) -> None:
        """Approve those that still wait; later ones were not agreed to."""
        done = 0
        for some in approve_all(self._simulator, Actor.OPERATOR, waiting):
            done += len(some)
            self._work.decisions.remember(*some)
            await asyncio.sleep(0)
        left = len(waiting) - done
        others = f"; {left:,} no longer waited" if left else ""
        self._note(Noted(f"approved {done:,} sign-in{'' if done == 1 else 's'}{others}."))

    def _held_text(self, codes: frozenset[str]) -> str:
        held = self._simulator.state.held.values()
        count = sum(it.decision is None and it.arrival.user_code in codes for it in held)
        if not count:
            return ""
        key = self._work.moved.spoken("⟦held.release_all⟧")
        return f"{count:,} held request{'' if count == 1 else 's'} of theirs: {key} releases."

    def _is_about_clients(self) -> bool:
        """Whether the selection is one of the Clients panel, also seen from the inspector."""
        return self._panels.subject.panel is Panel.CLIENTS

    def _selected_client(self) -> Client | None:
        if not self._is_about_clients() or self._panels.is_on_ghost:
            return None
        return self._simulator.state.clients.get(str(self._panels.subject.row_id))

    def _expire_client(self) -> Result:
        """End the selected registration, or say why not."""
        client = self._selected_client()
        if client is None:
            is_gone = self._panels.is_on_ghost
            return Hindered(self._panels.about_ghost if is_gone else "no client selected")
        if self._work.window.is_too_small:
            return _NO_ROOM
        reply = self._simulator.dispatch(ExpireClient(client_id=client.client_id))
        if isinstance(reply, Impossible):
            return hindered(reply)
        self._work.decisions.remember(EndedClient(client.client_id))
        return Noted(f"expired client {short_id(client.client_id)}: it is told invalid_client.")

    def _restore_client(self) -> Result | None:
        """Restore the selected registration; None where it was not ended, and ``u`` is about devices."""
        client = self._restorable()
        if client is None:
            return None
        if self._work.window.is_too_small:
            return _NO_ROOM
        self._simulator.dispatch(RestoreClient(client_id=client.client_id))
        return Noted(f"restored client {short_id(client.client_id)}: its registration is good.")

    def _restorable(self) -> Client | None:
        client = None if self._work.decisions.is_rule_last else self._selected_client()
        if client is None or objection_to_restoring(client, self._simulator.now()) is not None:
            return None
        return client

    def with_undo(self, hint: Hint) -> Hint:
        """The hint, which says what ``u`` would do, also where that is about a client."""
        if self._restorable() is None:
            return hint
        return replace(hint, undo=printable("undo expire client"))

    def dimmed(self) -> frozenset[str]:
        """Ids of keys that would do nothing to the selection."""
        dimmed = self._work.decisions.impossible_now(self._work.selected_code())
        client = self._selected_client()
        if client is None:
            return dimmed
        if objection_to_expiry(client, self._simulator.now()) is None:
            dimmed -= {_EXPIRE}
        return dimmed if self._restorable() is None else dimmed - {_UNDO}

    def _is_blind(self) -> bool:
        """Whether the window has no room to say what a key would act on."""
        window = self._work.window
        return window.is_too_small and not can_name_code(window)


def _left(count: int) -> str:
    if count == 1:
        return "1 stays pending: its browser left"
    return f"{count:,} stay pending: their browsers left"


_FORGOTTEN = "everything is forgotten but the requests, which stay listed"


class SimulationKeys(KeyActions):
    """``t``, ``T``, ``D`` and ``X``."""

    def step_clock(self) -> None:
        """Ask by how much the clock jumps, and say what expired."""
        self._ask(ClockScreen(), self._step)

    def freeze_clock(self) -> None:
        """Stop the clock, or let it go on."""
        is_frozen = not self._simulator.clock.is_frozen
        self._simulator.dispatch(FreezeClock(is_frozen=is_frozen))
        sentence = (
            "the clock stands still; ⟦clock.freeze⟧ lets it go on"
            if is_frozen
            else "the clock goes on"
        )
        self._note(Noted(sentence))

    def _step(self, by_s: int | None) -> None:
        if by_s is None:
            return
        reply = self._simulator.dispatch(StepClock(by_s=by_s))
        if isinstance(reply, Impossible):
            self._note(Hindered(reply.why))
            return
        self._note(Noted(f"advanced {spoken(by_s)}: {expired_now(reply.expiries)}"))

    def demo(self) -> None:
        """Ask which demo client to run."""
        self._ask(DemoDialog(self._server.demos.running), self._run_demo)

    def _run_demo(self, name: str | None) -> None:
        demos = self._server.demos
        if name is None:
            return
        if name == STOP:
            self._stop_demos()
        elif (started := demos.start(name)) is None:
            self._note(Hindered(f"{MOST} demo clients run already; ⟦demo⟧ x stops them"))
        else:
            self._note(Noted(f"{started.client} signs in now; ⟦demo⟧ x stops it"))

    def _stop_demos(self) -> None:
        count = self._server.demos.stop()
        if count:
            self._note(Noted(f"stopped {count} demo client{'' if count == 1 else 's'}"))
        else:
            self._note(Hindered("no demo client is running"))

    def reset(self) -> None:
        """Ask, then forget every client, sign-in and rule."""
        state = self._simulator.state
        if not (state.clients or state.devices or state.rules):
            self._note(Hindered("nothing to forget: no client has come yet"))
            return
        in_force = sum(not it.over_because for it in state.rules.values())  # as the top bar
        dialog = reset_dialog(len(state.clients), len(state.devices), in_force)
        self._ask(dialog, self._reset)

    def _reset(self, is_wanted: bool | None) -> None:  # noqa: FBT001
        if is_wanted:
            self._simulator.dispatch(Reset())
            self._note(Noted(_FORGOTTEN))
