"""Redeeming an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.6; T-24, T-25)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from oidc_sim.engine.commands import Approve, Deny, DeviceCommand, Expire, Sweep, Undo
from oidc_sim.engine.events import CodeRevoked, SessionEnd, SessionEnded, TokenIssued
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DeviceState, Policy, digest
from oidc_sim.engine.replies import Impossible, Reason, Refused, Tokens
from tests.engine.browsing import (
    REDIRECT,
    REGISTERED_REDIRECT,
    SCOPE,
    VERIFIER,
    Browsing,
    challenge_of,
    register_for_browser,
    request_of,
    sign_in_by_browser,
)
from tests.engine.signed_in import SignedIn, signed_in
from tests.engine.world import START, TOKEN, World, said

CODE_LIFETIME_S = 300
REGISTRATION_S = 90 * 86400
HOUR_S = 3600


@pytest.fixture
def world() -> World:
    return World(policy=Policy(code_lifetime_s=CODE_LIFETIME_S))


@pytest.fixture
def browser(world: World) -> Browsing:
    return sign_in_by_browser(world)


def redeemed(browser: Browsing, code: str) -> SignedIn:
    reply = browser.world.do(browser.redemption(code))
    assert isinstance(reply, Tokens), reply
    return SignedIn(browser.world, browser.client_id, browser.client_secret, reply)


def test_a_code_is_redeemed_for_tokens(browser: Browsing) -> None:
    ours = redeemed(browser, browser.approved_code())
    assert ours.look_up() == "welcome"
    assert ours.refresh() == TOKEN
    assert ours.tokens.lifetime_s == HOUR_S
    assert browser.state is DeviceState.COLLECTED


def test_a_redeemed_code_begins_a_session_with_the_scopes_that_were_asked_for(
    world: World,
) -> None:
    ours = register_for_browser(world, SCOPE, "a:b")
    world.do(replace(request_of(ours.client.client_id), scopes=(SCOPE,)))
    browser = Browsing(world, ours.client.client_id, ours.client_secret, "USER-0001")
    redeemed(browser, browser.approved_code())
    assert world.state.sessions["USER-0001"].scopes == (SCOPE,)


def test_without_the_refresh_grant_there_is_no_refresh_token(world: World) -> None:
    registered = world.register(
        SCOPE, grant_types=(AUTHORIZATION_CODE_GRANT,), redirect_uris=(REGISTERED_REDIRECT,)
    )
    browser = sign_in_by_browser(world, registered)
    assert redeemed(browser, browser.approved_code()).tokens.refresh_token is None


def test_what_is_kept_of_a_redemption_is_digests(browser: Browsing) -> None:
    code = browser.approved_code()
    (issued,) = browser.world.news(browser.redemption(code))
    assert isinstance(issued, TokenIssued)
    assert issued.user_code == browser.user_code
    assert issued.access_digest in browser.world.state.access_tokens
    assert digest(code) in browser.world.state.user_codes
    assert browser.world.state.clients[browser.client_id].last_seen_at == issued.at


# --- proof ----------------------------------------------------------------------------------------

OTHER = "another-verifier.of_43~characters-and-no-mo"
LONGEST = "v" * 128
PKCE = [
    # challenge asked with, verifier redeemed with, answer
    (challenge_of(VERIFIER), VERIFIER, TOKEN),
    (challenge_of(LONGEST), LONGEST, TOKEN),
    (challenge_of(VERIFIER), OTHER, "invalid_grant"),
    (challenge_of(VERIFIER), None, "invalid_grant"),
    (challenge_of(VERIFIER), "", "invalid_grant"),
    (challenge_of(VERIFIER), challenge_of(VERIFIER), "invalid_grant"),
    (challenge_of(VERIFIER[:-1]), VERIFIER[:-1], "invalid_grant"),
    (challenge_of(LONGEST + "v"), LONGEST + "v", "invalid_grant"),
    (challenge_of(VERIFIER[:-1] + "+"), VERIFIER[:-1] + "+", "invalid_grant"),
    (challenge_of(VERIFIER + "\n"), VERIFIER + "\n", "invalid_grant"),
    (VERIFIER.replace("~", "-").replace(".", "-"),) * 2 + ("invalid_grant",),
]
"""The right one, the longest; a wrong one, none, an empty one, the challenge itself; too short, too
long, of other characters; ``plain`` in disguise."""


@pytest.mark.parametrize(("challenge", "verifier", "answer"), PKCE)
def test_a_code_wants_the_verifier_of_its_challenge(
    world: World, challenge: str, verifier: str | None, answer: str
) -> None:
    """RFC 7636 §4.6, and no downgrade (RFC 9700 §4.8.2)."""
    ours = register_for_browser(world)
    world.do(replace(request_of(ours.client.client_id), code_challenge=challenge))
    browser = Browsing(world, ours.client.client_id, ours.client_secret, "USER-0001")
    assert browser.redeem(browser.approved_code(), code_verifier=verifier) == answer


def test_there_is_no_sign_in_without_a_challenge_to_send_a_verifier_for(world: World) -> None:
    """The downgrade's other half: a verifier without a challenge cannot come to be."""
    ours = register_for_browser(world).client.client_id
    for method in (None, "plain", "S256"):
        asked = replace(request_of(ours), code_challenge=None, code_challenge_method=method)
        assert said(world.do(asked)) == "invalid_request"
    assert world.state.devices == {}


