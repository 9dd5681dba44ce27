"""Serves ``GET /authorize``: from a browser's query to a command, and from a reply to where the browser goes.

It is in no model of AWS's. Its parameters are RFC 6749's and RFC 7636's, but that real clients say
``scopes`` (wire.md#51).
"""

from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode

from oidc_sim.engine.browser import can_be_returned
from oidc_sim.engine.commands import StartBrowserSignIn
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.text.redact import redact_name
from oidc_sim.wire import errors
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.errors import INVALID_REQUEST, Problem

MAX_PARAMETERS = 50

UNKNOWN_CLIENT = INVALID_REQUEST.saying("Invalid client provided")
"""Not the 401 that the same client gets at ``/token`` (wire.md#54)."""
NOT_A_QUERY = INVALID_REQUEST.saying("The query cannot be read")
REPEATED = INVALID_REQUEST.saying("A parameter is in the query twice")
"""RFC 6749 §3.1. It is shown and not sent to any redirect: which of two values counts is a doubt."""
TOO_MANY = replace(
    errors.INTERNAL_SERVER_ERROR,
    status=503,
    error="temporarily_unavailable",
    text="Too many requests wait for a decision",
)
"""RFC 6749 §4.1.2.1 has this word for a redirect, because people see no 503; programs do."""

_TEXTS = {
    Reason.INVALID_REQUEST: (
        "The request needs code_challenge_method=S256 and a code_challenge of 43 characters, "
        "and a state of at most 2048 printable ones"
    ),
    Reason.UNSUPPORTED_RESPONSE_TYPE: "response_type must be code",
    Reason.INVALID_SCOPE: "A scope was asked for that the client has not registered",
    Reason.ACCESS_DENIED: "Access denied",  # T12's words; no error redirect is published
}
"""``error_description`` of a redirect; ours, as none is published (wire.md#91)."""


def authorization_request(query: str) -> StartBrowserSignIn | Problem:
    """Read the query that a browser was sent with, as it came, without its question mark."""
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
        )
    except ValueError:
        return NOT_A_QUERY
    given = dict(pairs)
    if len(given) != len(pairs) or {"scope", "scopes"} <= given.keys():
        return REPEATED
    return _command({name: value for name, value in given.items() if value})


def _command(given: dict[str, str]) -> StartBrowserSignIn:
    """Make the command; a parameter without a value counts as absent (RFC 6749 §3.1)."""
    scopes = given.get("scopes") or given.get("scope") or ""
    return StartBrowserSignIn(
        client_id=given.get("client_id", ""),
        redirect_uri=given.get("redirect_uri", ""),
        response_type=given.get("response_type"),
        client_state=given.get("state"),
        scopes=tuple(redact_name(scope) for scope in scopes.split(" ") if scope),  # as registered
        code_challenge=given.get("code_challenge"),
        code_challenge_method=given.get("code_challenge_method"),
    )


def shown(reply: Refused) -> Answer:
    """Answer a browser that must not be sent anywhere (wire.md#54, wire.md#55; T-15)."""
    if reply.reason is Reason.INVALID_CLIENT:
        return UNKNOWN_CLIENT.answer(client_id=reply.client_id)
    return errors.refused(reply)


def with_code(redirect_uri: str, code: str, client_state: str | None) -> str:
    """Make the redirect with an authorization code (RFC 6749 §4.1.2)."""
    return _sent_to(redirect_uri, code=code, state=client_state)


def with_error(redirect_uri: str, reason: Reason, client_state: str | None) -> str:
    """Make the redirect without a code (RFC 6749 §4.1.2.1); a state that is wrong by itself does not come back."""
    state = client_state if can_be_returned(client_state) else None
    text = _TEXTS[reason]
    return _sent_to(redirect_uri, error=reason.value, error_description=text, state=state)


def _sent_to(redirect_uri: str, **parameters: str | None) -> str:
    """Add parameters: a registered redirect has no query, and none of these can break out of one (T-16)."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{redirect_uri}?{urlencode(given, quote_via=quote, safe='')}"
