"""What the key of the demo clients does."""

from oidc_sim.demo.demos import MOST
from oidc_sim.demo.performance import STOP
from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.dialogs.demo import DemoDialog
from oidc_sim.tui.hints import Told
from oidc_sim.tui.operator.operating_screen import DeskScreen


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
