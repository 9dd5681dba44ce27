"""Every poll in these tests is foretold (``SignIn.poll``); here is what that does not show."""

from collections.abc import Callable

import pytest

from oidc_sim.engine import preview
from oidc_sim.engine.commands import Approve, Deny, DeviceCommand, Expire, SlowDown, Undo
from oidc_sim.engine.model import Policy
from oidc_sim.engine.replies import Tokens
from tests.engine.browsing import Browsing, request_of, sign_in_by_browser
from tests.engine.world import SignIn, World, said


def test_an_unknown_code_gets_an_invalid_grant(world: World) -> None:
    assert said(preview(world.state, "USER-9999", world.now)) == "invalid_grant"


def test_a_code_that_is_past_remembering_gets_an_invalid_grant(pc: SignIn) -> None:
    pc.world.wait(1200)
    assert pc.preview() == "invalid_grant"


@pytest.mark.parametrize(
    ("decision", "answer"),
    [
        (None, "authorization_pending"),
        (Approve, "token"),
        (Deny, "access_denied"),
        (Expire, "expired_token"),
        (SlowDown, "slow_down"),
    ],
)
def test_asking_twice_gives_the_same_answer(
    pc: SignIn, decision: type[DeviceCommand] | None, answer: str
) -> None:
    if decision:
        pc.world.do(decision(pc.user_code))
    assert [pc.preview(), pc.preview()] == [answer, answer]


def test_a_preview_draws_no_secret_and_tells_none(world: World) -> None:
    pc = world.sign_in("sso:account:access")
    world.do(Approve(pc.user_code))
    drawn = list(world.ids.secrets)
    shown = preview(world.state, pc.user_code, world.now)
    assert world.ids.secrets == drawn
    assert isinstance(shown, Tokens)
    assert "…" in shown.access_token
    assert shown.refresh_token is not None
    assert "…" in shown.refresh_token


@pytest.mark.parametrize("scopes", [(), ("sso:account:access",)])
def test_a_preview_has_the_lifetime_and_members_of_the_real_tokens(
    world: World, scopes: tuple[str, ...]
) -> None:
    pc = world.sign_in(*scopes)
    world.do(Approve(pc.user_code))
    shown = preview(world.state, pc.user_code, world.now)
    real = pc.ask()
    assert isinstance(shown, Tokens)
    assert isinstance(real, Tokens)
    assert shown.lifetime_s == real.lifetime_s
    assert (shown.refresh_token is None) is (real.refresh_token is None)


def pending(_: Browsing) -> None:
    """Nothing has happened yet."""


def approved(browser: Browsing) -> None:
    browser.world.do(Approve(browser.user_code))


def denied(browser: Browsing) -> None:
    browser.world.do(Deny(browser.user_code))


def expired_now(browser: Browsing) -> None:
    browser.world.wait(600)


def sent_back(browser: Browsing) -> None:
    browser.approved_code()


def sent_back_and_undone(browser: Browsing) -> None:
    sent_back(browser)
    browser.world.do(Undo(browser.user_code))


def sent_back_and_lapsed(browser: Browsing) -> None:
    sent_back(browser)
    expired_now(browser)


def redeemed(browser: Browsing) -> None:
    assert browser.redeem(browser.approved_code()) == "token"


@pytest.mark.parametrize(
    ("prepare", "answer"),
    [
        (pending, "authorization_pending"),
        (approved, "token"),
        (denied, "access_denied"),
        (expired_now, "access_denied"),
        (sent_back, "token"),
        (sent_back_and_undone, "invalid_grant"),
        (sent_back_and_lapsed, "invalid_grant"),
        (redeemed, "invalid_grant"),
    ],
)
@pytest.mark.parametrize("throttles", [False, True])
def test_of_a_browser_sign_in_it_tells_what_its_client_hears_next(
    prepare: Callable[[Browsing], None], answer: str, *, throttles: bool
) -> None:
    world = World(policy=Policy(throttles=throttles))
    browser = sign_in_by_browser(world)
    prepare(browser)
    assert said(preview(world.state, browser.user_code, world.now)) == answer


def test_an_applications_sign_in_is_foretold_as_any_other(world: World) -> None:
    world.do(request_of(world.directory.applications[0]))
    (user_code,) = world.state.devices
    assert said(preview(world.state, user_code, world.now)) == "authorization_pending"
    world.do(Approve(user_code))
    shown = preview(world.state, user_code, world.now)
    assert isinstance(shown, Tokens)
    assert (shown.lifetime_s, shown.refresh_token) == (3600, "aor…")


def test_a_sign_in_whose_client_is_gone_foretells_an_invalid_client() -> None:
    world = World(policy=Policy(max_clients=1))
    browser = sign_in_by_browser(world)
    world.register()
    assert said(preview(world.state, browser.user_code, world.now)) == "invalid_client"
