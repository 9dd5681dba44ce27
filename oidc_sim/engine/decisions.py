"""Decisions of an operator, or of the user on the verification page, on devices and registrations.

A registration can be ended before its time. A client that remembers it finds out as at AWS after 90 days: it may still ask for a
device code (wire.md#45), and is told ``invalid_client`` where it comes for a token.
"""

from oidc_sim.engine.commands import (
    Approve,
    Deny,
    Expire,
    ExpireClient,
    RestoreClient,
    SlowDown,
    Undo,
)
from oidc_sim.engine.events import (
    ClientExpired,
    ClientRestored,
    DecisionMade,
    DecisionUndone,
    Event,
)
from oidc_sim.engine.model import Client, Decision, Device, DeviceState, Ids, Now, State
from oidc_sim.engine.replies import Changed, ClientChanged, Hindrance, Impossible

MAX_SLOW_DOWNS_OWED = 100
"""More would be a stuck key."""


def decide_device(
    state: State, command: Approve | Deny | Expire | SlowDown, now: Now, _ids: Ids
) -> tuple[list[Event], Changed | Impossible]:
    """Carry out one decision, or say why it cannot be done."""
    device = state.devices.get(command.user_code)
    if device is None:
        return [], _unknown(command.user_code)
    objection = objection_to(device, command.decision, now)
    if objection is not None:
        return [], objection
    done = DecisionMade(
        at=now.at, user_code=device.user_code, decision=command.decision, by=command.by
    )
    return [done], Changed(device)


def undo(
    state: State, command: Undo, now: Now, _ids: Ids
) -> tuple[list[Event], Changed | Impossible]:
    """Take the last decision back, until the token is collected."""
    device = state.devices.get(command.user_code)
    if device is None:
        return [], _unknown(command.user_code)
    objection = objection_to_undo(device)
    if objection is not None:
        return [], objection
    undone = DecisionUndone(
        at=now.at,
        user_code=device.user_code,
        decision=device.decisions[-1],
        by=command.by,
        was_owed=device.slow_downs_owed > 0,
    )
    return [undone], Changed(device)


def objection_to(device: Device, decision: Decision, now: Now) -> Impossible | None:
    """Why this decision cannot be made for this device now; None when it can."""
    state = device.state(now.at)
    if state is DeviceState.COLLECTED:
        return _collected(device)
    if state is DeviceState.EXPIRED:
        return _expired(device, now)
    if decision is Decision.EXPIRE:
        return None
    if state is not DeviceState.PENDING:
        return _conflict(device, f"already {state}; undo first")
    if decision is Decision.SLOW_DOWN and device.browser:
        return _conflict(device, "a browser sign-in does not poll")
    if decision is Decision.SLOW_DOWN and device.slow_downs_owed >= MAX_SLOW_DOWNS_OWED:
        return _conflict(device, f"{MAX_SLOW_DOWNS_OWED} slow_downs are waiting already")
    return None


def objection_to_undo(device: Device) -> Impossible | None:
    """Why nothing can be undone on this device; None when something can."""
    if device.collected_at is not None:
        return _collected(device)
    if not device.decisions:
        return _conflict(device, "nothing to undo")
    return None


def _expired(device: Device, now: Now) -> Impossible:
    """Undo helps against an operator's expiry only, and only while there is time left."""
    if now.at >= device.expires_at:
        return _conflict(device, "its time ran out", device.expires_at)
    if device.decisions[-1:] != [Decision.EXPIRE]:
        return _conflict(device, "its code came with the wrong proof, and is revoked")
    return _conflict(device, "already expired; undo first")


def _unknown(user_code: str) -> Impossible:
    return Impossible(user_code, Hindrance.UNKNOWN, "no such user code here")


def _collected(device: Device) -> Impossible:
    return _conflict(device, "token already collected", device.collected_at)


def _conflict(device: Device, why: str, since: float | None = None) -> Impossible:
    return Impossible(device.user_code, Hindrance.CONFLICT, why, since)


def expire_client(
    state: State, command: ExpireClient, now: Now, _ids: Ids
) -> tuple[list[Event], ClientChanged | Impossible]:
    """End a registration, or say why it cannot be ended."""
    client = state.clients.get(command.client_id)
    if client is None:
        return [], _UNKNOWN
    if (objection := objection_to_expiry(client, now)) is not None:
        return [], objection
    expired = ClientExpired(at=now.at, client_id=client.client_id, by=command.by)
    return [expired], ClientChanged(client)


def restore_client(
    state: State, command: RestoreClient, now: Now, _ids: Ids
) -> tuple[list[Event], ClientChanged | Impossible]:
    """Let a registration that was ended last as long as it would have, or say why it cannot."""
    client = state.clients.get(command.client_id)
    if client is None:
        return [], _UNKNOWN
    if (objection := objection_to_restoring(client, now)) is not None:
        return [], objection
    restored = ClientRestored(at=now.at, client_id=client.client_id, by=command.by)
    return [restored], ClientChanged(client)


def objection_to_expiry(client: Client, now: Now) -> Impossible | None:
    """Why this registration cannot be ended now; None when it can."""
    if now.at >= client.expires_at:
        return _ran_out(client)
    return _client_conflict("the registration is expired already") if client.was_expired else None


def objection_to_restoring(client: Client, now: Now) -> Impossible | None:
    """Why there is nothing to take back on this registration; None when there is."""
    if now.at >= client.expires_at:
        return _ran_out(client)
    return None if client.was_expired else _client_conflict("nobody expired this registration")


_UNKNOWN = Impossible("", Hindrance.UNKNOWN, "no such client id here")


def _ran_out(client: Client) -> Impossible:
    return _client_conflict("the registration's time ran out", client.expires_at)


def _client_conflict(why: str, since: float | None = None) -> Impossible:
    return Impossible("", Hindrance.CONFLICT, why, since)
