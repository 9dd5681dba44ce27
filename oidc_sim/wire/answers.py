"""Answers to a client: the head, the body, and the words that the record keeps about it.

The head has AWS's header names in AWS's order (wire.md#9).
"""

import json
from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple

from oidc_sim.engine.replies import Authorized, Registered, Tokens
from oidc_sim.wire.verification import verification_uri_complete

_NULLS = dict.fromkeys(("aws_sso_app_session_id", "idToken", "issuedTokenType", "originSessionId"))
"""Members of a CreateToken answer that are there and null (wire.md#29)."""
TOKEN_ISSUED = "token issued"
TOKEN_REFRESHED = "token refreshed"


class Answer(NamedTuple):
    """A response without its head.

    A tuple, because one is made for every poll: a frozen dataclass costs three times as much.
    """

    status: int
    body: bytes
    error_type: str | None
    """AWS's name of the exception, None on success."""
    outcome: str
    """In a word: an OAuth error, a user code, a client's name as it came, ``TOKEN_ISSUED``."""
    user_code: str | None = None
    client_id: str | None = None
    allow: str | None = None
    """The methods that a 405 must name (RFC 9110 §15.5.6)."""
    content_type: str = "application/json"
    """STS answers in XML."""


def compact_json(members: dict[str, object]) -> bytes:
    """Write JSON as the service does: no spaces, members in alphabetical order (wire.md#12).

    Everything outside ASCII is escaped: equal JSON, and no terminal is talked to by a dump of it.
    """
    return json.dumps(members, separators=(",", ":"), sort_keys=True).encode("ascii")


class Endpoints(NamedTuple):
    """Addresses where a client that registers goes on; AWS tells nobody (wire.md#18)."""

    authorization: str | None = None
    token: str | None = None


_NOT_ANNOUNCED = Endpoints()


def registered(reply: Registered, endpoints: Endpoints = _NOT_ANNOUNCED) -> Answer:
    """Answer RegisterClient with 200: six members, two of them null (wire.md#18, wire.md#22).

    Endpoints take the place of these two by the setting ``announce_endpoints``.
    """
    client = reply.client
    issued_at = int(client.issued_at)
    body = compact_json(
        {
            "authorizationEndpoint": endpoints.authorization,
            "clientId": client.client_id,
            "clientIdIssuedAt": issued_at,
            "clientSecret": reply.client_secret,
            # the life is whole seconds exactly, whatever the fractions of the two instants round to
            "clientSecretExpiresAt": issued_at + round(client.expires_at - client.issued_at),
            "tokenEndpoint": endpoints.token,
        }
    )
    return Answer(200, body, None, client.name, client_id=client.client_id)


def authorized(reply: Authorized, verification_uri: str) -> Answer:
    """Answer StartDeviceAuthorization with 200 (wire.md#80, wire.md#27).

    ``verification_uri`` is where the user enters the code; see ``wire.verification``.
    """
    device = reply.device
    body = compact_json(
        {
            "deviceCode": reply.device_code,
            "expiresIn": reply.lifetime_s,
            "interval": device.interval_s,
            "userCode": device.user_code,
            "verificationUri": verification_uri,
            "verificationUriComplete": verification_uri_complete(
                verification_uri, device.user_code
            ),
        }
    )
    return Answer(200, body, None, device.user_code, device.user_code, device.client_id)


def tokens(reply: Tokens, outcome: str = TOKEN_ISSUED) -> Answer:
    """Answer CreateToken with 200: eight members, the refresh token null where there is none (wire.md#29, wire.md#30).

    ``outcome`` says whether it is the first token of a sign-in, or a further one.
    """
    body = compact_json(
        {
            **_NULLS,
            "accessToken": reply.access_token,
            "expiresIn": reply.lifetime_s,
            "refreshToken": reply.refresh_token,
            "tokenType": "Bearer",
        }
    )
    return Answer(200, body, None, outcome, reply.user_code, reply.client_id)


ERROR_NAMESPACE = ":http://internal.amazon.com/coral/com.amazonaws.sso.oidc/"
"""Follows the exception's name in every captured error (wire.md#14)."""
_START = {int(s): f"HTTP/1.1 {int(s)} {s.phrase}\r\nDate: " for s in HTTPStatus}


class ErrorTypeForm(StrEnum):
    """Forms of ``x-amzn-ErrorType``, as the setting ``error_type`` has them."""

    FULL = "full"
    """As captured, namespace included."""
    BARE = "bare"
    """The name alone: the Ruby SDK of Debian 12 understands nothing else."""


def head(
    answer: Answer,
    *,
    request_id: str,
    date: str,
    is_kept_alive: bool = True,
    error_type: ErrorTypeForm = ErrorTypeForm.FULL,
) -> bytes:
    """Write the bytes from the status line to the empty line; ``date`` is as ``http_date`` gives it.

    No Cache-Control, no Server, no Access-Control-* (wire.md#11), and no charset (wire.md#10).
    """
    connection = "keep-alive" if is_kept_alive else "close"
    namespace = ERROR_NAMESPACE if error_type is ErrorTypeForm.FULL else ""
    error = f"\r\nx-amzn-ErrorType: {answer.error_type}{namespace}" if answer.error_type else ""
    allow = f"\r\nAllow: {answer.allow}" if answer.allow else ""
    return (
        f"{_START[answer.status]}{date}\r\nContent-Type: {answer.content_type}"
        f"\r\nContent-Length: {len(answer.body)}\r\nConnection: {connection}"
        f"\r\nx-amzn-RequestId: {request_id}{error}{allow}\r\n\r\n"
    ).encode("ascii")


def http_date(at: float) -> str:
    """Write an instant in seconds since 1970 as HTTP does, cut to the second (RFC 9110 §5.6.7)."""
    return formatdate(int(at), usegmt=True)
