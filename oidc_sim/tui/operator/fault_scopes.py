"""Whose requests a fault may be for, as the picker offers them: from the selection to everything."""

from collections.abc import Iterator

from oidc_sim.actions.targets import is_known
from oidc_sim.engine.arrival import Target
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.dialogs.injecting import Scope
from oidc_sim.tui.holding import target_of
from oidc_sim.tui.inspector.subject import Subject
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.operation_names import OPERATION_NAMES
from oidc_sim.wire.operations import CREATE_TOKEN

EVERYTHING = Scope("whatever the filter means", Target())
"""Which is everything as long as none is typed."""


def scopes_of(simulator: Simulator, subject: Subject) -> list[Scope]:
    """The selection first, then its client, the same operation of whoever, everything.

    None where nothing is selected that has requests.
    """
    is_request = subject.panel is Panel.REQUESTS
    exchange = subject.exchange(simulator) if is_request else None
    operation = exchange.operation if exchange else CREATE_TOKEN.name
    scopes = list(_narrow(simulator, subject))
    if exchange is None and not scopes:
        return []
    if operation in OPERATION_NAMES:  # no rule looks at what is not served
        scopes.append(Scope(f"{operation} only, of whoever", Target(operation=operation)))
    return [*scopes, EVERYTHING]


def _narrow(simulator: Simulator, subject: Subject) -> Iterator[Scope]:
    """The selected device and its client, or the client alone."""
    found = target_of(simulator, subject)
    if found is None or not is_known(simulator, found[0]):
        exchange = subject.exchange(simulator)
        if exchange is not None:
            yield from _client(simulator, exchange.client_id)
        return
    target, name = found
    if target.client_id is not None:
        yield Scope(f"this client, {name}", target, name)
        return
    yield Scope(f"this device, {name}", target, name)
    device = simulator.state.devices.get(target.user_code or "")
    yield from _client(simulator, device.client_id if device else None)


def _client(simulator: Simulator, client_id: str | None) -> Iterator[Scope]:
    client = simulator.state.clients.get(client_id or "")
    if client is not None:
        meant = Target(client_id=client.client_id)
        yield Scope(f"this client, {client.name}", meant, client.name)
