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


def json_reply(status: int, members: Mapping[str, Any]) -> RawResponse:
    """JSON in ASCII, for programs and for terminals that show it."""
    return _reply(status, "application/json", json.dumps(members).encode() + b"\n", {})


def html_reply(status: int, html: str, headers: Mapping[str, str] | None = None) -> RawResponse:
    """A page; ``headers`` come on top of the strict ones."""
    body = html.encode("utf-8", "backslashreplace")
    return _reply(status, "text/html; charset=utf-8", body, {**PAGE_HEADERS, **(headers or {})})


def css_reply(css: bytes) -> RawResponse:
    """The pages' one style sheet."""
    return _reply(200, "text/css; charset=utf-8", css, {})


def _reply(status: int, content_type: str, body: bytes, headers: Mapping[str, str]) -> RawResponse:
    lines = {
        "Date": formatdate(usegmt=True),
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
        **_NEVER_STORED,
        **headers,
    }
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    return RawResponse(status, head.encode("ascii"), body)
