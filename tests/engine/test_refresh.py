"""Refreshing (RFC 6749 §6): who may, in which order faults are told, and what each policy gives."""

from dataclasses import replace

import pytest

from oidc_sim.engine.events import SessionEnd, SessionEnded, TokenRefreshed
from oidc_sim.engine.model import Policy, RefreshRotation, digest
from oidc_sim.engine.replies import Reason, Refused, Tokens
from tests.engine.signed_in import SignedIn, signed_in
from tests.engine.world import START, TOKEN, World

HOUR_S = 3600
SESSION_S = 8 * HOUR_S
REGISTRATION_S = 90 * 86400


@pytest.fixture
def ours(world: World) -> SignedIn:
    return signed_in(world)


@pytest.fixture
def rotating() -> SignedIn:
    return signed_in(World(policy=Policy(refresh_rotation=RefreshRotation.ROTATE)))


def test_a_refresh_gives_a_new_access_token_for_an_hour(ours: SignedIn) -> None:
    ours.world.wait(HOUR_S)
    assert ours.look_up() == "invalid_token"
    again = ours.refreshed()
    assert again.tokens.access_token != ours.tokens.access_token
    assert again.tokens.lifetime_s == HOUR_S
    assert again.look_up() == "welcome"


def test_an_earlier_access_token_works_until_it_expires(ours: SignedIn) -> None:
    ours.world.wait(HOUR_S - 1)
    ours.refreshed()
    assert ours.look_up() == "welcome"
    ours.world.wait(1)
    assert ours.look_up() == "invalid_token"


def test_where_tokens_are_reused_the_same_refresh_token_comes_back_and_stays_good(
    ours: SignedIn,
) -> None:
    """wire.md#59, wire.md#60."""
    for _ in range(5):
        assert ours.refreshed().tokens.refresh_token == ours.tokens.refresh_token
    assert ours.session.refresh_digests == [ours.session.refresh_digest]
    assert ours.session.refreshes == 5


def test_where_tokens_rotate_each_refresh_gives_the_next_one(rotating: SignedIn) -> None:
    holders = [rotating]
    for _ in range(4):
        holders.append(holders[-1].refreshed())
    assert len({holder.tokens.refresh_token for holder in holders}) == 5


def test_a_rotated_refresh_token_that_comes_back_ends_the_session(rotating: SignedIn) -> None:
    """RFC 9700 §4.14.2: whoever stole it, and whoever it was stolen from, have nothing."""
    again = rotating.refreshed()
    assert rotating.refresh() == "invalid_grant"
    assert again.refresh() == "invalid_grant"
    assert again.look_up() == "invalid_token"
    assert rotating.look_up() == "invalid_token"


def test_a_replayed_refresh_token_is_told_once_in_the_log(rotating: SignedIn) -> None:
    rotating.refreshed()
    rotating.world.wait(5)
    ended = SessionEnded(
        at=START.at + 5,
        session_id=rotating.tokens.user_code,
        why=SessionEnd.REFRESH_REPLAYED,
    )
    assert rotating.world.news(rotating.request()) == [ended]
    assert rotating.world.news(rotating.request()) == []


def test_a_session_begun_before_tokens_rotated_keeps_its_refresh_token_until_it_is_used() -> None:
    world = World()
    before = signed_in(world)
    world.state.policy = Policy(refresh_rotation=RefreshRotation.ROTATE)
    after = before.refreshed()
    assert after.tokens.refresh_token != before.tokens.refresh_token
    assert before.refresh() == "invalid_grant"


def test_an_access_token_never_outlives_its_session(ours: SignedIn) -> None:
    ours.world.wait(SESSION_S - 60)
    again = ours.refreshed()
    assert again.tokens.lifetime_s == 60
    assert f"UNTIL-{START.at + SESSION_S:.0f}" in again.tokens.access_token
    assert again.look_up() == "welcome"
    ours.world.wait(60)
    assert again.look_up() == "invalid_token"


def test_the_last_instant_of_a_session_still_counts_as_a_second(ours: SignedIn) -> None:
    """No client can use a token that lives for 0 s."""
    ours.world.wait(SESSION_S - 0.25)
    assert ours.refreshed().tokens.lifetime_s == 1


@pytest.mark.parametrize(
    ("early_s", "answer"), [(0.001, TOKEN), (0, "invalid_grant"), (-0.001, "invalid_grant")]
)
def test_a_session_is_refreshed_until_it_ends(ours: SignedIn, early_s: float, answer: str) -> None:
    """wire.md#61."""
    ours.world.wait(SESSION_S - early_s)
    assert ours.refresh() == answer


def test_a_refresh_does_not_prolong_the_session(ours: SignedIn) -> None:
    ours.world.wait(SESSION_S - 1)
    ours.refreshed()
    assert ours.session.expires_at == START.at + SESSION_S


