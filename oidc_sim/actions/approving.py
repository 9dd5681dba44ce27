"""Approving everything that waits: one place for the key, the control API, ``ctl`` and standard input."""

from collections.abc import Iterator, Sequence

from oidc_sim.engine.commands import Approve
from oidc_sim.engine.model import Actor, Device, DeviceState
from oidc_sim.engine.replies import Impossible
from oidc_sim.simulator.simulator import Simulator

AT_ONCE = 250
"""Approved in one turn of the event loop, which takes about 2 ms; ten thousand together took 60."""


def pending_devices(simulator: Simulator) -> tuple[Device, ...]:
    """The device codes and browser sign-ins that wait for a decision, oldest first.

    Not those whose browser left: to approve all of them together would be for nobody.
    """
    return tuple(it for it in _undecided(simulator) if it.browser_left_at is None)


def count_without_browser(simulator: Simulator) -> int:
    """How many sign-ins are pending whose browser left: approving all leaves them as they are."""
    return sum(it.browser_left_at is not None for it in _undecided(simulator))


def _undecided(simulator: Simulator) -> Iterator[Device]:
    at = simulator.now().at
    devices = simulator.state.devices.values()
    return (device for device in devices if device.state(at) is DeviceState.PENDING)


def approve_all(
    simulator: Simulator, by: Actor, chosen: Sequence[Device] | None = None
) -> Iterator[list[str]]:
    """Approve all that wait, each by a command of its own, so that each can be taken back.

    Requests that are held stay held: whoever holds them lets them go.

    Args:
        simulator: Where they wait.
        by: Who decides.
        chosen: Those that ``pending_devices`` gave when somebody was asked; None is all that wait
            now. What came since is not approved, nor what was decided since by somebody else.

    Yields:
        The user codes that this approved, in the same order, a few at a time: between two of these
        the event loop is to get a turn.
    """
    waiting = pending_devices(simulator) if chosen is None else chosen
    for at in range(0, len(waiting), AT_ONCE):
        some = waiting[at : at + AT_ONCE]
        yield [device.user_code for device in some if _approve(simulator, device, by)]


def _approve(simulator: Simulator, device: Device, by: Actor) -> bool:
    """Whether it still waited, which the engine looks after.

    That it is the same device is looked after here: after a reset another one may have its code.
    """
    if simulator.state.devices.get(device.user_code) is not device:
        return False
    return not isinstance(simulator.dispatch(Approve(device.user_code, by)), Impossible)
