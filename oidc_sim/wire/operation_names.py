"""Names the operation that a request says it is for, and the names by which a person may call it.

Nothing here refuses: rules have to recognise a request that is malformed, too, and what cannot be read
names nothing.
"""

from typing import Any, NamedTuple
from urllib.parse import parse_qs

from oidc_sim.wire.authorize import AUTHORIZE
from oidc_sim.wire.http import json_members
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
