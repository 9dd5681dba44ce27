"""What an operator does to a registration: end it before its time, and take that back.

A client that remembers its registration finds out as at AWS after 90 days: it may still ask for a
device code (wire.md#45), and is told ``invalid_client`` where it comes for a token.
"""

from oidc_sim.engine.commands import ExpireClient, RestoreClient
from oidc_sim.engine.events import ClientExpired, ClientRestored, Event
from oidc_sim.engine.model import Client, Ids, Now, State
from oidc_sim.engine.replies import ClientChanged, Hindrance, Impossible


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
    return _conflict("the registration is expired already") if client.was_expired else None


def objection_to_restoring(client: Client, now: Now) -> Impossible | None:
    """Why there is nothing to take back on this registration; None when there is."""
    if now.at >= client.expires_at:
        return _ran_out(client)
    return None if client.was_expired else _conflict("nobody expired this registration")


_UNKNOWN = Impossible("", Hindrance.UNKNOWN, "no such client id here")


def _ran_out(client: Client) -> Impossible:
    return _conflict("the registration's time ran out", client.expires_at)


def _conflict(why: str, since: float | None = None) -> Impossible:
    return Impossible("", Hindrance.CONFLICT, why, since)
