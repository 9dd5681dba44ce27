"""One exchange as a JSON object that a person pastes into a bug report."""

import json
from typing import Any

from oidc_sim.evidence.allowance import decoded as text
from oidc_sim.evidence.har import response_headers
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.lines import EXCHANGE_FIELDS
from oidc_sim.text.redact import as_sent, redact, redact_header, redact_in


def exchange_json(exchange: Exchange, *, shows_secrets: bool = False) -> dict[str, Any]:
    """Both sides of it; a body that is JSON as JSON, any other as text.

    Args:
        exchange: As it was recorded.
        shows_secrets: Whether secrets stand in full; else they are cut to their ends.
    """
    members = {name: getattr(exchange, name) for name in EXCHANGE_FIELDS}
    if not shows_secrets:
        members = redact_in(members)
    target = as_sent(exchange.target)
    members["took_ms"] = round(exchange.took_s * 1000, 3)
    members["fault"] = exchange.fault
    members["request"] = {
        "target": text(target if shows_secrets else redact(target)),
        "headers": _headers(list(exchange.request_headers), shows_secrets=shows_secrets),
        "body": _body(exchange.request_body, shows_secrets=shows_secrets),
    }
    members["response"] = {
        "headers": _headers(response_headers(exchange.response_head), shows_secrets=shows_secrets),
        "body": _body(exchange.response_body, shows_secrets=shows_secrets),
    }
    return members


def _headers(headers: list[tuple[bytes, bytes]], *, shows_secrets: bool) -> list[list[str]]:
    """Pairs, because a name may stand twice."""
    return [
        [
            text(name if shows_secrets else redact(name)),
            text(value if shows_secrets else redact_header(name, value)),
        ]
        for name, value in headers
    ]


def _body(body: bytes, *, shows_secrets: bool) -> Any:
    shown = body if shows_secrets else redact(body)
    try:
        return json.loads(shown, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text(shown)


def _refuse(word: str) -> Any:
    """NaN and the infinities are Python's, and no JSON."""
    raise ValueError(word)
