"""Dynamic client registration (RFC 7591), with the rules that real clients have run into."""

import hmac
import re

from oidc_sim.engine.commands import RegisterClient
from oidc_sim.engine.events import ClientForgotten, ClientRegistered, Event
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    Client,
    Ids,
    Now,
    State,
    digest,
)
from oidc_sim.engine.replies import Reason, Refused, Registered

MAX_SCOPES = 25
"""Scopes of one registration (wire.md#89); their names may be invented (wire.md#46)."""
LOOPBACK_REDIRECT = re.compile(r"http://127\.0\.0\.1(:[0-9]{1,5})?/oauth/callback")
"""The only redirect that registers (wire.md#49); RFC 8252 §7.3 lets the port vary later."""
GRANT_TYPES = {DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT, AUTHORIZATION_CODE_GRANT}
_NO_SECRET = digest("")


def register(
    state: State, command: RegisterClient, now: Now, ids: Ids
) -> tuple[list[Event], Registered | Refused]:
    """Register a client, or say what is wrong with its metadata."""
    if (reason := _objection(command)) is not None:
        return [], Refused(reason)
    client_id = ids.client_id()
    expires_at = now.at + state.policy.registration_lifetime_s
    secret = ids.client_secret(client_id, command.name, command.scopes, now, expires_at)
    registered = ClientRegistered(
        at=now.at,
        client_id=client_id,
        secret_digest=digest(secret),
        name=command.name if command.recorded_name is None else command.recorded_name,
        scopes=command.scopes if command.recorded_scopes is None else command.recorded_scopes,
        grant_types=command.grant_types,
        redirect_uris=command.redirect_uris,
        expires_at=expires_at,
    )
    reply = Registered(client=registered.client(), client_secret=secret)
    return [*_make_room(state, now), registered], reply


def authenticate(state: State, client_id: str, client_secret: str) -> Client | None:
    """The client with this id and secret, expired or not.

    An unknown id costs the same comparison as a wrong secret (T-22).
    """
    client = state.clients.get(client_id)
    expected = client.secret_digest if client else _NO_SECRET
    is_right = hmac.compare_digest(digest(client_secret), expected)
    return client if is_right else None


def _objection(command: RegisterClient) -> Reason | None:
    """The first thing wrong with the metadata; order of checks unknown for AWS (wire.md#91)."""
    grants = set(command.grant_types)
    if command.client_type != "public":
        return Reason.INVALID_CLIENT_METADATA
    if grants - GRANT_TYPES:
        return Reason.UNSUPPORTED_GRANT_TYPE
    if not all(LOOPBACK_REDIRECT.fullmatch(uri) for uri in command.redirect_uris):
        return Reason.INVALID_REDIRECT_URI
    if len(command.scopes) > MAX_SCOPES:
        return Reason.INVALID_SCOPE
    if AUTHORIZATION_CODE_GRANT in grants:
        return _objection_to_code_grant(command)
    return None


def _objection_to_code_grant(command: RegisterClient) -> Reason | None:
    """Refuse the code grant without scopes or together with the device grant (wire.md#47, wire.md#48)."""
    if not command.scopes or DEVICE_CODE_GRANT in command.grant_types:
        return Reason.INVALID_SCOPE
    return None if command.redirect_uris else Reason.INVALID_REDIRECT_URI


def _make_room(state: State, now: Now) -> list[Event]:
    """Forget a registration that nobody used, else the least recently used (T-46)."""
    if len(state.clients) < state.policy.max_clients:
        return []
    return [ClientForgotten(at=now.at, client_id=state.client_order.first())]
