"""Answers that are no service of AWS's: JSON of the control API, HTML of the pages."""

import json
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from oidc_sim.server.http.raw_response import RawResponse

SELF = "'self'"
_NEVER_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def page_policy(*form_targets: str) -> str:
    """A page's Content-Security-Policy: no script, no frame, nothing from elsewhere (T-13, T-14).

    Args:
        form_targets: Origins that an answer to the page's form may redirect to. Chromium holds
            redirects to ``form-action`` too (CSP 3, section 6.4.1, leaves it open).
    """
    return (
        f"default-src 'none'; style-src 'self'; form-action {' '.join((SELF, *form_targets))}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


PAGE_HEADERS = {
    "Content-Security-Policy": page_policy(),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""T-13 and T-14. A browser then sends ``Origin: null`` with our own form (Fetch standard,
"append a request Origin header"), which ``browser_check`` knows.
"""


def json_reply(
    status: int, members: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> RawResponse:
    """JSON in ASCII, for programs and for terminals that show it."""
    return encoded_json_reply(status, json.dumps(members).encode(), headers)


def encoded_json_reply(
    status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> RawResponse:
    """The same of what is JSON in ASCII already."""
    return _reply(status, "application/json", body + b"\n", headers or {})


def html_reply(status: int, html: str, headers: Mapping[str, str] | None = None) -> RawResponse:
    """A page; ``headers`` come on top of the strict ones."""
    body = html.encode("utf-8", "backslashreplace")
    return _reply(status, "text/html; charset=utf-8", body, {**PAGE_HEADERS, **(headers or {})})


def redirect_reply(
    status: int, location: str, headers: Mapping[str, str] | None = None
) -> RawResponse:
    """Send the browser on; what it came from is told to nobody, and ``location`` is ASCII."""
    lines = {"Location": location, "Referrer-Policy": "no-referrer", **(headers or {})}
    return _reply(status, "text/plain; charset=utf-8", b"", lines)


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
