"""Decisions on sign-ins and registrations, one by one, all that wait, or from now on by themselves.

One place for the key, the control API, ``ctl`` and standard input.
"""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError

from oidc_sim.actions.answer import (
    OK,
    Act,
    ControlAnswer,
    ControlRequest,
    answer_to,
    bad_request,
    done,
)
from oidc_sim.actions.views import client_view, device_view
from oidc_sim.engine.commands import (
    DECISIONS,
    Approve,
    DeviceCommand,
    ExpireClient,
    RegistrationCommand,
    RestoreClient,
    SetAutoApprove,
    Undo,
)
from oidc_sim.engine.model import Actor, Device, DeviceState, canonical_user_code
from oidc_sim.engine.replies import Changed, ClientChanged, Impossible
from oidc_sim.simulator.simulator import Simulator

DEVICE_DECISIONS: dict[str, type[DeviceCommand]] = {
    **{f"device.{decision}": command for decision, command in DECISIONS.items()},
    "device.undo": Undo,
}
CLIENT_DECISIONS: dict[str, type[RegistrationCommand]] = {
    "client.expire": ExpireClient,
    "client.restore": RestoreClient,
}


def decisions(simulator: Simulator) -> Iterator[tuple[str, Act]]:
    """Give each action by its id."""
    for id_, on_device in DEVICE_DECISIONS.items():
        yield id_, _on_device(simulator, on_device)
    for id_, on_client in CLIENT_DECISIONS.items():
        yield id_, _on_client(simulator, on_client)


def _on_device(simulator: Simulator, command: type[DeviceCommand]) -> Act:
    def act(asked: ControlRequest) -> ControlAnswer:
        user_code = canonical_user_code(asked.texts["user_code"])
        reply = simulator.dispatch(command(user_code, Actor.SCRIPT))
        device = reply.device if isinstance(reply, Changed) else None
        return answer_to(reply, device_view(simulator, device) if device else {})

    return act


def _on_client(simulator: Simulator, command: type[RegistrationCommand]) -> Act:
    def act(asked: ControlRequest) -> ControlAnswer:
        wanted = command(client_id=asked.texts["client_id"], by=Actor.SCRIPT)
        reply = simulator.dispatch(wanted)
        changed = reply if isinstance(reply, ClientChanged) else None
        return answer_to(reply, client_view(changed.client) if changed else {})

    return act


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

    ``chosen`` are those that ``pending_devices`` gave when somebody was asked; None is all that wait now.
    What came since is not approved, nor what was decided since by somebody else. Yields the user codes
    that this approved, in the same order, a few at a time: between two the event loop is to get a turn.
    """
    waiting = pending_devices(simulator) if chosen is None else chosen
    for at in range(0, len(waiting), AT_ONCE):
        some = waiting[at : at + AT_ONCE]
        yield [device.user_code for device in some if _approve(simulator, device, by)]


def _approve(simulator: Simulator, device: Device, by: Actor) -> bool:
    """Approve a device that still waits, by the engine's judgment; after a reset another may have its code."""
    if simulator.state.devices.get(device.user_code) is not device:
        return False
    return not isinstance(simulator.dispatch(Approve(device.user_code, by)), Impossible)


def approve_all_pending(simulator: Simulator, _asked: ControlRequest) -> ControlAnswer:
    """Approve in turns; the answer counts those approved, and those that have no browser any more."""
    members = {"approved": 0, "without_browser": count_without_browser(simulator)}

    def turns() -> Iterator[None]:
        for some in approve_all(simulator, Actor.SCRIPT):
            members["approved"] += len(some)
            yield

    return ControlAnswer(OK, members, turns=turns())


_USAGE = 'send {"on": true} or {"on": false}'


class SwitchRequest(BaseModel):
    """The body that switches automatic approval."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    on: StrictBool


def switch_auto_approve(simulator: Simulator, asked: ControlRequest) -> ControlAnswer:
    """Switch automatic approval; the answer says what is so now."""
    try:
        wish = SwitchRequest.model_validate_json(asked.body)
    except ValidationError:
        return bad_request(_USAGE)
    simulator.dispatch(SetAutoApprove(is_on=wish.on))
    return done({"auto_approve": simulator.state.auto_approves})
