"""Replay: the same events make the same state, even when some are missing."""

from oidc_sim.engine import evolve
from oidc_sim.engine.commands import Approve, Command, Deny, Expire, SlowDown, Sweep, Undo
from oidc_sim.engine.events import (
    BrowserCameBack,
    BrowserLeft,
    BrowserTurnedAway,
    ClientForgotten,
    ClientRegistered,
    CodeIssued,
    CodeRevoked,
    CredentialsIssued,
    DecisionMade,
    DecisionUndone,
    DeviceAuthorized,
    DeviceExpired,
    DeviceForgotten,
    Event,
    Polled,
    PollOutcome,
    SessionEnd,
    SessionEnded,
    SessionForgotten,
    TokenIssued,
    TokenRefreshed,
    WasReset,
)
from oidc_sim.engine.model import Actor, Decision, State
from oidc_sim.engine.waiting_events import PollAnswered
from tests.engine.world import World

NOBODY = "USER-9999"
STRAY: list[Event] = [
    ClientForgotten(at=1, client_id="client-9999"),
    DeviceForgotten(at=1, user_code=NOBODY),
    DeviceExpired(at=1, user_code=NOBODY),
    PollAnswered(at=1, tick=1, user_code=NOBODY, answer_word="x"),
    Polled(at=1, tick=1, user_code=NOBODY, outcome=PollOutcome.PENDING),
    DecisionMade(at=1, user_code=NOBODY, decision=Decision.APPROVE, by=Actor.OPERATOR),
    DecisionUndone(
        at=1, user_code=NOBODY, decision=Decision.APPROVE, by=Actor.OPERATOR, was_owed=False
    ),
    CodeIssued(at=1, user_code=NOBODY, code_digest="x", expires_at=2),
    CodeRevoked(at=1, user_code=NOBODY),
    BrowserLeft(at=1, user_code=NOBODY),
    BrowserCameBack(at=1, user_code=NOBODY),
    BrowserTurnedAway(at=1, user_code=NOBODY, error="access_denied"),
    TokenRefreshed(at=1, session_id=NOBODY, access_digest="x", refresh_digest="y", expires_at=2),
    SessionEnded(at=1, session_id=NOBODY, why=SessionEnd.SIGNED_OUT),
    SessionForgotten(at=1, session_id=NOBODY),
    CredentialsIssued(
        at=1,
        session_id=NOBODY,
        account_id="1",
        role_name="r",
        access_key_id="k",
        expires_at=2,
    ),
    WasReset(at=1),
]


def busy_world() -> World:
    """A world in which each kind of event happened."""
    world = World()
    happy, denied, slow, expired_now = (world.sign_in("s") for _ in range(4))
    first: list[Command[object]] = [
        Approve(happy.user_code),
        Deny(denied.user_code),
        SlowDown(slow.user_code),
    ]
    second: list[Command[object]] = [
        Expire(slow.user_code),
        Undo(slow.user_code),
        Undo(denied.user_code),
    ]
    for command in first:
        world.do(command)
    for pc in (happy, denied, slow, expired_now):
        pc.poll()
    for command in second:
        world.do(command)
    world.wait(600)
    world.do(Sweep())
    return world


def test_replay_gives_the_same_state() -> None:
    world = busy_world()
    assert len({type(event) for event in world.events}) == 7
    assert world.replayed() == world.state


def test_replay_shares_nothing_with_the_state_that_it_came_from() -> None:
    world = busy_world()
    replayed = world.replayed()
    for pc in list(replayed.devices.values()):
        pc.decisions.append(Decision.DENY)
        pc.polls += 1
    assert replayed != world.state
    assert world.replayed() == world.state


def test_events_about_something_unknown_change_nothing() -> None:
    world = World()
    for event in STRAY:
        evolve(world.state, event)
    assert world.state == State()


def test_a_session_may_begin_where_no_device_is_known() -> None:
    """An application's, and any one of which the journal's older rows were lost."""
    state = State()
    evolve(
        state,
        TokenIssued(
            at=1,
            user_code=NOBODY,
            client_id="client-9999",
            user_id="u",
            scopes=(),
            access_digest="x",
            refresh_digest=None,
            expires_at=2,
            session_expires_at=3,
        ),
    )
    assert state.devices == {}
    assert state.sessions[NOBODY].accepts("x", 1.999)


def test_a_device_whose_client_is_gone_lives_on() -> None:
    world = World()
    pc = world.sign_in()
    evolve(world.state, ClientForgotten(at=world.now.at, client_id=pc.client_id))
    polled = Polled(at=2, tick=2, user_code=pc.user_code, outcome=PollOutcome.PENDING)
    evolve(world.state, polled)
    assert pc.device.polls == 1


def test_replay_without_registrations_keeps_the_devices() -> None:
    world = busy_world()
    state = State()
    for event in world.events:
        if not isinstance(event, ClientRegistered):
            evolve(state, event)
    assert state.devices == world.state.devices
    assert state.clients == {}


def test_a_client_counts_the_devices_that_it_asked_for() -> None:
    world = World()
    ours = world.register()
    authorized = [world.authorize(ours) for _ in range(3)]
    kinds = [type(event) for event in world.events]
    assert kinds.count(DeviceAuthorized) == len(authorized)
    assert world.state.clients[ours.client.client_id].devices == len(authorized)
