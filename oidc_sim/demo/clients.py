"""Signs demo clients in, from registration to the end, by device flow or by browser.

The device flow is RFC 8628's as AWS speaks it (wire.md#77, wire.md#78); the browser flow is authorization
code with PKCE (RFC 7636; wire.md#79, wire.md#51), with a browser of its own.
"""

import hashlib
import logging
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from oidc_sim.demo.asking import Asking, DemoAnswer, UnansweredError
from oidc_sim.demo.performance import Performance

START_URL = "https://d-1234567890.awsapps.com/start"
SCOPE = "sso:account:access"
Sleep = Callable[[float], Awaitable[object]]
"""Waits so many seconds."""


class FailedError(Exception):
    """The server's answer leaves a client nothing to do; the text is for a person."""


@dataclass(frozen=True, slots=True)
class DemoStage:
    """A client's way to the server, and its clock."""

    performance: Performance
    asking: Asking
    sleep: Sleep

    async def register(self, **members: Any) -> dict[str, Any]:
        """Register (wire.md#1); gives the id and the secret as every later request has them."""
        about = {"clientName": self.performance.client, "clientType": "public", "scopes": [SCOPE]}
        given = granted(await self.asking.post("/client/register", {**about, **members}))
        return {name: given.get(name) for name in ("clientId", "clientSecret")}


def granted(answer: DemoAnswer) -> Mapping[str, Any]:
    """Give the members of a good answer; any other one raises ``FailedError``."""
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise FailedError(error_of(answer))
    return answer.members


def error_of(answer: DemoAnswer) -> str:
    """Give the error in a word, else the status."""
    error = answer.members.get("error")
    return error if isinstance(error, str) else f"HTTP {answer.status}"


DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LEAST_S = 0.2
"""Between two polls, however short the interval: a demo is no load test."""
SLOWER_BY_S = 5
"""RFC 8628 §3.5."""
MOST_FAILURES = 3
"""Polls in a row that may fail in the server or on the way, as SDKs retry."""
_OVER = {"access_denied", "expired_token", "invalid_grant"}
_SERVERS_FAULT = 500
_TOO_MANY = 429


async def sign_in_by_device(stage: DemoStage) -> None:
    """Ask for a code and poll until it is collected, denied or expired.

    ``FailedError`` and ``NoAnswerError`` end it, as they end every way to sign in.
    """
    who = await stage.register()
    start = await stage.asking.post("/device_authorization", {**who, "startUrl": START_URL})
    given = granted(start)
    poll = {**who, "deviceCode": given.get("deviceCode"), "grantType": DEVICE_GRANT}
    await _poll(stage, poll, float(given.get("interval") or 0))


async def _poll(stage: DemoStage, poll: dict[str, Any], interval_s: float) -> None:
    failures = 0
    while failures < MOST_FAILURES:
        await stage.sleep(max(LEAST_S, interval_s * stage.performance.pace))
        error = await _asked(stage, poll)
        failures = failures + 1 if error is None else 0
        if error in _OVER or error == "":
            return
        if error == "slow_down" and stage.performance.heeds:
            interval_s += SLOWER_BY_S
        elif error not in {None, "authorization_pending", "slow_down"}:
            raise FailedError(f"its poll got {error}")
    raise FailedError(f"{MOST_FAILURES} polls in a row got no usable answer")


async def _asked(stage: DemoStage, poll: dict[str, Any]) -> str | None:
    """Poll once: the error in a word, empty with the token; None where another try may help."""
    try:
        answer = await stage.asking.post("/token", poll)
    except UnansweredError:
        return None
    return _word(answer)


def _word(answer: DemoAnswer) -> str | None:
    if answer.status >= _SERVERS_FAULT or answer.status == _TOO_MANY:
        return None
    if answer.members.get("accessToken"):
        return ""
    return error_of(answer) if answer.members.get("error") else None


REGISTERED = "http://127.0.0.1/oauth/callback"
REDIRECT = "http://127.0.0.1:8991/oauth/callback"
"""Nobody listens there: this browser stops where it is sent there, and is the client itself."""
GRANTS = ("authorization_code", "refresh_token")
MOST_STEPS = 2000
"""Addresses that are followed: the page is shown anew each 52 s, so that is more than a day."""
_HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
_BROWSER_OVER = {404, 410}
"""The page says that the sign-in is forgotten, or over."""


async def sign_in_by_browser(stage: DemoStage) -> None:
    """Open ``/authorize``, follow it until somebody decides, and redeem the code."""
    who = await stage.register(
        grantTypes=list(GRANTS), redirectUris=[REGISTERED], issuerUrl=START_URL
    )
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    back = await _follow(stage, _address(str(who["clientId"]), verifier, state))
    if back is None or "error" in back:
        return  # expired, or denied: the client was told
    if back.get("state") != state or "code" not in back:
        raise FailedError("the browser came back without the code of its own sign-in")
    redeem = {"grantType": GRANTS[0], "code": back["code"], "codeVerifier": verifier}
    granted(await stage.asking.post("/token", {**who, **redeem, "redirectUri": REDIRECT}))


def _address(client_id: str, verifier: str, state: str) -> str:
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": REDIRECT,
        "state": state,
        "code_challenge_method": "S256",
        "scopes": SCOPE,
        "code_challenge": challenge.decode(),
    }
    return f"/authorize?{urlencode(query, quote_via=quote)}"


async def _follow(stage: DemoStage, target: str) -> dict[str, str] | None:
    """Follow where the pages lead; gives what the client is told in the end, None for nothing."""
    cookies: dict[str, str] = {}
    for _ in range(MOST_STEPS):
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {"Accept": _HTML, **({"Cookie": cookie} if cookie else {})}
        answer = await stage.asking.get(target, headers)
        if answer.status in _BROWSER_OVER:
            return None
        cookies |= _cookie(answer)
        wait_s, there = _next(answer)
        if there.startswith(REDIRECT):
            return {name: values[-1] for name, values in parse_qs(urlsplit(there).query).items()}
        if not there.startswith("/"):
            raise FailedError(f"its browser got HTTP {answer.status}, which leads nowhere")
        await stage.sleep(wait_s)
        target = there
    raise FailedError("its browser was sent round in circles")


def _cookie(answer: DemoAnswer) -> dict[str, str]:
    name, sign, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
    return {name: value} if sign else {}


def _next(answer: DemoAnswer) -> tuple[float, str]:
    """Give the seconds to wait, and the address that the browser goes to then."""
    if "location" in answer.headers:
        return 0.0, answer.headers["location"]
    wait, _, there = answer.headers.get("refresh", "").partition("; url=")
    return float(wait) if wait.isascii() and wait.isdigit() else 0.0, there


async def perform(performance: Performance, url: str, sleep: Sleep) -> str | None:
    """Sign in as this client does; gives a sentence about what went wrong, if something did."""
    asking = Asking(url, f"{performance.client} oidc-sim")
    stage = DemoStage(performance, asking, sleep)
    try:
        if performance.is_browser:
            await sign_in_by_browser(stage)
        else:
            await sign_in_by_device(stage)
    except (FailedError, UnansweredError) as error:
        return f"{performance.client} ended: {error}"
    except Exception as error:
        logging.getLogger("oidc_sim.demo").exception("a demo client ended")
        return f"{performance.client} ended: {type(error).__name__}"
    return None