WRONG_PROOF: list[dict[str, str | None]] = [
    {"code_verifier": OTHER},
    {"code_verifier": None},
    {"code_verifier": "short"},
    {"code_verifier": VERIFIER + "\u00e9"},
    {"redirect_uri": None},
    {"redirect_uri": ""},
    {"redirect_uri": REGISTERED_REDIRECT},
    {"redirect_uri": REDIRECT.replace("5123", "5124")},
    {"redirect_uri": REDIRECT + "/"},
    {"redirect_uri": "http://evil/oauth/callback"},
]


@pytest.mark.parametrize("fault", WRONG_PROOF, ids=ascii)
def test_a_code_that_comes_with_the_wrong_proof_is_revoked(
    browser: Browsing, fault: dict[str, str | None]
) -> None:
    """T-24, T-25: whoever guesses has one guess."""
    code = browser.approved_code()
    heard = len(browser.world.events)
    assert browser.redeem(code, **fault) == "invalid_grant"
    revoked = CodeRevoked(at=START.at, user_code=browser.user_code)
    assert browser.world.events[heard:] == [revoked]
    assert browser.redeem(code) == "invalid_grant"
    assert browser.world.state.sessions == {}


def test_a_code_is_revoked_once(browser: Browsing) -> None:
    code = browser.approved_code()
    for _ in range(3):
        assert browser.redeem(code, code_verifier=OTHER) == "invalid_grant"
    revoked = [event for event in browser.world.events if isinstance(event, CodeRevoked)]
    assert len(revoked) == 1


def test_no_decision_brings_a_revoked_code_back(browser: Browsing) -> None:
    code = browser.approved_code()
    browser.redeem(code, code_verifier=OTHER)
    decisions: list[type[DeviceCommand]] = [Undo, Approve, Undo, Expire, Undo, Undo, Approve]
    for decision in decisions:
        browser.world.do(decision(browser.user_code))
        assert browser.redeem(code) == "invalid_grant"


def test_a_revoked_code_says_why_it_cannot_be_approved(browser: Browsing) -> None:
    browser.redeem(browser.approved_code(), code_verifier=OTHER)
    reply = browser.world.do(Deny(browser.user_code))
    assert isinstance(reply, Impossible)
    assert reply.why == "its code came with the wrong proof, and is revoked"


# --- whose code, which code -----------------------------------------------------------------------


def test_a_code_of_another_client_is_refused_and_stays_good(world: World) -> None:
    """It is no proof of a theft from us: a stranger could end every sign-in that way."""
    ours, theirs = sign_in_by_browser(world), sign_in_by_browser(world)
    code = ours.approved_code()
    heard = len(world.events)
    reply = world.do(theirs.redemption(code))
    assert reply == Refused(Reason.INVALID_GRANT, ours.user_code, theirs.client_id)
    assert len(world.events) == heard
    assert ours.redeem(code) == TOKEN


@pytest.mark.parametrize("fault", [{"client_secret": "x"}, {"client_id": "client-9999"}])
def test_a_good_code_with_a_bad_client_is_an_invalid_client_and_stays_good(
    browser: Browsing, fault: dict[str, str]
) -> None:
    code = browser.approved_code()
    assert browser.redeem(code, **fault) == "invalid_client"
    assert browser.redeem(code) == TOKEN


def test_the_code_is_looked_at_before_the_client_is(browser: Browsing) -> None:
    assert browser.redeem("x", client_id="x", client_secret="x") == "invalid_grant"


def test_a_device_code_is_no_authorization_code(world: World) -> None:
    browser, pc = sign_in_by_browser(world), world.sign_in()
    world.do(Approve(pc.user_code))
    assert browser.redeem(pc.device_code) == "invalid_grant"
    assert browser.redeem(pc.device_code, client_secret="x") == "invalid_grant"
    assert pc.poll() == TOKEN


@pytest.mark.parametrize("kind", ["user_code", "digest", "empty"])
def test_nothing_else_is_a_code(browser: Browsing, kind: str) -> None:
    code = browser.approved_code()
    no_codes = {"user_code": browser.user_code, "digest": digest(code), "empty": ""}
    assert browser.redeem(no_codes[kind]) == "invalid_grant"
    assert browser.redeem(code) == TOKEN


