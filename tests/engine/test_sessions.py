"""Sessions: begun by an exchange, over by time, by sign-out, or for lack of room."""

import pytest

from oidc_sim.engine import evolve
from oidc_sim.engine.clock import overdue
from oidc_sim.engine.commands import Sweep
from oidc_sim.engine.directory import CREDENTIALS_KEPT
from oidc_sim.engine.events import (
    DeviceForgotten,
    SessionEnd,
    SessionEnded,
    SessionForgotten,
    TokenIssued,
)
from oidc_sim.engine.evolve_session import MAX_TOKENS
from oidc_sim.engine.model import Policy, RefreshRotation
from tests.engine.signed_in import SCOPE, SignedIn, signed_in
from tests.engine.world import START, World, said

HOUR_S = 3600
SESSION_S = 8 * HOUR_S


@pytest.fixture
def ours(world: World) -> SignedIn:
    return signed_in(world)


@pytest.mark.parametrize(
    ("early_s", "answer"),
    [(0.001, "welcome"), (0, "invalid_token"), (-0.001, "invalid_token")],
)
def test_an_access_token_expires_to_the_millisecond(
    ours: SignedIn, early_s: float, answer: str
) -> None:
    ours.world.wait(HOUR_S - early_s)
    assert ours.look_up() == answer


def test_an_access_token_expires_by_the_simulated_clock(ours: SignedIn) -> None:
    ours.world.step(HOUR_S)
    assert ours.look_up() == "invalid_token"


@pytest.mark.parametrize(("early_s", "answer"), [(0.001, "welcome"), (0, "invalid_token")])
def test_without_scopes_an_access_token_lives_the_session(
    world: World, early_s: float, answer: str
) -> None:
    ours = signed_in(world, is_scoped=False)
    world.wait(SESSION_S - early_s)
    assert ours.look_up() == answer


def test_a_session_goes_by_the_user_code_of_its_sign_in(ours: SignedIn) -> None:
    session = ours.world.state.sessions[ours.tokens.user_code]
    assert (session.session_id, session.client_id) == (ours.tokens.user_code, ours.client_id)
    assert session.user_id == ours.world.directory.users[0].user_id
    assert session.scopes == (SCOPE,)
    assert (session.started_at, session.expires_at) == (START.at, START.at + SESSION_S)


def test_after_sign_out_no_token_of_the_session_is_accepted(ours: SignedIn) -> None:
    again = ours.refreshed()
    assert said(again.sign_out()) == "done"
    assert (ours.look_up(), again.look_up()) == ("invalid_token", "invalid_token")
    assert again.refresh() == "invalid_grant"


def test_a_sign_out_is_told_with_its_time(ours: SignedIn) -> None:
    ours.world.wait(7)
    ours.sign_out()
    assert ours.world.events[-1] == SessionEnded(
        at=START.at + 7, session_id=ours.tokens.user_code, why=SessionEnd.SIGNED_OUT
    )
    assert ours.session.ended_at == START.at + 7


def test_nobody_signs_out_twice(ours: SignedIn) -> None:
    ours.sign_out()
    heard = len(ours.world.events)
    assert said(ours.sign_out()) == "invalid_token"
    assert len(ours.world.events) == heard


def test_an_expired_token_signs_nobody_out(ours: SignedIn) -> None:
    ours.world.wait(HOUR_S)
    assert said(ours.sign_out()) == "invalid_token"
    assert ours.refresh() == "token"


def test_a_sign_out_leaves_other_sessions_of_the_same_client_alone(world: World) -> None:
    registered = world.register(SCOPE)
    first = signed_in(world, registered=registered)
    second = signed_in(world, registered=registered)
    first.sign_out()
    assert (first.look_up(), second.look_up()) == ("invalid_token", "welcome")
    assert second.refresh() == "token"


def test_a_token_without_portal_access_can_be_signed_out_all_the_same(world: World) -> None:
    ours = signed_in(world, "codewhisperer:completions")
    assert said(ours.sign_out()) == "done"
    assert ours.refresh() == "invalid_grant"


def test_a_session_has_a_bounded_number_of_access_tokens_and_the_oldest_goes(
    ours: SignedIn,
) -> None:
    holders = [ours, *(ours.refreshed() for _ in range(MAX_TOKENS))]
    assert len(ours.session.tokens) == MAX_TOKENS
    assert len(ours.world.state.access_tokens) == MAX_TOKENS
    answers = [holder.look_up() for holder in holders]
    assert answers == ["invalid_token"] + ["welcome"] * MAX_TOKENS


def test_a_refresh_drops_access_tokens_whose_time_ran_out(ours: SignedIn) -> None:
    for _ in range(5):
        ours.world.wait(HOUR_S)
        ours.refreshed()
    assert len(ours.session.tokens) == 1
    assert len(ours.world.state.access_tokens) == 1


