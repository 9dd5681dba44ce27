"""The browser flow, with the browser (wire.md#79, wire.md#51): authorization code with PKCE (RFC 7636)."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from oidc_sim.demo.asking import Answer
from oidc_sim.demo.signing_in import SCOPE, START_URL, FailedError, Stage, granted

REGISTERED = "http://127.0.0.1/oauth/callback"
REDIRECT = "http://127.0.0.1:8991/oauth/callback"
"""Nobody listens there: this browser stops where it is sent there, and is the client itself."""
GRANTS = ("authorization_code", "refresh_token")
MOST_STEPS = 2000
"""Addresses that are followed: the page is shown anew each 52 s, so that is more than a day."""
_HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
_OVER = {404, 410}
"""The page says that the sign-in is forgotten, or over."""


async def sign_in_by_browser(stage: Stage) -> None:
    """Open ``/authorize``, follow it until somebody decides, and redeem the code.

    Raises:
        FailedError: The server answered something that leads nowhere.
        NoAnswerError: There was no answer.
    """
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


async def _follow(stage: Stage, target: str) -> dict[str, str] | None:
    """Go where the pages lead; what the client is told in the end, None where that is nothing."""
    cookies: dict[str, str] = {}
    for _ in range(MOST_STEPS):
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {"Accept": _HTML, **({"Cookie": cookie} if cookie else {})}
        answer = await stage.asking.get(target, headers)
        if answer.status in _OVER:
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


def _cookie(answer: Answer) -> dict[str, str]:
    name, sign, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
    return {name: value} if sign else {}


def _next(answer: Answer) -> tuple[float, str]:
    """In how many seconds the browser goes where."""
    if "location" in answer.headers:
        return 0.0, answer.headers["location"]
    wait, _, there = answer.headers.get("refresh", "").partition("; url=")
    return float(wait) if wait.isascii() and wait.isdigit() else 0.0, there
