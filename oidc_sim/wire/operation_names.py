"""Names the operation that a request says it is for, and the names by which a person may call it.

Nothing here refuses: rules have to recognise a request that is malformed, too, and what cannot be read
names nothing.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from oidc_sim.engine.arrival import Arrival
from oidc_sim.engine.model import State, digest
from oidc_sim.wire.authorize import AUTHORIZE
from oidc_sim.wire.http import json_members, path_of, query_of
from oidc_sim.wire.operations import GET_CALLER_IDENTITY, OIDC_OPERATIONS, PORTAL_OPERATIONS

_MAX_PARAMETERS = 50


class Names(NamedTuple):
    """What is said in a body or a query; None and nothing for what is not."""

    client_id: str | None = None
    client_name: str | None = None
    grant_type: str | None = None
    code: str | None = None
    """A device code or an authorization code."""
    refresh_token: str | None = None
    scopes: tuple[str, ...] = ()


def names_in_body(body: bytes) -> Names:
    """Of the JSON that the OIDC service is sent (wire.md#77)."""
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
    """Of the query that a browser is sent with (RFC 6749 §4.1.1)."""
    try:
        given = parse_qs(query, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return Names()
    words = given.get("scopes") or given.get("scope") or [""]
    return Names(
        client_id=given.get("client_id", [None])[0],
        scopes=tuple(words[0].split()),
    )


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
    """Of the device or session that its code or token belongs to."""
    if names.code is not None:
        return state.user_codes.get(digest(names.code))
    if names.refresh_token is not None:
        return state.refresh_tokens.get(digest(names.refresh_token))
    return state.access_tokens.get(digest(token)) if token else None


def _names(body: bytes) -> Names:
    return _names_of_polls(body) if len(body) <= _BODY_BYTES else names_in_body(body)


_NAMES_KEPT = 256
_BODY_BYTES = 8192
"""Of a real client; a stranger's bigger ones are not kept for their names (T-46)."""
_names_of_polls = lru_cache(_NAMES_KEPT)(names_in_body)
"""A client's polls are all alike."""


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


OPERATION_NAMES = (
    *(it.name for it in (*OIDC_OPERATIONS, AUTHORIZE, *PORTAL_OPERATIONS)),
    GET_CALLER_IDENTITY,
)
_SHOWN = 20
"""Characters of what was typed that are said back."""


def operation_called(text: str) -> str:
    """The operation's name as AWS writes it, of a text in any case.

    Raises:
        ValueError: There is no such operation; the text says which there are.
    """
    for name in OPERATION_NAMES:
        if name.lower() == text.lower():
            return name
    raise ValueError(
        f"there is no operation {text[:_SHOWN]}; there are {', '.join(OPERATION_NAMES)}"
    )
