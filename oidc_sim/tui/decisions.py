"""The operator's deeds on device codes, by key: what was done, what ``u`` takes back, what cannot be."""

from dataclasses import dataclass

from oidc_sim.control.devices import DEVICE_DEEDS
from oidc_sim.engine.commands import Undo
from oidc_sim.engine.deeds import objection_to, objection_to_undo
from oidc_sim.engine.model import Actor, Deed, Device
from oidc_sim.engine.replies import Impossible
from oidc_sim.simulator import Simulator
from oidc_sim.tui.times import clock

MAX_REMEMBERED = 100
"""Deeds that ``u`` finds again without the row being selected."""
_COMMANDS = {
    id_.removeprefix("device.").replace("_", "-"): command for id_, command in DEVICE_DEEDS.items()
}
DEEDS = {name: Deed(name.replace("-", "_")) for name in _COMMANDS if name != "undo"}


@dataclass(frozen=True, slots=True)
class Decided:
    """A key did this."""

    user_code: str
    deed: Deed
    tick: float
    """Real monotonic seconds."""
    was_undone: bool = False


@dataclass(frozen=True, slots=True)
class Hindered:
    """A key did nothing, for this reason."""

    why: str


class Decisions:
    """Carries the operator's wishes to the simulator and remembers them in order."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._done: list[str] = []
        """User codes of the operator's deeds that were not undone, the last at the end."""

    def decide(self, name: str, user_code: str) -> Decided | Hindered:
        """Do the deed of this name, as in ``oidc-sim ctl slow-down``, to a device."""
        command = _COMMANDS[name](user_code, Actor.OPERATOR)
        reply = self._simulator.dispatch(command)
        if isinstance(reply, Impossible):
            return hindered(reply)
        self.remember([user_code])
        return Decided(user_code, DEEDS[name], self._simulator.now().tick)

    def remember(self, user_codes: list[str]) -> None:
        """The operator did these deeds, the last at the end."""
        self._done = [*self._done, *user_codes][-MAX_REMEMBERED:]

    def undo(self, selected: str | None) -> Decided | Hindered:
        """Take back the selected device's last deed if it has one, else the operator's last.

        Never one before the last: who presses ``u`` a moment too late must not change another code.
        """
        user_code = self._to_undo(selected)
        if user_code is None:
            return Hindered("nothing to undo")
        device = self._simulator.state.devices.get(user_code)
        deed = device.deeds[-1] if device and device.deeds else None
        reply = self._simulator.dispatch(Undo(user_code, Actor.OPERATOR))
        if isinstance(reply, Impossible) or deed is None:
            why = hindered(reply).why if isinstance(reply, Impossible) else "nothing to undo"
            return Hindered(why if user_code == selected else f"{user_code}: {why}")
        self._forget(user_code)
        return Decided(user_code, deed, self._simulator.now().tick, was_undone=True)

    def next_undo(self, selected: str | None) -> tuple[str, Deed] | None:
        """What ``u`` would take back now: the user code and the deed; None when it would do nothing."""
        user_code = self._to_undo(selected)
        device = self._simulator.state.devices.get(user_code) if user_code else None
        if device is None or objection_to_undo(device) is not None:
            return None
        return device.user_code, device.deeds[-1]

    def impossible_now(self, user_code: str | None) -> frozenset[str]:
        """Names of the actions that would do nothing to this device."""
        device = self._simulator.state.devices.get(user_code) if user_code else None
        now = self._simulator.now()
        names = {
            name
            for name, deed in DEEDS.items()
            if device is None or objection_to(device, deed, now)
        }
        return frozenset(names if self.next_undo(user_code) else {*names, "undo"})

    def _to_undo(self, selected: str | None) -> str | None:
        devices = self._simulator.state.devices
        while self._done and self._done[-1] not in devices:
            self._done.pop()
        if _has_deeds(devices.get(selected) if selected else None) or not self._done:
            return selected
        return self._done[-1]

    def _forget(self, user_code: str) -> None:
        """Its last deed is no more; one from elsewhere was never here."""
        for at in reversed(range(len(self._done))):
            if self._done[at] == user_code:
                del self._done[at]
                return


def hindered(reply: Impossible) -> Hindered:
    """The reason with its time, as ``token already collected at 12:41:09``."""
    when = "" if reply.since is None else f" at {clock(reply.since)}"
    return Hindered(reply.why + when)


def _has_deeds(device: Device | None) -> bool:
    return device is not None and bool(device.deeds)
