"""Deeds on sign-ins and on registrations."""

from collections.abc import Iterator

from oidc_sim.actions.answer import Act, Answer, Asked, told
from oidc_sim.actions.views import client_view, device_view
from oidc_sim.engine.commands import (
    Approve,
    Deny,
    DeviceCommand,
    Expire,
    ExpireClient,
    RegistrationCommand,
    RestoreClient,
    SlowDown,
    Undo,
)
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import Changed, ClientChanged
from oidc_sim.engine.user_code import canonical_user_code
from oidc_sim.simulator.simulator import Simulator

DEVICE_DEEDS: dict[str, type[DeviceCommand]] = {
    "device.approve": Approve,
    "device.deny": Deny,
    "device.expire": Expire,
    "device.slow_down": SlowDown,
    "device.undo": Undo,
}
CLIENT_DEEDS: dict[str, type[RegistrationCommand]] = {
    "client.expire": ExpireClient,
    "client.restore": RestoreClient,
}


def deeds(simulator: Simulator) -> Iterator[tuple[str, Act]]:
    """Each by its action's id."""
    for id_, on_device in DEVICE_DEEDS.items():
        yield id_, _on_device(simulator, on_device)
    for id_, on_client in CLIENT_DEEDS.items():
        yield id_, _on_client(simulator, on_client)


def _on_device(simulator: Simulator, command: type[DeviceCommand]) -> Act:
    def act(asked: Asked) -> Answer:
        user_code = canonical_user_code(asked.texts["user_code"])
        reply = simulator.dispatch(command(user_code, Actor.SCRIPT))
        device = reply.device if isinstance(reply, Changed) else None
        return told(reply, device_view(simulator, device) if device else {})

    return act


def _on_client(simulator: Simulator, command: type[RegistrationCommand]) -> Act:
    def act(asked: Asked) -> Answer:
        wanted = command(client_id=asked.texts["client_id"], by=Actor.SCRIPT)
        reply = simulator.dispatch(wanted)
        changed = reply if isinstance(reply, ClientChanged) else None
        return told(reply, client_view(changed.client) if changed else {})

    return act
