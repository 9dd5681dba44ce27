"""A registration that an operator ends is told what one is told whose time ran out."""

from oidc_sim.engine.clock import expiries_between
from oidc_sim.engine.commands import Approve, ExpireClient, RestoreClient
from oidc_sim.engine.decisions import objection_to_expiry, objection_to_restoring
from oidc_sim.engine.events import ClientExpired, ClientRestored
from oidc_sim.engine.model import Actor
from oidc_sim.engine.replies import ClientChanged, Hindrance, Impossible
from tests.engine.browsing import request_of, sign_in_by_browser
from tests.engine.signed_in import signed_in
from tests.engine.world import TOKEN, SignIn, World, said


def expire(world: World, client_id: str) -> object:
    return world.do(ExpireClient(client_id=client_id))


def restore(world: World, client_id: str) -> object:
    return world.do(RestoreClient(client_id=client_id))


def why(reply: object) -> tuple[Hindrance, str]:
    assert isinstance(reply, Impossible)
    return reply.hindrance, reply.why


def the_client(pc: SignIn) -> str:
    return pc.client_id


def test_its_next_poll_gets_invalid_client_whatever_the_code_s_state(world: World) -> None:
    pc = world.sign_in()
    world.do(Approve(pc.user_code))
    reply = expire(world, the_client(pc))
    assert reply == ClientChanged(world.state.clients[the_client(pc)])
    assert world.events[-1] == ClientExpired(
        at=world.now.at, client_id=the_client(pc), by=Actor.OPERATOR
    )
    assert pc.poll() == "invalid_client"


def test_it_is_told_what_a_client_whose_time_ran_out_is_told(world: World) -> None:
    """By all that it can ask for, a new browser sign-in too."""
    by_hand, by_time = sign_in_by_browser(world), sign_in_by_browser(World())
    codes = [each.approved_code() for each in (by_hand, by_time)]
    expire(world, by_hand.client_id)
    by_time.world.state.clients[by_time.client_id].expires_at = by_time.world.now.at
    assert by_hand.redeem(codes[0]) == by_time.redeem(codes[1]) == "invalid_client"
    begun = [said(each.world.do(request_of(each.client_id))) for each in (by_hand, by_time)]
    assert begun == ["invalid_client", "invalid_client"]


def test_its_refresh_gets_invalid_client_and_its_session_goes_on(world: World) -> None:
    session = signed_in(world)
    expire(world, session.client_id)
    assert session.refresh() == "invalid_client"
    assert session.look_up() == "welcome"


def test_other_clients_do_not_notice(world: World) -> None:
    first, second = world.sign_in(), world.sign_in()
    expire(world, the_client(first))
    assert (first.poll(), second.poll()) == ("invalid_client", "authorization_pending")


def test_taken_back_it_is_as_good_as_before(world: World) -> None:
    pc = world.sign_in()
    world.do(Approve(pc.user_code))
    expire(world, the_client(pc))
    restore(world, the_client(pc))
    assert world.events[-1] == ClientRestored(
        at=world.now.at, client_id=the_client(pc), by=Actor.OPERATOR
    )
    assert pc.poll() == TOKEN


def test_a_wish_that_changes_nothing_says_why(world: World) -> None:
    client_id = the_client(world.sign_in())
    assert why(restore(world, client_id)) == (
        Hindrance.CONFLICT,
        "nobody expired this registration",
    )
    expire(world, client_id)
    assert why(expire(world, client_id)) == (
        Hindrance.CONFLICT,
        "the registration is expired already",
    )
    for wish in (expire, restore):
        assert why(wish(world, "nobody")) == (Hindrance.UNKNOWN, "no such client id here")


def test_nothing_brings_back_one_whose_time_ran_out(world: World) -> None:
    client = world.state.clients[the_client(world.sign_in())]
    expire(world, client.client_id)
    world.wait(world.policy.registration_lifetime_s)
    for objection in (objection_to_expiry, objection_to_restoring):
        refusal = objection(client, world.now)
        assert refusal is not None
        assert (refusal.why, refusal.since) == (
            "the registration's time ran out",
            client.expires_at,
        )
    assert isinstance(restore(world, client.client_id), Impossible)


def test_replay_of_its_events_gives_the_same_state(world: World) -> None:
    client_id = the_client(world.sign_in())
    expire(world, client_id)
    assert world.replayed() == world.state
    restore(world, client_id)
    assert world.replayed() == world.state


def test_what_was_ended_does_not_lapse_again_when_the_clock_steps(world: World) -> None:
    first, _ = world.sign_in(), world.sign_in()
    expire(world, the_client(first))
    begin = world.now.at
    expiries = expiries_between(world.state, begin, begin + world.policy.registration_lifetime_s)
    assert expiries.registrations == 1
