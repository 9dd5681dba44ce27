"""What the key that approves all does."""

import asyncio

from oidc_sim.actions.approving import approve_all, count_without_browser, pending_devices
from oidc_sim.engine.model import Actor, Device
from oidc_sim.tui.decisions import Decisions, Hindered
from oidc_sim.tui.dialogs.approve_all import approve_all_dialog
from oidc_sim.tui.hints import Told
from oidc_sim.tui.keymap.moved import MovedKeys
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import Window


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