def test_a_session_remembers_a_bounded_number_of_rotated_refresh_tokens() -> None:
    world = World(policy=Policy(refresh_rotation=RefreshRotation.ROTATE))
    ours = holder = signed_in(world)
    for _ in range(MAX_TOKENS):
        holder = holder.refreshed()
    assert len(holder.session.refresh_digests) == MAX_TOKENS
    assert len(world.state.refresh_tokens) == MAX_TOKENS
    assert ours.refresh() == "invalid_grant"
    assert holder.refresh() == "token", "one that is forgotten is no replay"


def test_a_session_remembers_a_bounded_number_of_credentials(ours: SignedIn) -> None:
    for _ in range(CREDENTIALS_KEPT + 3):
        ours.take_role()
    issued = [it.access_key_id for it in ours.session.credentials]
    assert len(issued) == CREDENTIALS_KEPT
    assert issued[-1] == f"ACCESS-KEY-{CREDENTIALS_KEPT + 3:04d}"


def test_a_session_that_is_over_is_forgotten_with_all_its_digests() -> None:
    world = World(policy=Policy(refresh_rotation=RefreshRotation.ROTATE))
    ours = signed_in(world)
    ours.refreshed().refreshed().sign_out()
    ours.take_role()
    world.wait(SESSION_S)
    world.do(Sweep())
    assert world.state.sessions == {}
    assert world.state.access_tokens == {}
    assert world.state.refresh_tokens == {}
    assert ours.refresh() == "invalid_grant"
    assert ours.look_up() == "invalid_token"


@pytest.mark.parametrize("early_s", [0.001, 0])
def test_a_session_is_forgotten_when_its_time_ran_out(ours: SignedIn, early_s: float) -> None:
    ours.world.wait(SESSION_S - early_s)
    news = [event for event in ours.world.news(Sweep()) if isinstance(event, SessionForgotten)]
    forgotten = SessionForgotten(at=START.at + SESSION_S, session_id=ours.tokens.user_code)
    assert news == ([] if early_s else [forgotten])


def test_a_device_is_known_for_as_long_as_its_session_lasts(ours: SignedIn) -> None:
    """Its code may come a second time, and then the session has to end."""
    user_code = ours.tokens.user_code
    ours.world.wait(SESSION_S - 1)
    assert ours.world.news(Sweep()) == []
    assert user_code in ours.world.state.devices
    ours.world.wait(1)
    assert ours.world.news(Sweep()) == [
        DeviceForgotten(at=START.at + SESSION_S, user_code=user_code),
        SessionForgotten(at=START.at + SESSION_S, session_id=user_code),
    ]


def test_a_device_outlives_a_session_that_is_shorter_than_its_own_time() -> None:
    world = World(policy=Policy(session_lifetime_s=60, lifetime_s=600))
    ours = signed_in(world)
    world.wait(60)
    world.do(Sweep())
    assert ours.tokens.user_code in world.state.devices
    assert world.state.sessions == {}


def test_there_is_nothing_more_to_do_right_after_a_sweep(ours: SignedIn) -> None:
    ours.world.wait(SESSION_S)
    ours.world.do(Sweep())
    assert overdue(ours.world.state, ours.world.now) == []


def test_at_the_bound_the_oldest_session_ends_for_a_new_one() -> None:
    world = World(policy=Policy(max_sessions=2))
    oldest, older = signed_in(world), signed_in(world)
    newest = signed_in(world)
    assert [it.look_up() for it in (oldest, older, newest)] == ["invalid_token"] + ["welcome"] * 2
    assert len(world.state.sessions) == 2
    assert len(world.state.access_tokens) == 2
    session_id = oldest.tokens.user_code
    told = [it for it in world.events if getattr(it, "session_id", "") == session_id]
    assert told == [
        SessionEnded(at=START.at, session_id=session_id, why=SessionEnd.NO_ROOM),
        SessionForgotten(at=START.at, session_id=session_id),
    ]


def test_a_session_that_is_over_makes_room_without_ending_again() -> None:
    world = World(policy=Policy(max_sessions=1))
    signed_in(world).sign_out()
    signed_in(world)
    kinds = [type(event) for event in world.events[-2:]]
    assert kinds == [SessionForgotten, TokenIssued]
    ends = [event for event in world.events if isinstance(event, SessionEnded)]
    assert [event.why for event in ends] == [SessionEnd.SIGNED_OUT]


def test_a_client_that_is_forgotten_leaves_its_access_tokens_good() -> None:
    """They are checked without it; but nothing prolongs them."""
    world = World(policy=Policy(max_clients=1))
    ours = signed_in(world)
    world.register()
    assert ours.look_up() == "welcome"
    assert ours.refresh() == "invalid_client"


def test_events_about_a_session_that_nobody_knows_change_nothing(ours: SignedIn) -> None:
    world = World()
    for event in ours.world.news(ours.request()):
        evolve(world.state, event)
    assert world.state == World().state
