"""Lists in pages: how many a page has, and the opaque token that leads to the next one (wire.md#83).

A token names its list and a place in it, under a seal, so nothing is remembered for it, it can be
used again, and one that was made up or belongs to another list is noticed.
"""

import hmac
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import NamedTuple

from oidc_sim.wire.portal.portal import PortalProblem, invalid
from oidc_sim.wire.tokens import base64url

MAX_RESULTS = 100
"""The model's bound."""
DEFAULT_RESULTS = 20
"""How many the service gives that was not asked for a number is not published."""
_SEAL_BYTES = 16
_LONGEST = 1024
BAD_TOKEN = invalid("The next_token is not one that this list gave")
BAD_SIZE = invalid("The max_result is not a number from 1 to 100")


class Page(NamedTuple):
    """A stretch of a list."""

    start: int
    size: int

    @property
    def end(self) -> int:
        """Where the next one starts."""
        return self.start + self.size


def read_page(query: Mapping[str, str], list_name: str, signing_key: bytes) -> Page | PortalProblem:
    """The page that a query asks for.

    Args:
        query: With ``max_result`` and ``next_token``, or without.
        list_name: What is listed; a token of another list is no good.
        signing_key: What seals tokens.
    """
    size = _read_size(query.get("max_result"))
    if size is None:
        return BAD_SIZE
    token = query.get("next_token")
    start = 0 if token is None else _read_token(token, list_name, signing_key)
    return BAD_TOKEN if start is None else Page(start, size)


def next_token(page: Page, total: int, list_name: str, signing_key: bytes) -> str | None:
    """The token for the page after this one; None when this is the last."""
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
    """Where the page starts; None for a token that this list did not give."""
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