@pytest.mark.parametrize("early_s", [0.001, 0])
def test_a_redemption_wants_a_registration_in_its_time(early_s: float) -> None:
    world = World(policy=Policy(code_lifetime_s=CODE_LIFETIME_S, registration_lifetime_s=100))
    browser = sign_in_by_browser(world)
    code = browser.approved_code()
    world.wait(100 - early_s)
    assert browser.redeem(code) == (TOKEN if early_s else "invalid_client")


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("early_s", "answer"), [(0.001, TOKEN), (0, "invalid_grant"), (-0.001, "invalid_grant")]
)
def test_a_code_expires_to_the_millisecond(browser: Browsing, early_s: float, answer: str) -> None:
    """Counted from when the code was issued, not from when the browser came."""
    browser.world.wait(500)
    code = browser.approved_code()
    browser.world.wait(CODE_LIFETIME_S - early_s)
    assert browser.redeem(code) == answer


def approved_and_undone(browser: Browsing) -> None:
    browser.world.do(Undo(browser.user_code))


def undone_and_denied(browser: Browsing) -> None:
    browser.world.do(Undo(browser.user_code))
    browser.world.do(Deny(browser.user_code))


def ended(browser: Browsing) -> None:
    browser.world.do(Expire(browser.user_code))


@pytest.mark.parametrize("prepare", [approved_and_undone, undone_and_denied, ended])
def test_a_code_is_good_only_while_its_approval_stands(
    browser: Browsing, prepare: Callable[[Browsing], None]
) -> None:
    code = browser.approved_code()
    prepare(browser)
    assert browser.redeem(code) == "invalid_grant"
    assert browser.world.state.sessions == {}


# --- once -----------------------------------------------------------------------------------------


def test_of_fifty_redemptions_exactly_one_succeeds(browser: Browsing) -> None:
    code = browser.approved_code()
    answers = [browser.redeem(code) for _ in range(50)]
    assert answers == [TOKEN] + ["invalid_grant"] * 49


def test_a_code_that_comes_twice_ends_the_session_that_it_began(browser: Browsing) -> None:
    """RFC 6749 §4.1.2."""
    code = browser.approved_code()
    ours = redeemed(browser, code)
    again = ours.refreshed()
    browser.world.wait(5)
    assert browser.world.news(browser.redemption(code)) == [
        SessionEnded(at=START.at + 5, session_id=browser.user_code, why=SessionEnd.CODE_REPLAYED)
    ]
    assert (ours.look_up(), again.look_up()) == ("invalid_token", "invalid_token")
    assert again.refresh() == "invalid_grant"
    assert browser.world.news(browser.redemption(code)) == []


@pytest.mark.parametrize("fault", WRONG_PROOF[:3], ids=ascii)
def test_a_code_that_comes_twice_ends_the_session_whatever_its_proof(
    browser: Browsing, fault: dict[str, str | None]
) -> None:
    code = browser.approved_code()
    ours = redeemed(browser, code)
    assert browser.redeem(code, **fault) == "invalid_grant"
    assert ours.look_up() == "invalid_token"


def test_a_code_is_recognised_for_as_long_as_its_session_lasts(browser: Browsing) -> None:
    code = browser.approved_code()
    ours = redeemed(browser, code)
    browser.world.wait(HOUR_S - 1)
    browser.world.do(Sweep())
    assert browser.redeem(code) == "invalid_grant"
    assert ours.look_up() == "invalid_token"


def test_another_client_cannot_end_a_session_by_replaying_its_code(world: World) -> None:
    ours, theirs = sign_in_by_browser(world), sign_in_by_browser(world)
    code = ours.approved_code()
    held = redeemed(ours, code)
    answer = ours.redeem(code, client_id=theirs.client_id, client_secret=theirs.client_secret)
    assert answer == "invalid_grant"
    assert held.look_up() == "welcome"


def test_a_session_that_is_over_does_not_end_again(browser: Browsing) -> None:
    code = browser.approved_code()
    redeemed(browser, code).sign_out()
    assert browser.world.news(browser.redemption(code)) == []


def test_a_replay_ends_no_session_of_the_same_client_but_its_own(world: World) -> None:
    registered = register_for_browser(world)
    other = signed_in(world)
    first, second = (sign_in_by_browser(world, registered, state) for state in ("1", "2"))
    codes = first.approved_code(), second.approved_code()
    held = [redeemed(it, code) for it, code in zip((first, second), codes, strict=True)]
    first.redeem(codes[0])
    assert [it.look_up() for it in held] == ["invalid_token", "welcome"]
    assert other.look_up() == "welcome"
