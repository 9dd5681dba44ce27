"""The operations that are served, where they are called, and what a request says of itself.

The routes are wire.md#1, wire.md#2, wire.md#3 and wire.md#5. Reading names refuses nothing: rules have to
recognise a malformed request, too, and what cannot be read names nothing.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from oidc_sim.engine.arrival import Arrival
from oidc_sim.engine.model import State, digest
from oidc_sim.wire.http import json_members, path_of, query_of


class Operation(NamedTuple):
    """One operation of AWS's models, by its name there."""

    name: str
    method: str
    path: str
    query: str | None = None
    """A parameter of the query that tells it from what else this path serves."""


REGISTER_CLIENT = Operation("RegisterClient", "POST", "/client/register")
START_DEVICE_AUTHORIZATION = Operation("StartDeviceAuthorization", "POST", "/device_authorization")
CREATE_TOKEN = Operation("CreateToken", "POST", "/token")
CREATE_TOKEN_WITH_IAM = Operation("CreateTokenWithIAM", "POST", "/token", "aws_iam")
"""Its one value is ``t``; what the service makes of another is not published, nor looked at here."""

LIST_ACCOUNTS = Operation("ListAccounts", "GET", "/assignment/accounts")
LIST_ACCOUNT_ROLES = Operation("ListAccountRoles", "GET", "/assignment/roles")
GET_ROLE_CREDENTIALS = Operation("GetRoleCredentials", "GET", "/federation/credentials")
LOGOUT = Operation("Logout", "POST", "/logout")

AUTHORIZE = Operation("Authorize", "GET", "/authorize")
"""The name is ours: it is no operation of the model, but is recorded like one."""
GET_CALLER_IDENTITY = "GetCallerIdentity"
"""STS knows its operations by the parameter ``Action``, not by their path."""

OIDC_OPERATIONS = (
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
)
"""The whole of the model ``sso-oidc``."""
PORTAL_OPERATIONS = (LIST_ACCOUNTS, LIST_ACCOUNT_ROLES, GET_ROLE_CREDENTIALS, LOGOUT)
"""The whole of the model ``sso``."""
OPERATION_NAMES = (
    *(each.name for each in (*OIDC_OPERATIONS, AUTHORIZE, *PORTAL_OPERATIONS)),
    GET_CALLER_IDENTITY,
)


_MAX_PARAMETERS = 50


class Names(NamedTuple):
    """Names that a body or a query gives; None or an empty tuple for those that it does not."""

    client_id: str | None = None
    client_name: str | None = None
    grant_type: str | None = None
    code: str | None = None
    """A device code or an authorization code."""
    refresh_token: str | None = None
    scopes: tuple[str, ...] = ()


def names_in_body(body: bytes) -> Names:
    """Read the names in a JSON body for the OIDC service (wire.md#77)."""
    members = json_members(body)
    scopes = members.get("scopes") or members.get("scope")
    return Names(
        client_id=_text(members.get("clientId")),
        client_name=_text(members.get("clientName")),
        grant_type=_text(members.get("grantType")),
        code=_text(members.get("deviceCode")) or _text(members.get("code")),
        refresh_token=_text(members.get("refreshToken")),
        scopes=tuple(filter(None, map(_text, scopes))) if isinstance(scopes, list) else (),
    )


def names_in_query(query: str) -> Names:
    """Read the names in the query that a browser is sent with (RFC 6749 §4.1.1)."""
    try:
        given = parse_qs(query, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return Names()
    words = given.get("scopes") or given.get("scope") or [""]
    return Names(client_id=given.get("client_id", [None])[0], scopes=tuple(words[0].split()))


def request_facts(
    operation: str | None,
    target: str,
    body: bytes,
    state: State,
    at: float,
    *,
    agent: str = "",
    token: str = "",
    address: str = "",
) -> Arrival:
    """Bring together what a request says and what is known of whom it names.

    Rules ask for these facts when it comes, and lists later: so a filter means the same to both.

    Args:
        operation: AWS's name of it.
        target: As it came.
        body: The whole of it.
        state: Only read.
        at: Simulated time, seconds since 1970.
        agent: Its user agent.
        token: The access token in its header.
        address: Where it came from.
    """
    names = _names(body) if body else names_in_query(query_of(target))
    user_code = _user_code(names, token, state)
    device = state.devices.get(user_code or "")
    client_id = names.client_id
    if client_id is None and (known := device or state.sessions.get(user_code or "")) is not None:
        client_id = known.client_id
    client = state.clients.get(client_id or "")
    return Arrival(
        operation=operation,
        endpoint=path_of(target),
        client_id=client_id,
        client_name=client.name if client else names.client_name,
        user_code=user_code,
        grant_type=names.grant_type,
        user_agent=agent,
        address=address,
        scopes=names.scopes or (client.scopes if client else ()),
        state=device.state(at).value if device else None,
    )


def _user_code(names: Names, token: str, state: State) -> str | None:
    """Find the device or session that the code or token belongs to."""
    if names.code is not None:
        return state.user_codes.get(digest(names.code))
    if names.refresh_token is not None:
        return state.refresh_tokens.get(digest(names.refresh_token))
    return state.access_tokens.get(digest(token)) if token else None


def _names(body: bytes) -> Names:
    return _names_of_polls(body) if len(body) <= _BODY_BYTES else names_in_body(body)


_NAMES_KEPT = 256
_BODY_BYTES = 8192
"""Longest body of a real client; a stranger's bigger ones are not kept for their names (T-46)."""
_names_of_polls = lru_cache(_NAMES_KEPT)(names_in_body)
"""A client's polls are all alike."""


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def operation_called(text: str) -> str:
    """Give the operation's name as AWS writes it, for a text in any case.

    Raises:
        ValueError: There is no such operation; the text says which there are.
    """
    for name in OPERATION_NAMES:
        if name.lower() == text.lower():
            return name
    raise ValueError(f"there is no operation {text[:20]}; there are {', '.join(OPERATION_NAMES)}")
