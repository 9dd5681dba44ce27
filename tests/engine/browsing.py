"""A browser sign-in in a test's hand: begun, decided by the operator, finished, its code redeemed.

browser = sign_in_by_browser(world)
world.do(Approve(browser.user_code))
assert browser.redeem(browser.code()) == "token"
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any

from oidc_sim.engine.commands import (
    Approve,
    FinishBrowserSignIn,
    NoteBrowser,
    RedeemCode,
    StartBrowserSignIn,
)
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    Device,
    DeviceState,
)
from oidc_sim.engine.replies import Registered, Reply, SendBack, SignInStarted
from tests.engine.world import World, said

REDIRECT = "http://127.0.0.1:5123/oauth/callback"
REGISTERED_REDIRECT = "http://127.0.0.1/oauth/callback"
SCOPE = "sso:account:access"
VERIFIER = "a-verifier~of.43_characters-and-no-more-now"
GRANTS = (AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT)


def challenge_of(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def register_for_browser(world: World, *scopes: str) -> Registered:
    """A client as the AWS CLI registers one for this grant (wire.md#79)."""
    return world.register(
        *(scopes or (SCOPE,)), grant_types=GRANTS, redirect_uris=(REGISTERED_REDIRECT,)
    )


def request_of(client_id: str, client_state: str = "the-state") -> StartBrowserSignIn:
    """A request that nothing is wrong with."""
    return StartBrowserSignIn(
        client_id=client_id,
        redirect_uri=REDIRECT,
        response_type="code",
        client_state=client_state,
        scopes=(),
        code_challenge=challenge_of(VERIFIER),
        code_challenge_method="S256",
    )


@dataclass(frozen=True)
class Browsing:
    """A client and the browser that it opened."""

    world: World
    client_id: str
    client_secret: str
    user_code: str

    @property
    def device(self) -> Device:
        return self.world.state.devices[self.user_code]

    @property
    def state(self) -> DeviceState:
        return self.device.state(self.world.now.at)

    def finish(self) -> Reply:
        """The browser asks where to go."""
        return self.world.do(FinishBrowserSignIn(self.user_code))

    def note(self, *, is_there: bool, ago_s: float = 0.0) -> None:
        """The server has seen that the browser is there, or was."""
        self.world.do(NoteBrowser(user_code=self.user_code, is_there=is_there, ago_s=ago_s))

    def look(self) -> str:
        """The same, in a word."""
        return said(self.finish())

    def code(self) -> str:
        """The code that the browser is sent back with; somebody has approved."""
        reply = self.finish()
        assert isinstance(reply, SendBack), reply
        assert reply.code is not None
        return reply.code

    def approved_code(self) -> str:
        """The same, after the operator approved."""
        self.world.do(Approve(self.user_code))
        return self.code()

    def redemption(self, code: str) -> RedeemCode:
        """A request that nothing is wrong with but, perhaps, the code."""
        return RedeemCode(
            code=code,
            redirect_uri=REDIRECT,
            code_verifier=VERIFIER,
            client_id=self.client_id,
            client_secret=self.client_secret,
        )

    def redeem(self, code: str, **changes: Any) -> str:
        """Redeem it, and give the reply in a word."""
        return said(self.world.do(replace(self.redemption(code), **changes)))


def sign_in_by_browser(
    world: World, registered: Registered | None = None, client_state: str = "the-state"
) -> Browsing:
    """A browser that came for this client, or for a new one."""
    ours = registered or register_for_browser(world)
    client_id = ours.client.client_id
    reply = world.do(request_of(client_id, client_state))
    assert isinstance(reply, SignInStarted), reply
    return Browsing(world, client_id, ours.client_secret, reply.device.user_code)
