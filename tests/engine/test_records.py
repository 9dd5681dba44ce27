"""Records: what is true, taken down and put back."""

import copy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.commands import Approve, Sweep
from oidc_sim.engine.model import Now, Policy, RefreshRotation, State
from oidc_sim.engine.records import put_back, records, wake
from tests.engine.world import TOKEN, World
from tests.record.busy_world import FULL, Script, run, scripts


def copied(state: State) -> State:
    """The same state, made of nothing but copies of its records."""
    made = State(policy=replace(state.policy, auto_approves=False))
    for record in records(state):
        put_back(made, copy.deepcopy(record))
    return made


@given(scripts, st.sampled_from(RefreshRotation))
def test_records_put_back_make_the_same_state(script: Script, rotation: RefreshRotation) -> None:
    state = run(script, rotation).state
    assert copied(state) == state
    for kind in ("clients", "devices", "sessions", "assertions"):
        assert list(getattr(copied(state), kind)) == list(getattr(state, kind)), "order counts too"


def test_the_whole_script_leaves_records_of_every_kind() -> None:
    kinds = {type(record).__name__ for record in records(run([*FULL, ("auto", 0)]).state)}
    assert kinds == {"AutoApproval", "Client", "Device", "Session", "SpentAssertion"}


def test_waking_carries_out_what_is_overdue() -> None:
    world = World(policy=Policy(lifetime_s=60, session_lifetime_s=300))
    pc = world.sign_in()
    world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN
    world.sign_in()
    sleeper = copied(world.state)
    world.wait(301)
    world.do(Sweep())
    wake(sleeper, world.now)
    assert sleeper.sessions == {}
    assert list(sleeper.devices) == list(world.state.devices)
    assert list(sleeper.clients) == list(world.state.clients)


def test_waking_measures_pace_anew() -> None:
    world = World(policy=Policy(interval_s=5, throttles=True))
    pc = world.sign_in()
    assert [pc.poll(), pc.poll()] == ["authorization_pending", "slow_down"]
    world.now = Now(world.now.at, tick=1.0)
    wake(world.state, world.now)
    assert pc.device.paced_from is None
    assert pc.poll() == "authorization_pending", "a tick of another process must not count"


def test_a_registration_is_remembered_for_a_lifetime_after_it_expired() -> None:
    world = World(policy=Policy(registration_lifetime_s=100))
    pc = world.sign_in()
    world.wait(199)
    wake(world.state, world.now)
    assert pc.client_id in world.state.clients
    world.wait(1)
    wake(world.state, world.now)
    assert world.state.clients == {}
