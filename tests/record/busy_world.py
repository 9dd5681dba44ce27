"""A world where everything can happen that an engine has events for, told by short scripts.

run([("register", 0), ("device", 0), ("approve", 0), ("poll", 0), ("refresh", 0)]).events
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hypothesis import strategies as st

from oidc_sim.engine import commands as c
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
    Credentials,
    Policy,
    RefreshRotation,
    RoleSession,
)
from oidc_sim.engine.replies import (
    ApplicationTokens,
    Authorized,
    Registered,
    SendBack,
    SignInStarted,
    Tokens,
)
from tests.engine.world import CountingIds, World

Held = TypeVar("Held")
Script = list[tuple[str, int]]
APPLICATION = SEEDED.applications[0]
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://127.0.0.1:5123/oauth/callback"
SCOPE = "sso:account:access"
ODD_NAME = 'pc "é\u202e\x1b]52;\N{PILE OF POO}\\'
"""A client's name is anybody's text."""


class AllIds(CountingIds):
    """Every id that an engine can ask for."""

    def authorization_code(self) -> str:
        return self._secret("SECRET-AUTHORIZATION-CODE")

    def credentials(self, role: RoleSession) -> Credentials:
        return Credentials(
            access_key_id=self._next("ASIA"),
            secret_access_key=self._secret("SECRET-ACCESS-KEY"),
            session_token=self._secret("SECRET-SESSION-TOKEN"),
        )


@dataclass
class Busy:
    """The world, and what its clients hold; each decision is about the nth newest of its kind."""

    world: World
    clients: list[Registered] = field(default_factory=list)
    devices: list[tuple[Registered, Authorized]] = field(default_factory=list)
    sign_ins: list[tuple[Registered | None, str]] = field(default_factory=list)
    """Client (None: the application) and user code of browser sign-ins."""
    codes: list[tuple[Registered | None, str]] = field(default_factory=list)
    tokens: list[tuple[Registered | None, Tokens]] = field(default_factory=list)

    def do(self, word: str, which: int) -> None:
        """Do what the word says, unless there is nothing to do it to."""
        if word in DECISIONS:
            self.decide(DECISIONS[word], which)
        else:
            WORDS[word](self, which)

    def decide(self, decision: type[c.DeviceCommand], which: int) -> None:
        if codes := list(self.world.state.devices):
            self.world.do(decision(codes[-1 - which % len(codes)]))

    def register(self, which: int) -> None:
        """With scopes or without, for the device flow or for the browser."""
        is_browser = which % 3 == 2
        reply = self.world.do(
            c.RegisterClient(
                name=ODD_NAME,
                client_type="public",
                scopes=() if which % 3 == 0 else (SCOPE, "other"),
                grant_types=(AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT) if is_browser else (),
                redirect_uris=("http://127.0.0.1/oauth/callback",) if is_browser else (),
            )
        )
        assert isinstance(reply, Registered)
        self.clients.append(reply)

    def expire_client(self, which: int) -> None:
        """Or take it back."""
        client = newest(self.clients, which)
        if client is not None:
            wish = c.RestoreClient if which % 2 else c.ExpireClient
            self.world.do(wish(client_id=client.client.client_id))

    def device(self, which: int) -> None:
        client = newest(self.clients, which)
        if client is None:
            return
        reply = self.world.do(
            c.AuthorizeDevice(client_id=client.client.client_id, client_secret=client.client_secret)
        )
        if isinstance(reply, Authorized):
            self.devices.append((client, reply))

    def poll(self, which: int) -> None:
        held = newest(self.devices, which)
        if held is None:
            return
        client, authorized = held
        reply = self.world.do(
            c.Poll(
                device_code=authorized.device_code,
                client_id=client.client.client_id,
                client_secret=client.client_secret,
            )
        )
        self.keep(client, reply)

    def browse(self, which: int) -> None:
        """A browser comes for a client, or for the application."""
        client = newest(self.clients, which) if which % 2 else None
        reply = self.world.do(
            c.StartBrowserSignIn(
                client_id=client.client.client_id if client else APPLICATION,
                redirect_uri=REDIRECT,
                response_type="code",
                client_state="state",
                scopes=(),
                code_challenge=CHALLENGE,
                code_challenge_method="S256",
            )
        )
        if isinstance(reply, SignInStarted):
            self.sign_ins.append((client, reply.device.user_code))

    def leave(self, which: int) -> None:
        """A browser is missed, or seen."""
        if held := newest(self.sign_ins, which):
            self.world.do(c.NoteBrowser(user_code=held[1], is_there=which % 2 == 1))

    def send_back(self, which: int) -> None:
        held = newest(self.sign_ins, which)
        if held is None:
            return
        reply = self.world.do(c.FinishBrowserSignIn(held[1]))
        if isinstance(reply, SendBack) and reply.code:
            self.codes.append((held[0], reply.code))

    def redeem(self, which: int) -> None:
        """With the right proof, or now and then a wrong one; a second time is a replay."""
        held = newest(self.codes, which)
        if held is None:
            return
        client, code = held
        verifier = "w" * 43 if which == 5 else VERIFIER
        if client is None:
            self.exchange(
                AUTHORIZATION_CODE_GRANT, code=code, redirect_uri=REDIRECT, code_verifier=verifier
            )
            return
        reply = self.world.do(
            c.RedeemCode(
                code=code,
                redirect_uri=REDIRECT,
                code_verifier=verifier,
                client_id=client.client.client_id,
                client_secret=client.client_secret,
            )
        )
        self.keep(client, reply)

    def refresh(self, which: int) -> None:
        held = newest(self.tokens, which)
        if held is None:
            return
        client, tokens = held
        if client is None:
            self.exchange(REFRESH_TOKEN_GRANT, refresh_token=tokens.refresh_token)
            return
        reply = self.world.do(
            c.Refresh(
                refresh_token=tokens.refresh_token or "none",
                client_id=client.client.client_id,
                client_secret=client.client_secret,
            )
        )
        self.keep(client, reply)

    def assertion(self, which: int) -> None:
        self.exchange(JWT_BEARER_GRANT, assertion=f"a.b.{which}")

    def token_exchange(self, which: int) -> None:
        if held := newest(self.tokens, which):
            self.exchange(TOKEN_EXCHANGE_GRANT, subject_token=held[1].access_token)

    def exchange(self, grant_type: str, **proof: str | None) -> None:
        command = c.ExchangeAtApplication(application=APPLICATION, grant_type=grant_type, **proof)
        reply = self.world.do(command)
        if isinstance(reply, ApplicationTokens):
            self.tokens.append((None, reply.tokens))

    def role(self, which: int) -> None:
        if held := newest(self.tokens, which):
            account = SEEDED.accounts[0]
            self.world.do(
                c.TakeRole(
                    access_token=held[1].access_token,
                    account_id=account.account_id,
                    role_name=account.roles[0],
                )
            )

    def sign_out(self, which: int) -> None:
        if held := newest(self.tokens, which):
            self.world.do(c.SignOut(held[1].access_token))

    def wait(self, which: int) -> None:
        self.world.wait((0.5, 2, 30, 61, 200, 900)[which])

    def auto(self, which: int) -> None:
        self.world.do(c.SetAutoApprove(is_on=which % 2 == 0))

    def sweep(self, _which: int) -> None:
        self.world.do(c.Sweep())

    def reset(self, which: int) -> None:
        if which == 5:
            self.world.do(c.Reset())

    def keep(self, client: Registered, reply: object) -> None:
        if isinstance(reply, Tokens):
            self.tokens.append((client, reply))


def newest(held: list[Held], which: int) -> Held | None:
    return held[-1 - which % len(held)] if held else None


DECISIONS: Mapping[str, type[c.DeviceCommand]] = {
    "approve": c.Approve,
    "deny": c.Deny,
    "expire": c.Expire,
    "slow_down": c.SlowDown,
    "undo": c.Undo,
}
WORDS: Mapping[str, Callable[[Busy, int], None]] = {
    work.__name__: work
    for work in (
        Busy.register,
        Busy.expire_client,
        Busy.device,
        Busy.poll,
        Busy.browse,
        Busy.leave,
        Busy.send_back,
        Busy.redeem,
        Busy.refresh,
        Busy.assertion,
        Busy.token_exchange,
        Busy.role,
        Busy.sign_out,
        Busy.wait,
        Busy.auto,
        Busy.sweep,
        Busy.reset,
    )
}
POLICY = Policy(
    lifetime_s=60,
    code_lifetime_s=60,
    token_lifetime_s=200,
    session_lifetime_s=800,
    registration_lifetime_s=900,
    max_clients=4,
    max_devices=5,
    max_sessions=4,
)
"""Short lives and small numbers, so that every bound is reached."""

scripts: st.SearchStrategy[Script] = st.lists(
    st.tuples(st.sampled_from([*DECISIONS, *WORDS]), st.integers(0, 5)), max_size=60
)
FULL: Script = [
    *[("register", n) for n in (0, 1, 2)],
    *[("device", n) for n in (0, 1, 2, 1)],
    *[("slow_down", 0), ("poll", 0), ("slow_down", 0), ("undo", 0), ("deny", 0), ("undo", 0)],
    *[("approve", n) for n in (0, 1)],
    *[("poll", n) for n in (0, 1, 2, 3)],
    *[("browse", 0), ("approve", 0), ("send_back", 0), ("redeem", 0), ("refresh", 0)],
    *[("register", 2), ("browse", 1), ("approve", 0), ("send_back", 0), ("redeem", 5)],
    *[("browse", 1), ("approve", 0), ("send_back", 0), ("redeem", 0), ("role", 0)],
    *[("refresh", 0), ("refresh", 1), ("assertion", 0), ("token_exchange", 0), ("role", 1)],
    *[("redeem", 0), ("sign_out", 0), ("expire", 0), ("device", 1), ("poll", 0)],
    *[("auto", 0), ("device", 1), ("approve", 0), ("undo", 0), ("auto", 1)],
    *[("browse", 0), ("leave", 0), ("leave", 1), ("deny", 0), ("send_back", 0)],
    *[("expire_client", n) for n in (0, 4, 1)],
]
"""Everything once or twice, but for what needs a long time."""


def run(
    script: Iterable[tuple[str, int]],
    rotation: RefreshRotation = RefreshRotation.REUSE,
    policy: Policy = POLICY,
) -> World:
    """A world after this script."""
    busy = Busy(World(policy=replace(policy, refresh_rotation=rotation), ids=AllIds()))
    for word, which in script:
        busy.do(word, which)
    return busy.world
