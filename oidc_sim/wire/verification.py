"""Names the page where a person enters the user code (RFC 8628 §3.2; wire.md#26, wire.md#28)."""

import re
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

_LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}
_PORTS = {"http": 80, "https": 443}
_URL_TEXT = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]!$&'()*+,;=%]+")
"""RFC 3986's characters, without the one that puts a user in front of the host."""


class VerificationUri(StrEnum):
    """Choices of the page, as the setting ``verification_uri`` has them."""

    LOCAL = "local"
    """This server's page, because a person must be able to open it."""
    START_URL = "start_url"
    """Always the start URL's, as AWS does."""


def read_start_url(start_url: str) -> SplitResult | None:
    """Split an http(s) URL that has a host, and no user in front of it; None for all else.

    Only RFC 3986's characters: a client is told to open what this becomes part of.
    """
    if not _URL_TEXT.fullmatch(start_url):
        return None
    try:
        parts = urlsplit(start_url)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a bracket without its partner, a port that is no number
        return None
    return parts if is_whole and parts.scheme in _PORTS else None


def verification_uri(
    start_url: str, own_url: str, form: VerificationUri = VerificationUri.LOCAL
) -> str:
    """Give the page for a start URL: ``<startUrl>/#/device`` (wire.md#26), or this server's own.

    The start URL is as the client sent it, of which a fragment such as ``#/`` is no part; ``own_url`` has no
    slash at its end.
    """
    start, own = read_start_url(start_url), read_start_url(own_url)
    if start is None or (form is VerificationUri.LOCAL and _place(start) != _place(own)):
        return own_url + "/device"
    return f"{start.scheme}://{start.netloc}{start.path.rstrip('/')}/#/device"


def verification_uri_complete(uri: str, user_code: str) -> str:
    """Give the same page with the code filled in (RFC 8628 §3.3.1; wire.md#27)."""
    return f"{uri}?user_code={user_code}"


def _place(url: SplitResult | None) -> tuple[str, str, int | None] | None:
    """Give what tells one server from another; the names of this machine are one."""
    if url is None:
        return None
    host = url.hostname or ""
    name = "localhost" if host in _LOOPBACK_NAMES else host
    return url.scheme, name, url.port or _PORTS[url.scheme]
