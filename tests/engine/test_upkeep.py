from dataclasses import fields, replace

from oidc_sim.engine import evolve
from oidc_sim.engine.arrival import Arrival, HeldDecision, Target, Trigger
from oidc_sim.engine.commands import (
    AddRule,
    Admit,
    Approve,
    DecideHeld,
    Deny,
    EndHeld,
    Expire,
    RemoveRule,
    Reset,
    SetAutoApprove,
    Sweep,
    Undo,
)
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.events import AssertionSpent, DeviceExpired, DeviceForgotten, WasReset
from oidc_sim.engine.model import Policy, State
from oidc_sim.engine.replies import Done
from tests.engine.browsing import sign_in_by_browser
from tests.engine.signed_in import signed_in
from tests.engine.world import START, TOKEN, SignIn, World

LIFETIME_S = 600
SESSION_S = 8 * 3600


def test_sweeping_has_nothing_to_say_of_codes_in_time(pc: SignIn) -> None:
    pc.world.wait(LIFETIME_S - 0.001)
    assert pc.world.news(Sweep()) == []
    assert isinstance(pc.world.do(Sweep()), Done)


def test_a_lapsed_code_is_noted_once_and_at_its_own_time(pc: SignIn) -> None:
    pc.world.wait(LIFETIME_S + 7)
    expired_now = DeviceExpired(at=START.at + LIFETIME_S, user_code=pc.user_code)
    assert pc.world.news(Sweep()) == [expired_now]
    assert pc.world.news(Sweep()) == []


def test_decided_codes_lapse_too(world: World) -> None:
    approved, denied = world.sign_in(), world.sign_in()
    world.do(Approve(approved.user_code))
    world.do(Deny(denied.user_code))
    world.wait(LIFETIME_S)
    assert [type(event) for event in world.news(Sweep())] == [DeviceExpired, DeviceExpired]


def test_a_collected_code_does_not_lapse(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN
    pc.world.wait(LIFETIME_S)
    assert pc.world.news(Sweep()) == []


def test_a_code_that_the_operator_expired_does_not_lapse_as_well(pc: SignIn) -> None:
    pc.world.do(Expire(pc.user_code))
    pc.world.wait(LIFETIME_S)
    assert pc.world.news(Sweep()) == []


def test_a_code_whose_expiry_was_undone_lapses_in_the_end(pc: SignIn) -> None:
    pc.world.do(Expire(pc.user_code))
    pc.world.do(Undo(pc.user_code))
    pc.world.wait(LIFETIME_S)
    assert len(pc.world.news(Sweep())) == 1


def test_a_code_is_forgotten_after_one_more_lifetime(pc: SignIn) -> None:
    pc.world.wait(2 * LIFETIME_S - 0.001)
    pc.world.do(Sweep())
    assert pc.user_code in pc.world.state.devices
    pc.world.wait(0.001)
    forgotten = DeviceForgotten(at=START.at + 2 * LIFETIME_S, user_code=pc.user_code)
    assert pc.world.news(Sweep()) == [forgotten]
    assert pc.world.state.devices == {}
    assert pc.world.state.user_codes == {}


def test_a_collected_code_is_forgotten_with_its_session(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN
    pc.world.wait(2 * LIFETIME_S)
    pc.world.do(Sweep())
    assert pc.user_code in pc.world.state.devices
    pc.world.wait(SESSION_S - 2 * LIFETIME_S)
    pc.world.do(Sweep())
    assert pc.world.state == State(policy=pc.world.policy, clients=pc.world.state.clients)
    assert pc.poll() == "invalid_grant"


def test_only_codes_that_are_due_are_forgotten(world: World) -> None:
    old = world.sign_in()
    world.wait(LIFETIME_S)
    young = world.sign_in()
    world.wait(LIFETIME_S)
    world.do(Sweep())
    assert old.user_code not in world.state.devices
    assert young.user_code in world.state.devices


def test_clients_outlive_their_codes(pc: SignIn) -> None:
    pc.world.wait(2 * LIFETIME_S)
    pc.world.do(Sweep())
    assert pc.client_id in pc.world.state.clients


def test_reset_forgets_everything_but_what_was_set() -> None:
    policy = Policy(interval_s=7)
    directory = replace(SEEDED, accounts=())
    world = World(policy=policy, directory=directory)
    signed_in(world).take_role()
    sign_in_by_browser(world).approved_code()
    evolve(world.state, AssertionSpent(at=START.at, assertion_digest="x"))
    for _ in range(2):
        world.do(AddRule(target=Target(), trigger=Trigger(times=2)))
    world.do(RemoveRule(rule_id=2))
    arrival = Arrival(operation=None, endpoint="/token")
    world.do(Admit(arrival=arrival, number=1))
    world.do(DecideHeld(number=1, decision=HeldDecision(how="release")))
    world.do(SetAutoApprove(is_on=True))
    kept = {field.name for field in fields(State) if not getattr(world.state, field.name)}
    assert kept == set(), "there is nothing of this kind to forget"
    assert world.news(Reset()) == [WasReset(at=START.at)]
    assert world.state.held[1].decision == HeldDecision(how="release")
    world.do(EndHeld(number=1, how="released"))
    rules_named = world.state.last_rule_id  # a rule's number never comes again
    assert world.state == State(
        policy=policy, auto_approves=True, directory=directory, last_rule_id=rules_named
    )


def test_after_reset_old_codes_are_unknown_and_new_ones_work(pc: SignIn) -> None:
    pc.world.do(Reset())
    assert pc.poll() == "invalid_grant"
    assert pc.world.sign_in().poll() == "authorization_pending"
