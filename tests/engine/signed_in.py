"""A signed-in client in a test's hand: what it may do with its tokens, and until when.

ours = signed_in(world)
assert ours.refresh() == "token"
ours.sign_out()
assert ours.look_up() == "invalid_token"
"""

from dataclasses import dataclass, replace

from oidc_sim.engine.commands import Approve, Refresh, SignOut, TakeRole, UseToken
from oidc_sim.engine.directory import SEEDED, Session
from oidc_sim.engine.replies import Registered, Reply, Tokens
from tests.engine.world import World, said

SCOPE = "sso:account:access"
SANDBOX = SEEDED.accounts[0]


@dataclass(frozen=True)
class SignedIn:
    """A client with the tokens of one answer."""

    world: World
    client_id: str
    client_secret: str
    tokens: Tokens

    @property
    def session(self) -> Session:
        return self.world.state.sessions[self.tokens.user_code]

    def request(self) -> Refresh:
        assert self.tokens.refresh_token is not None
        return Refresh(
            refresh_token=self.tokens.refresh_token,
            client_id=self.client_id,
            client_secret=self.client_secret,
        )

    def refresh(self, **changes: str) -> str:
        """Refresh, and give the reply in a word."""
        return said(self.world.do(replace(self.request(), **changes)))

    def refreshed(self) -> "SignedIn":
        """Refresh, and hold what comes."""
        reply = self.world.do(self.request())
        assert isinstance(reply, Tokens), reply
        return replace(self, tokens=reply)

    def look_up(self) -> str:
        """Show the access token, and give the reply in a word."""
        return said(self.world.do(UseToken(self.tokens.access_token)))

    def take_role(
        self, account_id: str = SANDBOX.account_id, role_name: str = SANDBOX.roles[0]
    ) -> Reply:
        return self.world.do(
            TakeRole(
                access_token=self.tokens.access_token, account_id=account_id, role_name=role_name
            )
        )

    def sign_out(self) -> Reply:
        return self.world.do(SignOut(self.tokens.access_token))


def signed_in(
    world: World, *scopes: str, registered: Registered | None = None, is_scoped: bool = True
) -> SignedIn:
    """A client that went through the device flow, with portal access unless told otherwise."""
    wanted = (scopes or (SCOPE,)) if is_scoped else ()
    pc = world.authorize(registered or world.register(*wanted))
    world.do(Approve(pc.user_code))
    reply = pc.ask()
    assert isinstance(reply, Tokens), reply
    return SignedIn(world, pc.client_id, pc.client_secret, reply)
