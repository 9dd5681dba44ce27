"""Keys of the whole simulation: its clock, its demo clients, and the reset."""

from oidc_sim.actions.typed_answers import expired_now
from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import STOP
from oidc_sim.engine.commands import FreezeClock, Reset, StepClock
from oidc_sim.engine.replies import Impossible
from oidc_sim.text.durations import spoken
from oidc_sim.tui.decisions import Hindered, Noted
from oidc_sim.tui.dialogs.questions import ClockScreen, DemoDialog, reset_dialog
from oidc_sim.tui.operator.work import KeyActions

_FORGOTTEN = "everything is forgotten but the requests, which stay listed"


class SimulationKeys(KeyActions):
    """``t``, ``T``, ``D`` and ``X``."""

    def step_clock(self) -> None:
        """Ask by how much, and say what expired."""
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
        """Ask which one."""
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
        in_force = sum(
            not rule.over_because for rule in state.rules.values()
        )  # as the top bar has it
        dialog = reset_dialog(len(state.clients), len(state.devices), in_force)
        self._ask(dialog, self._reset)

    def _reset(self, is_wanted: bool | None) -> None:  # noqa: FBT001
        if is_wanted:
            self._simulator.dispatch(Reset())
            self._note(Noted(_FORGOTTEN))
