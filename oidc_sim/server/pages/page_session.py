"""Who is at the page, and the proof that a form is one of ours that this browser was shown.

A random cookie names the browser. The token in a form is an HMAC over that cookie and the form's
user code, with a key made when the server starts. So a token of another browser, for another code,
or of an earlier run decides nothing (T-11, T-12, T-52), and nothing has to be stored.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

_BROWSER_BYTES = 32
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""What ``secrets.token_urlsafe`` makes of that many bytes."""


class PageSessions:
    """The browsers of one server. Its port is in the cookie's name: all ports share their cookies."""

    def __init__(self, port: int) -> None:
        """Make a new key, which invalidates the forms of every earlier run."""
        self.cookie_name = f"oidc-sim-{port}"
        self._key = secrets.token_bytes(32)

    @staticmethod
    def new_browser() -> str:
        """A name for a browser that has none yet."""
        return secrets.token_urlsafe(_BROWSER_BYTES)

    def browser_of(self, cookie_headers: Iterable[str]) -> str | None:
        """Return the browser that these ``Cookie`` headers name.

        By hand, because ``http.cookies`` lets the last of two cookies win. A page on another port can
        plant a second one; which of them is ours cannot be told, so neither is taken.
        """
        pairs = (it.partition("=") for header in cookie_headers for it in header.split(";"))
        found = {value.strip() for name, _, value in pairs if name.strip() == self.cookie_name}
        browser = found.pop() if len(found) == 1 else ""
        return browser if _BROWSER.fullmatch(browser) else None

    def set_cookie(self, browser: str) -> str:
        """The ``Set-Cookie`` that gives a browser its name.

        Not ``Secure``: the server speaks plain HTTP on loopback. It goes when the browser closes.
        """
        return f"{self.cookie_name}={browser}; Path=/; HttpOnly; SameSite=Strict"

    def token(self, browser: str, user_code: str) -> str:
        """The token for the form in which this browser decides about this code."""
        message = f"{browser} {user_code}".encode("utf-8", "backslashreplace")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def proves(self, token: str, browser: str, user_code: str) -> bool:
        """Whether this is that token."""
        expected = self.token(browser, user_code)
        return hmac.compare_digest(token.encode("utf-8", "backslashreplace"), expected.encode())
