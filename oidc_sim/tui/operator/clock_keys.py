"""Keys that move simulated time."""

from oidc_sim.actions.clock_report import lapsed
from oidc_sim.engine.commands import FreezeClock, StepClock
from oidc_sim.engine.replies import ClockMoved, Impossible
from oidc_sim.text.durations import spoken
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.dialogs.clock import ClockScreen
from oidc_sim.tui.hints import Told
from oidc_sim.tui.operator.operating_screen import DeskScreen


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
        assert isinstance(reply, ClockMoved)  # noqa: S101 - the engine answers in two ways
        self._note(Told(f"advanced {spoken(by_s)}: {lapsed(reply.lapses)}"))
