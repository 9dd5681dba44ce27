"""Waking: what another process left, by the time that it is now."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oidc_sim.engine.clock import wake
from oidc_sim.engine.commands import Approve, Sweep
from oidc_sim.engine.model import Now, Policy, RefreshRotation, State
from oidc_sim.engine.pace import Pace
from tests.engine.browsing import sign_in_by_browser
from tests.engine.world import TOKEN, World, copied
from tests.record.busy_world import POLICY, Script, run, scripts

DAY_S = 86_400
NOVEMBER = Now(at=1_795_000_000.0, tick=1.0)
SLACK_S = 0.001
"""Of adding and taking away seconds since 1970 as doubles."""
REFRESHED_LATE: Script = [
    *[("browse", 0), ("approve", 0), ("send_back", 0), ("redeem", 0)],
    *[("wait", 3), ("refresh", 0)],
]
"""By an application, of which no registration tells when it was last seen."""


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
    assert pc.device.pace == Pace()
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


@example(REFRESHED_LATE, RefreshRotation.REUSE, 30)
@given(scripts, st.sampled_from(RefreshRotation), st.integers(0, 1_000_000))
def test_whatever_was_left_nothing_is_good_for_longer_than_if_it_were_new(
    script: Script, rotation: RefreshRotation, back_s: int
) -> None:
    """However far the wall clock was set back between two processes (T-53)."""
    world = run(script, rotation)
    now = Now(at=world.now.at - back_s, tick=1.0)
    wake(world.state, now)
    assert max(ahead(world.state, now), default=0) <= SLACK_S
    assert all(it.issued_at <= now.at for it in world.state.devices.values())
    assert all(it.started_at <= now.at for it in world.state.sessions.values())


def ahead(state: State, now: Now) -> list[float]:
    """By how much each life ends later than one of its kind that begins now."""
    policy = state.policy
    code_s = max(policy.lifetime_s, policy.code_lifetime_s)
    return [
        *(it.expires_at - now.at - policy.registration_lifetime_s for it in state.clients.values()),
        *(it.expires_at - now.at - code_s for it in state.devices.values()),
        *(it.expires_at - now.at - policy.session_lifetime_s for it in state.sessions.values()),
        *(
            at
            - now.at
            - (policy.token_lifetime_s if it.refresh_digests else policy.session_lifetime_s)
            for it in state.sessions.values()
            for at in it.tokens.values()
        ),
        *(
            one.expires_at - now.at - policy.credentials_lifetime_s
            for it in state.sessions.values()
            for one in it.credentials
        ),
    ]


@example([("browse", 0), ("approve", 0), ("send_back", 0), ("redeem", 0)], 0)
@given(scripts, st.integers(0, 2000))
def test_time_that_went_on_shortens_no_life(script: Script, later_s: int) -> None:
    state = run(script).state
    ends = lives(copied(state))
    now = Now(at=state_time(state) + later_s, tick=1.0)
    wake(state, now)
    assert lives(state).items() <= ends.items()


def lives(state: State) -> dict[str, float]:
    """When everything ends."""
    return {
        **{key: it.expires_at for key, it in (state.clients | state.devices).items()},
        **{f"session {key}": it.expires_at for key, it in state.sessions.items()},
        **{key: at for it in state.sessions.values() for key, at in it.tokens.items()},
    }


def state_time(state: State) -> float:
    """The last instant that it knows of."""
    seen = [it.last_seen_at for it in state.clients.values()]
    begun = [it.issued_at for it in state.devices.values()]
    begun += [it.started_at for it in state.sessions.values()]
    return max([*seen, *begun, *state.assertions.values(), 1_000_000.0]) + POLICY.lifetime_s


@pytest.mark.parametrize("days", [-400, -1])
def test_after_the_wall_clock_was_set_back_a_code_has_its_ten_minutes_and_no_more(
    days: int,
) -> None:
    world = World(now=NOVEMBER)
    pc = world.sign_in()
    world.now = Now(at=NOVEMBER.at + days * DAY_S, tick=1.0)
    wake(world.state, world.now)
    world.wait(599)
    assert pc.poll() == "authorization_pending"
    world.wait(2)
    assert pc.poll() == "expired_token"
    world.wait(600)
    assert pc.poll() == "invalid_grant", "it is forgotten in its time, too"


def test_after_the_wall_clock_was_set_back_an_authorization_code_has_its_time_and_no_more() -> None:
    world = World(now=NOVEMBER)
    browser = sign_in_by_browser(world)
    world.wait(300)
    code = browser.approved_code()
    world.now = Now(at=NOVEMBER.at + 1, tick=1.0)
    wake(world.state, world.now)
    world.wait(601)
    assert browser.redeem(code) == "invalid_grant"


@pytest.mark.parametrize(("days", "is_known"), [(1, True), (89, True), (181, False)])
def test_when_the_clock_went_on_what_is_over_is_over(days: int, *, is_known: bool) -> None:
    world = World(now=NOVEMBER)
    pc = world.sign_in()
    world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN
    world.now = Now(at=NOVEMBER.at + days * DAY_S, tick=1.0)
    wake(world.state, world.now)
    assert (world.state.sessions, world.state.devices) == ({}, {})
    assert (pc.client_id in world.state.clients) is is_known
