"""Approval without anybody's hand: when, for whom, and who can stop it."""

import pytest

from oidc_sim.engine import preview
from oidc_sim.engine.commands import (
    Approve,
    Deny,
    Expire,
    SetAutoApprove,
    SlowDown,
    StartBrowserSignIn,
    Sweep,
    Undo,
)
from oidc_sim.engine.events import AutoApproveSet, DecisionMade
from oidc_sim.engine.model import Actor, Decision, DeviceState
from oidc_sim.engine.polling import AFTER_S
from tests.engine.browsing import sign_in_by_browser
from tests.engine.world import TOKEN, World, said

PENDING = "authorization_pending"


@pytest.fixture
def hands_free() -> World:
    return World(auto_approves=True)


@pytest.mark.parametrize(
    ("age_s", "told"), [(0, PENDING), (0.999, PENDING), (1, TOKEN), (60, TOKEN)]
)
def test_a_poll_is_answered_by_the_code_s_age_and_not_by_the_sweep_s_pace(
    hands_free: World, age_s: float, told: str
) -> None:
    pc = hands_free.sign_in()
    hands_free.wait(age_s)
    assert pc.poll() == told


def test_the_approval_is_nobody_s_decision_right_before_the_token(hands_free: World) -> None:
    pc = hands_free.sign_in()
    hands_free.wait(AFTER_S)
    pc.poll()
    decision, *others = hands_free.events[-3:]
    assert isinstance(decision, DecisionMade)
    assert (decision.decision, decision.by, decision.at) == (
        Decision.APPROVE,
        Actor.AUTO,
        hands_free.now.at,
    )
    assert [type(it).__name__ for it in others] == ["Polled", "TokenIssued"]


def test_the_sweep_approves_a_code_that_nobody_polls_for_once(hands_free: World) -> None:
    pc = hands_free.sign_in()
    assert hands_free.news(Sweep()) == []
    hands_free.wait(AFTER_S)
    assert [type(it).__name__ for it in hands_free.news(Sweep())] == ["DecisionMade"]
    assert hands_free.news(Sweep()) == []
    assert pc.device.state(hands_free.now.at) is DeviceState.APPROVED


def test_what_comes_next_is_foretold(hands_free: World) -> None:
    pc = hands_free.sign_in()
    assert said(preview(hands_free.state, pc.user_code, hands_free.now)) == PENDING
    hands_free.wait(AFTER_S)
    assert said(preview(hands_free.state, pc.user_code, hands_free.now)) == TOKEN


def test_a_browser_is_sent_back_at_once(hands_free: World) -> None:
    assert sign_in_by_browser(hands_free).look() == "code"


def test_a_browser_sign_in_that_nobody_finishes_is_approved_by_the_sweep(hands_free: World) -> None:
    browser = sign_in_by_browser(hands_free)
    hands_free.do(Sweep())
    assert browser.device.decisions == [Decision.APPROVE]


@pytest.mark.parametrize("decision", [Deny, Expire])
def test_what_was_decided_by_hand_stays(hands_free: World, decision: type[Deny | Expire]) -> None:
    pc = hands_free.sign_in()
    hands_free.do(decision(pc.user_code))
    hands_free.wait(60)
    hands_free.do(Sweep())
    assert pc.poll() in {"access_denied", "expired_token"}


@pytest.mark.parametrize("decision", [None, Approve, Deny, Expire, SlowDown])
def test_whoever_undoes_has_it_in_hand(
    hands_free: World, decision: type[Approve | Deny | Expire | SlowDown] | None
) -> None:
    pc = hands_free.sign_in()
    if decision is not None:
        hands_free.do(decision(pc.user_code))
    else:
        hands_free.wait(AFTER_S)
        hands_free.do(Sweep())
    hands_free.do(Undo(pc.user_code))
    hands_free.wait(60)
    hands_free.do(Sweep())
    assert pc.poll() == PENDING
    hands_free.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN


def test_an_undone_browser_sign_in_waits_for_a_hand(hands_free: World) -> None:
    browser = sign_in_by_browser(hands_free)
    hands_free.do(Sweep())
    hands_free.do(Undo(browser.user_code))
    assert browser.look() == "waiting"


def test_a_lapsed_code_is_not_approved(hands_free: World) -> None:
    pc = hands_free.sign_in()
    hands_free.wait(hands_free.policy.lifetime_s)
    hands_free.do(Sweep())
    assert pc.poll() == "expired_token"
    assert pc.device.decisions == []


def test_it_is_off_unless_it_is_switched_on() -> None:
    world = World()
    pc = world.sign_in()
    browser = sign_in_by_browser(world)
    world.wait(60)
    assert world.news(Sweep()) == []
    assert (pc.poll(), browser.look()) == (PENDING, "waiting")


def test_switched_on_it_approves_what_waits_already_and_switched_off_nothing_more() -> None:
    world = World()
    first = world.sign_in()
    world.wait(60)
    assert world.news(SetAutoApprove(is_on=True)) == [AutoApproveSet(at=world.now.at, is_on=True)]
    assert first.poll() == TOKEN
    world.do(SetAutoApprove(is_on=False))
    second = world.sign_in()
    world.wait(60)
    assert second.poll() == PENDING


@pytest.mark.parametrize("is_on", [True, False])
def test_switching_to_what_it_is_already_is_no_event(is_on: bool) -> None:  # noqa: FBT001
    world = World(auto_approves=is_on)
    assert world.news(SetAutoApprove(is_on=is_on)) == []


def test_what_was_switched_is_replayed() -> None:
    world = World()
    world.do(SetAutoApprove(is_on=True))
    pc = world.sign_in()
    world.wait(AFTER_S)
    pc.poll()
    assert world.replayed() == world.state


def test_it_approves_only_what_the_engine_would_let_begin(hands_free: World) -> None:
    request = StartBrowserSignIn(
        client_id="nobody",
        redirect_uri="http://evil.example/",
        response_type="code",
        client_state=None,
        scopes=(),
        code_challenge=None,
        code_challenge_method=None,
    )
    assert said(hands_free.do(request)) == "invalid_client"
