"""Who makes room: what nobody uses first, and never a client that is at work (T-46)."""

from dataclasses import replace

import pytest

from oidc_sim.engine import decide, evolve
from oidc_sim.engine.clock import wake
from oidc_sim.engine.commands import Approve, Deny, RegisterClient
from oidc_sim.engine.model import Policy
from oidc_sim.engine.records import cut_to_bounds, put_back, records
from tests.engine.browsing import sign_in_by_browser
from tests.engine.signed_in import signed_in
from tests.engine.world import TOKEN, SignIn, World

FLOOD = 20_000
EVIL = RegisterClient(name="evil", client_type="public")


def test_a_client_at_work_outlives_a_flood_of_registrations() -> None:
    """With its code, under the bounds of the product."""
    world = World()
    pc = world.sign_in()
    for _ in range(FLOOD):  # without the copies that ``world.do`` makes
        events, _ = decide(world.state, EVIL, world.now, world.ids)
        for event in events:
            evolve(world.state, event)
    assert len(world.state.clients) == world.policy.max_clients
    assert pc.client_id in world.state.clients
    world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN


@pytest.mark.parametrize("is_restarted", [False, True])
def test_registrations_go_unused_ones_first_then_by_their_last_use(*, is_restarted: bool) -> None:
    world = World(policy=Policy(max_clients=4))
    first, second = world.sign_in(), world.sign_in()
    unused = world.register()
    world.wait(1)
    first.poll()
    if is_restarted:
        kept = list(records(world.state))
        world.__post_init__()
        for record in kept:
            put_back(world.state, record)
        wake(world.state, world.now)
    newer = [world.register().client.client_id for _ in range(2)]
    assert unused.client.client_id not in world.state.clients
    for registered in newer:
        assert registered in world.state.clients
    third = world.sign_in()
    assert [*world.state.clients] == [first.client_id, second.client_id, newer[1], third.client_id]
    fourth = world.sign_in()
    assert [*world.state.clients] == [first.client_id, *_ids(second, third, fourth)]
    world.sign_in()
    assert second.client_id not in world.state.clients
    assert first.client_id in world.state.clients


def _ids(*sign_ins: SignIn) -> list[str]:
    return [it.client_id for it in sign_ins]


def test_codes_that_somebody_waits_for_outlive_those_that_nobody_polls_for() -> None:
    world = World(policy=Policy(max_devices=4))
    pc, browser = world.sign_in(), sign_in_by_browser(world)
    pc.poll()
    flood = [world.sign_in() for _ in range(10)]
    assert [*world.state.devices] == [pc.user_code, browser.user_code, *_codes(*flood[-2:])]


def test_what_is_over_makes_room_first() -> None:
    world = World(policy=Policy(max_devices=4))
    pc, unpolled, done = (world.sign_in() for _ in range(3))
    turned_away = sign_in_by_browser(world)
    world.do(Deny(turned_away.user_code))
    turned_away.look()
    pc.poll()
    world.do(Approve(done.user_code))
    done.poll()
    newer = [world.sign_in() for _ in range(2)]
    assert [*world.state.devices] == _codes(pc, unpolled, *newer)


def _codes(*sign_ins: SignIn) -> list[str]:
    return [it.user_code for it in sign_ins]


def test_sessions_go_those_that_are_over_first_then_by_their_last_use() -> None:
    world = World(policy=Policy(max_sessions=3))
    first, second, third = (signed_in(world) for _ in range(3))
    third.sign_out()
    first.refresh()
    fourth = signed_in(world)
    assert [it.look_up() for it in (first, second, fourth)] == ["welcome"] * 3
    signed_in(world)
    assert [it.look_up() for it in (first, second, fourth)] == [
        "welcome",
        "invalid_token",
        "welcome",
    ]


def test_what_a_file_has_too_much_of_goes_in_the_same_order() -> None:
    world = World()
    used = world.sign_in()
    for _ in range(3):
        world.do(EVIL)
    world.state.policy = replace(world.policy, max_clients=2)
    assert cut_to_bounds(world.state) == {"registrations": 2}
    assert used.client_id in world.state.clients
    assert len(world.state.clients) == 2
