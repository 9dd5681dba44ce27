"""Reads what a browser sends to a page, strictly, and proves that it was shown that page.

A browser that was shown our page sends exactly the code in a query, or the decision in a form, that
are read here. Everything else is somebody's experiment, and is refused rather than interpreted.
"""

import hashlib
import hmac
import re
import secrets
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import hdrs
from aiohttp.web import BaseRequest

from oidc_sim.engine.model import Decision
from oidc_sim.server.pages.page_text import BUTTONS

FORM_BYTES = 2048
"""The largest form body; ours are about 130 bytes."""
_FORM_TYPE = "application/x-www-form-urlencoded"
_FIELDS = frozenset({"user_code", "csrf_token", "decision"})
_MAX_QUERY_FIELDS = 50


class FormError(Exception):
    """Raised for what is no form of ours; the text tells a person what is wrong with it."""


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """The form of the page that asks for a decision."""

    user_code: str
    csrf_token: str
    decision: Decision


def typed_code(target: str) -> str:
    """Return the user code in a request target's query, as it was typed; empty if there is none.

    Raises:
        FormError: there are two, or far too many fields.
    """
    query = target.partition("?")[2]
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError as error:
        raise FormError("The address has too many fields.") from error
    codes = [value for name, value in fields if name == "user_code"]
    if len(codes) > 1:
        raise FormError("The address has more than one user code.")
    return codes[0].strip() if codes else ""


def decision_form(headers: Mapping[str, str], body: bytes) -> DecisionForm:
    """Return the form in a request's body.

    Raises:
        FormError: it is none, or has a field too many, too few, or twice.
    """
    content_type = headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0].strip().lower()
    if content_type != _FORM_TYPE:
        raise FormError("This is not a form.")
    fields = _fields(body)
    if fields["decision"] not in BUTTONS:
        raise FormError("The form has no such button.")
    return DecisionForm(fields["user_code"], fields["csrf_token"], Decision(fields["decision"]))


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=len(_FIELDS),
        )
    except ValueError as error:
        raise FormError("The form is not well-formed.") from error
    fields = dict(pairs)
    # At most as many pairs as there are names, and every name is there: so none came twice.
    if fields.keys() != _FIELDS:
        raise FormError("The form does not have the fields that it must have.")
    return fields


_BROWSER_BYTES = 32
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""What ``secrets.token_urlsafe`` makes of that many bytes."""


class PageSessions:
    """The browsers of one server. Its port is in the cookie's name: all ports share their cookies.

    A random cookie names the browser. The token in a form is an HMAC over that cookie and the form's
    user code, with a key made when the server starts. So a token of another browser, for another code,
    or of an earlier run decides nothing (T-11, T-12, T-52), and nothing has to be stored.
    """

    def __init__(self, port: int) -> None:
        """Make a new key, which invalidates the forms of every earlier run."""
        self.cookie_name = f"oidc-sim-{port}"
        self._key = secrets.token_bytes(32)

    @staticmethod
    def new_browser() -> str:
        """Make a name for a browser that has none yet."""
        return secrets.token_urlsafe(_BROWSER_BYTES)

    def welcome(self, request: BaseRequest) -> tuple[str, dict[str, str]]:
        """Return the browser of a request, and the headers that name a new one."""
        if known := self.browser_at(request):
            return known, {}
        browser = self.new_browser()
        return browser, {hdrs.SET_COOKIE: self.set_cookie(browser)}

    def browser_at(self, request: BaseRequest) -> str | None:
        """Return the browser that a request's cookie names."""
        return self.browser_of(request.headers.getall(hdrs.COOKIE, ()))

    def browser_of(self, cookie_headers: Iterable[str]) -> str | None:
        """Return the browser that these ``Cookie`` headers name.

        By hand, because ``http.cookies`` lets the last of two cookies win. A page on another port can
        plant a second one; nobody can know which of them is ours, so neither is taken.
        """
        pairs = (pair.partition("=") for header in cookie_headers for pair in header.split(";"))
        found = {value.strip() for name, _, value in pairs if name.strip() == self.cookie_name}
        browser = found.pop() if len(found) == 1 else ""
        return browser if _BROWSER.fullmatch(browser) else None

    def set_cookie(self, browser: str) -> str:
        """Return the ``Set-Cookie`` that gives a browser its name.

        Not ``Secure``: the server speaks plain HTTP on loopback. It goes when the browser closes.
        """
        return f"{self.cookie_name}={browser}; Path=/; HttpOnly; SameSite=Strict"

    def token(self, browser: str, user_code: str) -> str:
        """Return the token for the form in which this browser decides about this code."""
        message = f"{browser} {user_code}".encode("utf-8", "backslashreplace")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def proves(self, token: str, browser: str, user_code: str) -> bool:
        """Say whether a token is the one for this browser and code."""
        expected = self.token(browser, user_code)
        return hmac.compare_digest(token.encode("utf-8", "backslashreplace"), expected.encode())


WINDOW_S = 60.0
MAX_OF_ONE = 5
"""Wrong codes of one browser in a window."""
MAX_OF_ALL = 20
"""Wrong codes of all browsers in a window: whoever drops the cookie is a new browser each time."""


class CodeAttempts:
    """The wrong codes of the last minute, and who typed them (RFC 8628 §5.1; T-20).

    Once there are too many, no code is looked at any more: not a right one either, or a guesser would
    learn by it. The limit for all browsers together bounds what a stranger can make it remember.
    """

    def __init__(self) -> None:
        self._wrong: deque[tuple[float, str]] = deque(maxlen=MAX_OF_ALL)

    def wait_s(self, browser: str, tick: float) -> float:
        """Return for how many seconds this browser's codes are not looked at; 0 when they are.

        ``tick`` is in real monotonic seconds, so that a step of the simulated clock buys nothing.
        """
        everyone = [at for at, _ in self._wrong]
        own = [at for at, who in self._wrong if who == browser]
        return max(_wait_s(everyone, MAX_OF_ALL, tick), _wait_s(own, MAX_OF_ONE, tick))

    def note_wrong(self, browser: str, tick: float) -> None:
        """Remember that a code of this browser was wrong."""
        self._wrong.append((tick, browser))


def _wait_s(wrong_at: list[float], most: int, tick: float) -> float:
    """Seconds until fewer than ``most`` of these, oldest first, lie within one window."""
    if len(wrong_at) < most:
        return 0.0
    return max(0.0, wrong_at[-most] + WINDOW_S - tick)
