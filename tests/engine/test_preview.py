"""Every poll in these tests is foretold (``SignIn.poll``); here is what that does not show."""

import pytest

from oidc_sim.engine import preview
from oidc_sim.engine.commands import Approve, Deny, DeviceCommand, Expire, SlowDown
from oidc_sim.engine.replies import Tokens
from tests.engine.world import SignIn, World, said


def test_an_unknown_code_gets_an_invalid_grant(world: World) -> None:
    assert said(preview(world.state, "USER-9999", world.now)) == "invalid_grant"


def test_a_code_that_is_past_remembering_gets_an_invalid_grant(pc: SignIn) -> None:
    pc.world.wait(1200)
    assert pc.preview() == "invalid_grant"


@pytest.mark.parametrize(
    ("deed", "answer"),
    [
        (None, "authorization_pending"),
        (Approve, "token"),
        (Deny, "access_denied"),
        (Expire, "expired_token"),
        (SlowDown, "slow_down"),
    ],
)
def test_asking_twice_gives_the_same_answer(
    pc: SignIn, deed: type[DeviceCommand] | None, answer: str
) -> None:
    if deed:
        pc.world.do(deed(pc.user_code))
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
