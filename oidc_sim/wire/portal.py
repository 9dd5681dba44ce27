"""The SSO portal's bytes: who may reach which account, and credentials for it (wire.md#62, wire.md#68).

A service of its own, with errors of its own form, whose members are ``message`` and ``__type`` in this order
(wire.md#62). What a client asks for stands in the query (wire.md#7) and in one header (wire.md#6).

Lists come in pages (wire.md#83). A token for the next page names its list and a place in it, under a seal:
nothing is remembered for it, it can be used again, and one that was made up or belongs to another list is
noticed.
"""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import parse_qsl

from oidc_sim.engine.directory import Account
from oidc_sim.engine.replies import Reason, Refused, RoleTaken
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.tokens import base64url

TOKEN_HEADER = "x-amz-sso_bearer_token"
"""Fact 6."""
_NAMESPACE = "com.amazonaws.switchboard.portal#"
_MAX_PARAMETERS = 50


@dataclass(frozen=True, slots=True)
class PortalProblem:
    """One way to be refused by the portal.

    Whether the service also sends ``x-amzn-ErrorType`` is unknown; it is left out, since SDKs read
    ``__type`` as well (wire.md#62).
    """

    name: str
    """The exception."""
    status: int
    message: str
    """Exact where a capture shows it, else a plain sentence of ours."""
    allow: str | None = None
    """The method that a 405 names."""

    def answer(self, user_code: str | None = None, client_id: str | None = None) -> Answer:
        """Answer with the problem; session and client, where known, are for the record, not the wire."""
        body = _json({"message": self.message, "__type": _NAMESPACE + self.name})
        return Answer(self.status, body, None, self.name, user_code, client_id, self.allow)


UNAUTHORIZED = PortalProblem("UnauthorizedException", 401, "Session token not found or invalid")
"""As captured (wire.md#63)."""
FORBIDDEN = PortalProblem("ForbiddenException", 403, "No access")
"""As captured; no model has this exception (wire.md#64)."""
TOO_MANY_REQUESTS = PortalProblem("TooManyRequestsException", 429, "HTTP 429 Unknown Code")
"""As captured (wire.md#65)."""
INVALID_REQUEST = PortalProblem("InvalidRequestException", 400, "The request is not valid")
"""Texts are known for other cases only (wire.md#85)."""
RESOURCE_NOT_FOUND = PortalProblem(
    "ResourceNotFoundException", 404, "The specified resource doesn't exist"
)
"""Text unknown, in the model only (wire.md#85)."""
METHOD_NOT_ALLOWED = PortalProblem("MethodNotAllowedException", 405, "HTTP 405 Method Not Allowed")
"""Text unknown (wire.md#66)."""
INTERNAL_ERROR = PortalProblem("NullPointerException", 500, "Internal error")
"""Seen in public code; the service gives it for a bug of its own, so only a fault can."""

MODELLED = (INVALID_REQUEST, UNAUTHORIZED, TOO_MANY_REQUESTS, RESOURCE_NOT_FOUND)
"""All of the model ``sso``."""
UNMODELLED = (FORBIDDEN, METHOD_NOT_ALLOWED, INTERNAL_ERROR)
"""Seen on the wire all the same."""

_BY_REASON = {Reason.INVALID_TOKEN: UNAUTHORIZED, Reason.FORBIDDEN: FORBIDDEN}


def invalid(message: str) -> PortalProblem:
    """Refuse a parameter that cannot be used. Never put a client's words into the sentence."""
    return replace(INVALID_REQUEST, message=message)


def missing(parameter: str) -> PortalProblem:
    """Refuse a required parameter that is absent or empty. The text is ours."""
    return invalid(f"Missing required parameter {parameter}")


def wrong_method(allowed: str) -> PortalProblem:
    """Refuse a method that the path's operation has not."""
    return replace(METHOD_NOT_ALLOWED, allow=allowed)


def refused(reply: Refused) -> Answer:
    """Answer a client whom the engine refused."""
    return _BY_REASON[reply.reason].answer(reply.user_code, reply.client_id)


