"""What a collected code is exchanged for (wire.md#30, wire.md#34, wire.md#35)."""

import pytest

from oidc_sim.engine.commands import Approve
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.events import TokenIssued
from oidc_sim.engine.model import DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT, Policy, digest
from oidc_sim.engine.replies import Tokens
from tests.engine.world import START, SignIn, World

HOUR_S = 3600
SESSION_S = 8 * HOUR_S


def collect(pc: SignIn) -> Tokens:
    pc.world.do(Approve(pc.user_code))
    tokens = pc.ask()
    assert isinstance(tokens, Tokens)
    return tokens


def issued(pc: SignIn) -> TokenIssued:
    event = pc.world.events[-1]
    assert isinstance(event, TokenIssued)
    return event


def test_with_scopes_a_token_lives_an_hour_and_can_be_refreshed(world: World) -> None:
    tokens = collect(world.sign_in("sso:account:access"))
    assert tokens.lifetime_s == HOUR_S
    assert tokens.refresh_token is not None


def test_without_scopes_a_token_lives_the_session_and_cannot_be_refreshed(world: World) -> None:
    tokens = collect(world.sign_in())
    assert tokens.lifetime_s == SESSION_S
    assert tokens.refresh_token is None


@pytest.mark.parametrize(
    ("grant_types", "lifetime_s"),
    [((DEVICE_CODE_GRANT,), SESSION_S), ((DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT), HOUR_S)],
)
def test_who_did_not_register_for_refresh_has_a_token_for_the_whole_session(
    world: World, grant_types: tuple[str, ...], lifetime_s: int
) -> None:
    tokens = collect(world.authorize(world.register("s", grant_types=grant_types)))
    assert tokens.lifetime_s == lifetime_s
    assert (tokens.refresh_token is None) is (REFRESH_TOKEN_GRANT not in grant_types)


def test_tokens_are_told_when_they_end(world: World) -> None:
    """AWS's tokens carry their expiry (wire.md#33); the refresh token's is the session's."""
    world.wait(100)
    tokens = collect(world.sign_in("sso:account:access"))
    assert f"UNTIL-{START.at + 100 + HOUR_S:.0f}" in tokens.access_token
    assert tokens.refresh_token is not None
    assert f"UNTIL-{START.at + 100 + SESSION_S:.0f}" in tokens.refresh_token


def test_what_is_kept_of_tokens_is_digests_and_times(world: World) -> None:
    pc = world.sign_in("sso:account:access")
    world.wait(100)
    tokens = collect(pc)
    assert tokens.refresh_token is not None
    assert issued(pc) == TokenIssued(
        at=START.at + 100,
        user_code=pc.user_code,
        client_id=pc.client_id,
        user_id=SEEDED.users[0].user_id,
        scopes=("sso:account:access",),
        access_digest=digest(tokens.access_token),
        refresh_digest=digest(tokens.refresh_token),
        expires_at=START.at + 100 + HOUR_S,
        session_expires_at=START.at + 100 + SESSION_S,
    )


def test_without_a_refresh_token_its_digest_is_none(pc: SignIn) -> None:
    collect(pc)
    assert issued(pc).refresh_digest is None


def test_a_token_never_outlives_its_session() -> None:
    world = World(policy=Policy(token_lifetime_s=HOUR_S, session_lifetime_s=900))
    assert collect(world.sign_in("sso:account:access")).lifetime_s == 900


def test_the_policy_sets_both_lifetimes() -> None:
    world = World(policy=Policy(token_lifetime_s=60, session_lifetime_s=120))
    assert collect(world.sign_in("sso:account:access")).lifetime_s == 60
    assert collect(world.sign_in()).lifetime_s == 120


def test_each_sign_in_has_tokens_of_its_own(world: World) -> None:
    ours = world.register("sso:account:access")
    first, second = collect(world.authorize(ours)), collect(world.authorize(ours))
    assert first.access_token != second.access_token
    assert first.refresh_token != second.refresh_token


def test_tokens_name_the_device_and_client_that_they_are_for(pc: SignIn) -> None:
    tokens = collect(pc)
    assert (tokens.user_code, tokens.client_id) == (pc.user_code, pc.client_id)
