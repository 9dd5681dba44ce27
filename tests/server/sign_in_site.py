"""A client that signs in by browser, and the browsers that come for it."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from oidc_sim.engine.commands import RedeemCode, RegisterClient
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT, Device
from oidc_sim.engine.replies import Refused, Registered, Tokens
from tests.server.page_reader import PageReader
from tests.server.page_site import Browser, Site
from tests.server.raw_http import PATIENCE_S, RawAnswer

HTML = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SCOPE = "sso:account:access"
REGISTERED = "http://127.0.0.1/oauth/callback"
REDIRECT = "http://127.0.0.1:45001/oauth/callback"
STATE = "5c0ef8b3-7a0e-4f25-9d0f-51cd8b6ff0f1"
VERIFIER = "a-verifier~of.43_characters-and-no-more-now"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class CodeClient:
    """A client that is registered as the AWS CLI registers (wire.md#79)."""

    site: Site
    client_id: str
    client_secret: str

    @property
    def parameters(self) -> dict[str, str]:
        """As the AWS CLI builds them, in its order (wire.md#51)."""
        return {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": REDIRECT,
            "state": STATE,
            "code_challenge_method": "S256",
            "scopes": SCOPE,
            "code_challenge": CHALLENGE,
        }

    def address(self, **changes: str | None) -> str:
        """The request target that the browser is opened with; None leaves a parameter out."""
        given = {k: v for k, v in {**self.parameters, **changes}.items() if v is not None}
        return f"/authorize?{urlencode(given, quote_via=quote)}"

    def redeem(self, code: str, **changes: str | None) -> str:
        """What the code is exchanged for, in a word."""
        members: dict[str, str | None] = {"redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        reply = self.site.simulator.dispatch(
            RedeemCode(
                code=code,
                client_id=self.client_id,
                client_secret=self.client_secret,
                **{**members, **changes},
            )
        )
        if isinstance(reply, Tokens):
            return "token"
        assert isinstance(reply, Refused)
        return reply.reason.value


def code_client(
    site: Site, name: str = "demo-cli", scopes: tuple[str, ...] = (SCOPE,)
) -> CodeClient:
    """Register one."""
    registered = site.simulator.dispatch(
        RegisterClient(
            name=name,
            client_type="public",
            scopes=scopes,
            grant_types=(AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT),
            redirect_uris=(REGISTERED,),
        )
    )
    assert isinstance(registered, Registered)
    return CodeClient(site, registered.client.client_id, registered.client_secret)


@dataclass(frozen=True)
class Page:
    """A browser on the page of its sign-in."""

    browser: Browser
    address: str
    user_code: str

    async def show(self) -> RawAnswer:
        """Reload."""
        return await self.browser.get(self.address, HTML)

    async def form(self) -> dict[str, str]:
        """All of the page's form but the button."""
        answer = await self.show()
        assert answer.status == 200, answer
        return PageReader.of(answer).hidden_fields

    async def press(self, decision: str) -> RawAnswer:
        """Press a button."""
        form = {**await self.form(), "decision": decision}
        return await self.browser.post(form, target="/sign-in")

    @property
    def waiting(self) -> str:
        """The address that is held."""
        return self.address.replace("/sign-in?", "/sign-in/wait?")


async def open_page(
    site: Site, client: CodeClient, browser: Browser | None = None, **changes: str | None
) -> Page:
    """Begin a sign-in with a browser, and follow it to its page."""
    browser = browser or site.browser()
    answer = await browser.get(client.address(**changes), HTML)
    assert answer.status == 303, answer
    address = str(answer.header("Location"))
    return Page(browser, address, parse_qs(urlsplit(address).query)["user_code"][0])


async def begun(site: Site, known: int = 0) -> Device:
    """The newest sign-in, as soon as there are more than were known."""
    async with asyncio.timeout(PATIENCE_S):
        while len(site.simulator.state.devices) <= known:  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(0)
    return list(site.simulator.state.devices.values())[-1]


def told(answer: RawAnswer, status: int = 302) -> dict[str, str]:
    """What a redirect tells the client at its own address."""
    assert answer.status == status, answer
    there, _, query = str(answer.header("Location")).partition("?")
    assert there == REDIRECT
    return {name: value for name, (value,) in parse_qs(query).items()}
