"""Answers that are no service of AWS's: JSON of the control API, HTML of the pages."""

import json
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from oidc_sim.server.raw_response import RawResponse

_NEVER_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
"""threats.md T-13 and T-14: no script, no frame, nothing from elsewhere.

The referrer is kept from others only: under ``no-referrer`` a browser sends ``Origin: null`` with our
own form (Fetch standard, "append a request Origin header"), which ``browser_check`` must refuse.
"""


def json_reply(
    status: int, members: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> RawResponse:
    """JSON in ASCII, for programs and for terminals that show it."""
    body = json.dumps(members).encode() + b"\n"
    return _reply(status, "application/json", body, headers or {})


def html_reply(status: int, html: str, headers: Mapping[str, str] | None = None) -> RawResponse:
    """A page; ``headers`` come on top of the strict ones."""
    body = html.encode("utf-8", "backslashreplace")
    return _reply(status, "text/html; charset=utf-8", body, {**PAGE_HEADERS, **(headers or {})})


def css_reply(css: bytes) -> RawResponse:
    """The pages' one style sheet."""
    return _reply(200, "text/css; charset=utf-8", css, {})


def stream_start(content_type: str) -> RawResponse:
    """The head of an answer that goes on until one side closes the connection."""
    return RawResponse(200, _head(200, {"Content-Type": content_type}), closes=True)


def _reply(status: int, content_type: str, body: bytes, headers: Mapping[str, str]) -> RawResponse:
    lines = {
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
        **headers,
    }
    return RawResponse(status, _head(status, lines), body)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = {"Date": formatdate(usegmt=True), **headers, **_NEVER_STORED}
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    return head.encode("ascii")