def test_a_signed_out_session_is_not_refreshed(ours: SignedIn) -> None:
    ours.sign_out()
    assert ours.refresh() == "invalid_grant"


def test_another_clients_refresh_token_is_an_invalid_request(world: World) -> None:
    """wire.md#40."""
    ours, theirs = signed_in(world), signed_in(world)
    reply = world.do(
        replace(ours.request(), client_id=theirs.client_id, client_secret=theirs.client_secret)
    )
    assert reply == Refused(Reason.INVALID_REQUEST, ours.tokens.user_code, theirs.client_id)
    assert ours.refresh() == TOKEN


def test_another_client_cannot_end_a_session_by_replaying_its_token(rotating: SignedIn) -> None:
    thief = signed_in(rotating.world)
    again = rotating.refreshed()
    answer = rotating.refresh(client_id=thief.client_id, client_secret=thief.client_secret)
    assert answer == "invalid_request"
    assert again.refresh() == TOKEN


@pytest.mark.parametrize(
    ("early_s", "answer"), [(0.001, TOKEN), (0, "invalid_client"), (-0.001, "invalid_client")]
)
def test_a_refresh_wants_a_registration_in_its_time(early_s: float, answer: str) -> None:
    world = World(policy=Policy(session_lifetime_s=2 * REGISTRATION_S))
    ours = signed_in(world)
    world.wait(REGISTRATION_S - early_s)
    assert ours.refresh() == answer


@pytest.mark.parametrize("fault", [{"client_secret": "x"}, {"client_id": "client-9999"}])
def test_a_good_token_with_a_bad_client_is_an_invalid_client(
    ours: SignedIn, fault: dict[str, str]
) -> None:
    assert ours.refresh(**fault) == "invalid_client"
    assert ours.refresh() == TOKEN


def test_the_token_is_looked_at_before_the_client_is(ours: SignedIn) -> None:
    """wire.md#38: a bad client can only be seen with a good token."""
    assert ours.refresh(refresh_token="x", client_id="x", client_secret="x") == "invalid_grant"
    ours.world.wait(SESSION_S)
    assert ours.refresh(client_id="x", client_secret="x") == "invalid_grant"


def test_the_secret_is_looked_at_before_the_token_is_found_to_be_anothers(world: World) -> None:
    ours, theirs = signed_in(world), signed_in(world)
    assert ours.refresh(client_id=theirs.client_id, client_secret="x") == "invalid_client"


@pytest.mark.parametrize("kind", ["access_token", "digest", "empty"])
def test_nothing_else_is_a_refresh_token(ours: SignedIn, kind: str) -> None:
    no_tokens = {
        "access_token": ours.tokens.access_token,
        "digest": str(ours.session.refresh_digest),
        "empty": "",
    }
    assert ours.refresh(refresh_token=no_tokens[kind]) == "invalid_grant"


def test_a_refresh_token_opens_nothing(ours: SignedIn) -> None:
    assert ours.tokens.refresh_token is not None
    disguised = replace(ours, tokens=replace(ours.tokens, access_token=ours.tokens.refresh_token))
    assert disguised.look_up() == "invalid_token"


@pytest.mark.parametrize("fault", [{"refresh_token": "x"}, {"client_secret": "x"}])
def test_a_refused_refresh_leaves_no_trace_and_draws_no_ids(
    ours: SignedIn, fault: dict[str, str]
) -> None:
    drawn = list(ours.world.ids.secrets)
    assert ours.world.news(replace(ours.request(), **fault)) == []
    assert ours.world.ids.secrets == drawn


def test_what_is_kept_of_a_refresh_is_digests_and_times(ours: SignedIn) -> None:
    ours.world.wait(100)
    (event,) = ours.world.news(ours.request())
    access_token = ours.world.ids.secrets[-1]
    assert event == TokenRefreshed(
        at=START.at + 100,
        session_id=ours.tokens.user_code,
        access_digest=digest(access_token),
        refresh_digest=digest(str(ours.tokens.refresh_token)),
        expires_at=START.at + 100 + HOUR_S,
    )


def test_a_refresh_shows_that_its_client_is_alive(ours: SignedIn) -> None:
    ours.world.wait(100)
    ours.refreshed()
    assert ours.world.state.clients[ours.client_id].last_seen_at == START.at + 100


def test_a_rotated_refresh_token_is_told_the_sessions_end(rotating: SignedIn) -> None:
    """wire.md#33."""
    rotating.world.wait(100)
    assert f"UNTIL-{START.at + SESSION_S:.0f}" in str(rotating.refreshed().tokens.refresh_token)


def test_tokens_of_a_refresh_name_the_session_and_client_that_they_are_for(ours: SignedIn) -> None:
    reply = ours.world.do(ours.request())
    assert isinstance(reply, Tokens)
    assert (reply.user_code, reply.client_id) == (ours.tokens.user_code, ours.client_id)
