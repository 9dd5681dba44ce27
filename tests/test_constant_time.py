"""Secrets are compared in constant time, and nothing else decides (T-22).

Without timing: the comparison itself is replaced by one that takes notes and has made up its mind. Where
it says no, the right secret must fail, and where it says yes, a wrong one must pass.
"""

import asyncio
import hmac
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from oidc_sim.engine.commands import Approve
from oidc_sim.engine.model import RoleSession
from oidc_sim.engine.registration import authenticate
from oidc_sim.server.pages.forms import PageSessions
from oidc_sim.wire.credentials import is_issued_here, read_session_token, role_credentials
from oidc_sim.wire.portal import BAD_TOKEN, ListPage, next_token, read_page
from oidc_sim.wire.sigv4 import Signature, is_signed_by, read_signature
from tests.architecture.sources import PACKAGE, sources
from tests.engine.browsing import VERIFIER, sign_in_by_browser
from tests.engine.world import World
from tests.server.world import open_world
from tests.wire.signing import SECRET, signed

KEY = b"k" * 32
ROLE = RoleSession(
    session_id="BCDF-GHJK",
    account_id="111122223333",
    role_name="Admin",
    user_name="u",
    expires_at=1767556307,
)
CREDENTIALS = role_credentials(random.Random(1), KEY, ROLE)
_COMPARE = hmac.compare_digest


class Judge:
    """Stands in for ``hmac.compare_digest``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.verdict: bool | None = None
        self.compared: list[tuple[bytes | str, bytes | str]] = []
        monkeypatch.setattr(hmac, "compare_digest", self._decide)

    def _decide(self, one: bytes, other: bytes) -> bool:
        self.compared.append((one, other))
        return _COMPARE(one, other) if self.verdict is None else self.verdict


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    return Judge(monkeypatch)


def other_end(text: str) -> str:
    """The same but for its last character."""
    return text[:-1] + ("A" if text[-1] != "A" else "B")


def client_secret(change: Callable[[str], str]) -> bool:
    world = World()
    known = world.register()
    secret = change(known.client_secret)
    return authenticate(world.state, known.client.client_id, secret) is not None


def control_token(change: Callable[[str], str]) -> bool:
    async def ask() -> int:
        async with open_world() as world:
            token = change(world.server.control_token)
            answer = await world.call("GET", "/_sim/state", b"", f"Authorization: Bearer {token}")
            return answer.status

    return asyncio.run(ask()) == 200


def page_token(change: Callable[[str], str]) -> bool:
    sessions = PageSessions(1)
    return sessions.proves(change(sessions.token("browser", "code")), "browser", "code")


def code_verifier(change: Callable[[str], str]) -> bool:
    world = World()
    browsing = sign_in_by_browser(world)
    world.do(Approve(browsing.user_code))
    return browsing.redeem(browsing.code(), code_verifier=change(VERIFIER)) == "token"


def access_key(change: Callable[[str], str]) -> bool:
    return is_issued_here(KEY, change(CREDENTIALS.access_key_id))


def page_of_a_list(change: Callable[[str], str]) -> bool:
    token = next_token(ListPage(0, 20), 50, "accounts", KEY) or ""
    # The seal comes first: a change at the end would be one of what is sealed.
    turned = change(token[:4]) + token[4:]
    return read_page({"next_token": turned}, "accounts", KEY) is not BAD_TOKEN


def signature(change: Callable[[str], str]) -> bool:
    request = signed()
    read = read_signature(request)
    assert isinstance(read, Signature)
    return is_signed_by(request, replace(read, value=change(read.value)), SECRET)


DOORS = {
    "oidc_sim.engine.registration": client_secret,
    "oidc_sim.server.entrance": control_token,
    "oidc_sim.server.pages.forms": page_token,
    "oidc_sim.engine.browser": code_verifier,
    "oidc_sim.wire.credentials": access_key,
    "oidc_sim.wire.portal": page_of_a_list,
    "oidc_sim.wire.sigv4": signature,
}
"""One thing that is secret in each module that compares any."""


@pytest.mark.parametrize("door", DOORS.values(), ids=lambda it: it.__name__)
def test_nothing_but_the_constant_time_comparison_decides(
    door: Callable[[Callable[[str], str]], bool], judge: Judge
) -> None:
    assert door(str)
    assert not door(other_end)
    judge.compared.clear()
    judge.verdict = False
    assert not door(str)
    judge.verdict = True
    assert door(other_end)
    assert len(judge.compared) >= 2


def test_every_module_that_compares_secrets_is_tested_here() -> None:
    comparing = {it.module for it in sources(PACKAGE) if "hmac.compare_digest(" in it.text}
    assert comparing == set(DOORS)


def test_a_session_tokens_seal_is_compared_in_constant_time(judge: Judge) -> None:
    assert read_session_token(KEY, CREDENTIALS.session_token) == (CREDENTIALS.access_key_id, ROLE)
    judge.verdict = False
    assert read_session_token(KEY, CREDENTIALS.session_token) is None


@pytest.mark.parametrize("secret", ["", "x", "SECRET-OF-CLIENT-0001"])
def test_an_unknown_client_costs_the_same_comparison(secret: str, judge: Judge) -> None:
    world = World()
    known = world.register()
    for client_id in (known.client.client_id, "unknown"):
        judge.compared.clear()
        found = authenticate(world.state, client_id, secret)
        assert (found is not None) is ((client_id, secret) == KNOWN)
        ((sent, kept),) = judge.compared
        assert len(sent) == len(kept) == 64


KNOWN = ("client-0001", "SECRET-OF-CLIENT-0001")


def test_not_even_a_comparison_that_says_yes_lets_an_unknown_client_in(judge: Judge) -> None:
    judge.verdict = True
    assert authenticate(World().state, "unknown", "") is None


def test_a_control_token_in_another_scheme_is_compared_all_the_same(judge: Judge) -> None:
    async def ask() -> list[int]:
        async with open_world() as world:
            wrong = ("", "Bearer", "Basic eA==", f"Basic {world.server.control_token}")
            answers = [
                await world.call(
                    "GET", "/_sim/state", b"", *([f"Authorization: {it}"] if it else [])
                )
                for it in wrong
            ]
            return [it.status for it in answers]

    assert asyncio.run(ask()) == [401] * 4
    assert len(judge.compared) == 4