def read_query(query: str) -> dict[str, str] | PortalProblem:
    """Read the parameters of a query. One that comes twice says two things, and is refused."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return invalid("The query has too many parameters")
    read = dict(pairs)
    return read if len(read) == len(pairs) else invalid("The query has a parameter twice")


def account_list(accounts: tuple[Account, ...], next_token: str | None) -> bytes:
    """Write ListAccounts 200. Whether a last page says ``nextToken:null`` is unknown; SDKs read both alike."""
    listed = [
        {"accountId": it.account_id, "accountName": it.name, "emailAddress": it.email}
        for it in accounts
    ]
    return _json({"nextToken": next_token, "accountList": listed})


def role_list(account_id: str, roles: tuple[str, ...], next_token: str | None) -> bytes:
    """Write ListAccountRoles 200, in the order that a capture shows: ``nextToken`` comes first."""
    listed = [{"roleName": role, "accountId": account_id} for role in roles]
    return _json({"nextToken": next_token, "roleList": listed})


def role_credentials(reply: RoleTaken) -> Answer:
    """Answer GetRoleCredentials with 200: the model's order, and milliseconds that are whole seconds (wire.md#67, wire.md#68)."""
    given, role = reply.credentials, reply.role
    members = {
        "accessKeyId": given.access_key_id,
        "secretAccessKey": given.secret_access_key,
        "sessionToken": given.session_token,
        "expiration": int(role.expires_at) * 1000,
    }
    outcome = f"{role.role_name} {role.account_id}"
    session = reply.session
    body = _json({"roleCredentials": members})
    return Answer(200, body, None, outcome, session.session_id, session.client_id)


def _json(members: dict[str, object]) -> bytes:
    """Write compact JSON in the order given; in ASCII, as all that this server writes."""
    return json.dumps(members, separators=(",", ":")).encode("ascii")


MAX_RESULTS = 100
"""The model's bound."""
DEFAULT_RESULTS = 20
"""Items on a page where no number was asked for; the service's own number is not published."""
_SEAL_BYTES = 16
_LONGEST = 1024
BAD_TOKEN = invalid("The next_token is not one that this list gave")
BAD_SIZE = invalid("The max_result is not a number from 1 to 100")


class ListPage(NamedTuple):
    """A stretch of a list."""

    start: int
    size: int

    @property
    def end(self) -> int:
        """The place where the next page starts."""
        return self.start + self.size


def read_page(
    query: Mapping[str, str], list_name: str, signing_key: bytes
) -> ListPage | PortalProblem:
    """Read the page that a query asks for by ``max_result`` and ``next_token``.

    The signing key seals tokens; one of another list is no good.
    """
    size = _read_size(query.get("max_result"))
    if size is None:
        return BAD_SIZE
    token = query.get("next_token")
    start = 0 if token is None else _read_token(token, list_name, signing_key)
    return BAD_TOKEN if start is None else ListPage(start, size)


def next_token(page: ListPage, total: int, list_name: str, signing_key: bytes) -> str | None:
    """Make the token for the page after this one; None when this is the last."""
    if page.end >= total:
        return None
    place = f"{list_name}\0{page.end}".encode()
    return base64url(_seal(place, signing_key) + place)


def _read_size(text: str | None) -> int | None:
    if text is None:
        return DEFAULT_RESULTS
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_RESULTS))
    return int(text) if is_number and 1 <= int(text) <= MAX_RESULTS else None


def _read_token(token: str, list_name: str, signing_key: bytes) -> int | None:
    """Read where the page starts; None for a token that this list did not give."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    seal, place = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    if not hmac.compare_digest(_seal(place, signing_key), seal):
        return None
    name, _, start = place.decode().partition("\0")
    return int(start) if name == list_name else None


def _seal(place: bytes, signing_key: bytes) -> bytes:
    return hmac.digest(signing_key, b"page\0" + place, "sha256")[:_SEAL_BYTES]
