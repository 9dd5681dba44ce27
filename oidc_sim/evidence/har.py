"""Writes exchanges as HTTP Archive 1.2 or as one JSON object for a bug report, secrets cut.

The archive's format: ``http://www.softwareishard.com/blog/har-12-spec/``. By hand: the libraries that there
are read archives. A browser's network tab shows headers, bodies, sizes and times of an archive; what only
this server knows is in ``_oidc_sim``, as the format allows.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from oidc_sim import __version__
from oidc_sim.evidence.allowance import Allowance, decoded
from oidc_sim.record.exchange import Exchange, RawHeaders
from oidc_sim.record.lines import EXCHANGE_FIELDS
from oidc_sim.text.redact import as_sent, redact, redact_header, redact_in
from oidc_sim.wire.http import Response

_HTTP = "HTTP/1.1"
_MS = 1000
_PARAMETERS = 200
"""Parameters of a query that is taken apart; it stands whole in the address."""


def har(exchanges: Sequence[Exchange], url: str, allowance: Allowance) -> dict[str, Any]:
    """Make an archive of exchanges, oldest first; the newest are shown most of.

    ``url`` is the server's base URL, without a slash at its end.
    """
    entries = [har_entry(exchange, url, allowance) for exchange in reversed(exchanges)]
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "oidc-sim", "version": __version__},
            "entries": entries[::-1],
        }
    }


def har_entry(exchange: Exchange, url: str, allowance: Allowance) -> dict[str, Any]:
    """Make an entry of one exchange; sizes are bytes as sent and times are thousandths, though secrets are cut."""
    took_ms = round(exchange.took_s * _MS, 3)
    return {
        "startedDateTime": _iso(exchange.at),
        "time": took_ms,
        "request": _request(exchange, url, allowance),
        "response": _response(exchange, allowance),
        "cache": {},
        "timings": {"send": 0, "wait": took_ms, "receive": 0},
        "_oidc_sim": _ours(exchange, allowance),
    }


def head_bytes(exchange: Exchange) -> int:
    """Count the bytes of a request's head, from its first line to the empty one, as HTTP/1.1 writes it."""
    start = len(exchange.method) + len(as_sent(exchange.target)) + len("  HTTP/1.1\r\n")
    lines = sum(len(name) + len(value) + len(": \r\n") for name, value in exchange.request_headers)
    return start + lines + len("\r\n")


def _request(exchange: Exchange, url: str, allowance: Allowance) -> dict[str, Any]:
    target = allowance.text(as_sent(exchange.target))
    headers = _headers(exchange.request_headers, allowance)
    members: dict[str, Any] = {
        "method": allowance.words(exchange.method),
        "url": url + target,
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(headers),
        "queryString": _pairs(_parameters(target.partition("?")[2])),
        "headersSize": head_bytes(exchange),
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        body = allowance.text(exchange.request_body)
        members["postData"] = {"mimeType": _kind(headers), "text": body}
    return members


def _response(exchange: Exchange, allowance: Allowance) -> dict[str, Any]:
    head, body = exchange.response_head, exchange.response_body
    response = Response.parse(head)
    headers = _headers(response.headers, allowance)
    status_line = decoded(response.status_line).split(" ", 2)
    text = allowance.text(body) if body else ""
    return {
        "status": exchange.status,
        "statusText": status_line[2] if len(status_line) > len("ab") else "",
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(headers),
        "content": {"size": len(body), "mimeType": _kind(headers), "text": text},
        "redirectURL": _named(headers, "location"),
        "headersSize": len(head) or -1,
        "bodySize": len(body),
    }


def _ours(exchange: Exchange, allowance: Allowance) -> dict[str, Any]:
    """Give what no other server could say of an exchange."""
    true = exchange.true_response
    return {
        "number": exchange.number,
        "operation": exchange.operation,
        "outcome": allowance.words(exchange.outcome),
        "user_code": exchange.user_code,
        "client_id": exchange.client_id and allowance.words(exchange.client_id),
        "fault": exchange.fault,
        "true_response": allowance.text(true) if true else None,
    }


def _headers(headers: Iterable[tuple[bytes, bytes]], allowance: Allowance) -> list[tuple[str, str]]:
    """Cut names and values in order, also those in addresses; none once nothing is shown any more."""
    if allowance.is_used_up:
        return []
    return [(allowance.text(name), allowance.header(name, value)) for name, value in headers]


def _parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True) if query.count("&") < _PARAMETERS else []


def _pairs(named: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in named]


def _kind(headers: Sequence[tuple[str, str]]) -> str:
    return _named(headers, "content-type")


def _named(headers: Sequence[tuple[str, str]], lower: str) -> str:
    return next((value for name, value in headers if name.lower() == lower), "")


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def exchange_json(exchange: Exchange, *, shows_secrets: bool = False) -> dict[str, Any]:
    """Show both sides of an exchange; a body that is JSON as JSON, any other as text.

    Secrets are cut to their ends unless ``shows_secrets``.
    """
    members = {name: getattr(exchange, name) for name in EXCHANGE_FIELDS}
    if not shows_secrets:
        members = redact_in(members)
    target = as_sent(exchange.target)
    members["took_ms"] = round(exchange.took_s * 1000, 3)
    members["fault"] = exchange.fault
    members["request"] = {
        "target": decoded(target if shows_secrets else redact(target)),
        "headers": _exchange_headers(exchange.request_headers, shows_secrets=shows_secrets),
        "body": _body(exchange.request_body, shows_secrets=shows_secrets),
    }
    answered = Response.parse(exchange.response_head).headers
    members["response"] = {
        "headers": _exchange_headers(answered, shows_secrets=shows_secrets),
        "body": _body(exchange.response_body, shows_secrets=shows_secrets),
    }
    return members


def _exchange_headers(headers: RawHeaders, *, shows_secrets: bool) -> list[list[str]]:
    """Give pairs, because a name may stand twice."""
    if not shows_secrets:
        headers = tuple((redact(name), redact_header(name, value)) for name, value in headers)
    return [[decoded(name), decoded(value)] for name, value in headers]


def _body(body: bytes, *, shows_secrets: bool) -> Any:
    shown = body if shows_secrets else redact(body)
    try:
        return json.loads(shown, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return decoded(shown)


def _refuse(word: str) -> Any:
    """Refuse NaN and the infinities, which are Python's and no JSON."""
    raise ValueError(word)
