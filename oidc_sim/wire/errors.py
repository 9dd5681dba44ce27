"""Every exception of the sso-oidc model, and the answer that carries it (wire.md#84)."""

from dataclasses import dataclass, field, replace
from typing import Self

from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
)
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire.answers import Answer, compact_json

_NO_NULLS: tuple[str, ...] = ()
_NO_MEMBERS: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One way to be refused: the exception, its status, and what the body says.

    The body has ``error`` and ``error_description`` (wire.md#15) and never ``__type``, ``message`` or
    ``code``.
    """

    name: str
    """The exception; clients choose their error class by it (wire.md#17)."""
    status: int
    error: str
    """OAuth's word for it (RFC 6749 §5.2, RFC 8628 §3.5, RFC 7591 §3.2.2)."""
    text: str
    """``error_description``: exact where a capture shows it, else a plain sentence of ours."""
    nulls: tuple[str, ...] = _NO_NULLS
    """Further members of the body, present and null."""
    members: tuple[tuple[str, str], ...] = _NO_MEMBERS
    """Further members of the body with their values."""
    allow: str | None = None
    """The method that a 405 names."""
    body: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Encode the body once: most answers are the same bytes each time."""
        words = {"error": self.error, "error_description": self.text}
        body = compact_json({**words, **dict.fromkeys(self.nulls), **dict(self.members)})
        object.__setattr__(self, "body", body)

    def saying(self, text: str) -> Self:
        """Make the same problem with another ``error_description``. Never put a client's words into it."""
        return replace(self, text=text)

    def answer(self, user_code: str | None = None, client_id: str | None = None) -> Answer:
        """Answer with the problem; device and client, where known, are for the record, not the wire."""
        return Answer(
            self.status, self.body, self.name, self.error, user_code, client_id, self.allow
        )


AUTHORIZATION_PENDING = Problem(
    "AuthorizationPendingException", 400, "authorization_pending", "Authorization is still pending"
)
"""86 bytes (wire.md#36)."""
INVALID_GRANT = Problem(
    "InvalidGrantException", 400, "invalid_grant", "Invalid device code provided"
)
"""As captured (wire.md#37)."""
INVALID_REFRESH_TOKEN = INVALID_GRANT.saying("Invalid refresh token provided")
"""78 bytes (wire.md#39)."""
INVALID_CODE = INVALID_GRANT.saying("Invalid grant provided")
"""T12's generic text; what an authorization code gets is not published."""
INVALID_CLIENT = Problem("InvalidClientException", 401, "invalid_client", "Invalid client provided")
"""As captured (wire.md#41)."""
ACCESS_DENIED = Problem("AccessDeniedException", 400, "access_denied", "Access denied")
"""As captured (wire.md#42). The model has ``reason`` since 2025-09; no capture shows it here (wire.md#92)."""
INVALID_REQUEST = Problem(
    "InvalidRequestException", 400, "invalid_request", "Invalid token provided", nulls=("reason",)
)
"""As captured (wire.md#16, wire.md#40)."""
INVALID_START_URL = INVALID_REQUEST.saying("")
"""Fact 44: the AWS CLI prints nothing after the colon."""
UNAUTHORIZED_CLIENT = Problem(
    "UnauthorizedClientException", 400, "unauthorized_client", "Client is unauthorized"
)
"""As captured (wire.md#55)."""
# The texts of all that follow are unknown; of the expired code and slow_down no trace is published (wire.md#91).
UNSUPPORTED_GRANT_TYPE = Problem(
    "UnsupportedGrantTypeException",
    400,
    "unsupported_grant_type",
    "Unsupported grant type provided",
)
INVALID_SCOPE = Problem("InvalidScopeException", 400, "invalid_scope", "Invalid scope provided")
INVALID_CLIENT_METADATA = Problem(
    "InvalidClientMetadataException",
    400,
    "invalid_client_metadata",
    "Invalid client metadata provided",
)
INVALID_REDIRECT_URI = Problem(
    "InvalidRedirectUriException", 400, "invalid_redirect_uri", "Invalid redirect URI provided"
)
EXPIRED_TOKEN = Problem("ExpiredTokenException", 400, "expired_token", "Device code has expired")
SLOW_DOWN = Problem("SlowDownException", 400, "slow_down", "Polling too frequently")
INTERNAL_SERVER_ERROR = Problem(
    "InternalServerException", 500, "server_error", "Internal server error"
)
INVALID_REQUEST_REGION = Problem(
    "InvalidRequestRegionException",
    400,
    "invalid_request",
    "Invalid region",
    nulls=("endpoint", "region"),
)
"""CreateTokenWithIAM only; where it is really given, its two further members have values."""

MODELLED = (
    ACCESS_DENIED,
    AUTHORIZATION_PENDING,
    EXPIRED_TOKEN,
    INTERNAL_SERVER_ERROR,
    INVALID_CLIENT,
    INVALID_CLIENT_METADATA,
    INVALID_GRANT,
    INVALID_REDIRECT_URI,
    INVALID_REQUEST,
    INVALID_REQUEST_REGION,
    INVALID_SCOPE,
    SLOW_DOWN,
    UNAUTHORIZED_CLIENT,
    UNSUPPORTED_GRANT_TYPE,
)
"""All fourteen of the model, one row each, with the text that comes first to mind."""

UNKNOWN_OPERATION = Problem(
    "UnknownOperationException", 404, "invalid_request", "Unknown operation"
)
"""A path that is no operation. Nothing is published; AWS's framework gives this name (wire.md#87)."""

_BY_REASON = {
    Reason.INVALID_REQUEST: INVALID_START_URL,  # the one thing that the engine finds wrong so
    Reason.AUTHORIZATION_PENDING: AUTHORIZATION_PENDING,
    Reason.SLOW_DOWN: SLOW_DOWN,
    Reason.ACCESS_DENIED: ACCESS_DENIED,
    Reason.EXPIRED_TOKEN: EXPIRED_TOKEN,
    Reason.INVALID_GRANT: INVALID_GRANT,
    Reason.INVALID_CLIENT: INVALID_CLIENT,
    Reason.UNAUTHORIZED_CLIENT: UNAUTHORIZED_CLIENT,
    Reason.UNSUPPORTED_GRANT_TYPE: UNSUPPORTED_GRANT_TYPE,
    Reason.INVALID_SCOPE: INVALID_SCOPE,
    Reason.INVALID_REDIRECT_URI: INVALID_REDIRECT_URI,
    Reason.INVALID_CLIENT_METADATA: INVALID_CLIENT_METADATA,
}
_BY_GRANT: dict[tuple[str | None, Reason], Problem] = {
    (REFRESH_TOKEN_GRANT, Reason.INVALID_GRANT): INVALID_REFRESH_TOKEN,
    (REFRESH_TOKEN_GRANT, Reason.INVALID_REQUEST): INVALID_REQUEST,
    (AUTHORIZATION_CODE_GRANT, Reason.INVALID_GRANT): INVALID_CODE,
    (JWT_BEARER_GRANT, Reason.INVALID_GRANT): INVALID_CODE,  # text unknown (wire.md#91)
    (TOKEN_EXCHANGE_GRANT, Reason.INVALID_GRANT): INVALID_CODE,  # text unknown (wire.md#91)
}
"""Where a grant has words of its own for a reason."""


def refused(reply: Refused, grant_type: str | None = None) -> Answer:
    """The answer to a client whom the engine told no: the one place that chooses its words.

    Args:
        reply: The engine's.
        grant_type: What the client tried, where it tried to get a token.
    """
    problem = _BY_GRANT.get((grant_type, reply.reason)) or _BY_REASON[reply.reason]
    return problem.answer(reply.user_code, reply.client_id)


def wrong_region(endpoint: str, region: str) -> Problem:
    """Refuse CreateTokenWithIAM that was signed for another region than this one.

    The answer names the region, and this server's base URL as the endpoint to go to instead.
    """
    members = (("endpoint", endpoint), ("region", region))
    return replace(INVALID_REQUEST_REGION, nulls=_NO_NULLS, members=members)


def wrong_method(allowed: str) -> Problem:
    """Refuse a method that the path's operation has not (INFER, as for an unknown path)."""
    return replace(UNKNOWN_OPERATION, status=405, text=f"Use {allowed}", allow=allowed)


def unreadable(status: int, text: str) -> Problem:
    """Refuse a request before its body was read (400, 408, 413, 415, 421), in a sentence of ours."""
    return replace(INVALID_REQUEST, status=status, text=text)
