"""The ``rfc`` profile: RFC 8628 §3.5, and recoverable (client-rules.md §2 fact 5)."""

import pytest

from oidc_sim.engine.commands import Approve, Deny, Expire, SlowDown
from oidc_sim.engine.events import Polled, PollOutcome
from oidc_sim.engine.model import Policy
from oidc_sim.engine.polling import tolerance_s
from tests.engine.world import TOKEN, SignIn, World

PENDING = "authorization_pending"
SLOW = "slow_down"


@pytest.fixture
def rfc_pc(rfc_world: World) -> SignIn:
    return rfc_world.sign_in()


def polls_at(pc: SignIn, *gaps_s: float) -> list[str]:
    """Poll after each of these waits."""
    answers = []
    for gap_s in gaps_s:
        pc.world.wait(gap_s)
        answers.append(pc.poll())
    return answers


def test_aws_never_throttles(pc: SignIn) -> None:
    assert polls_at(pc, *[0.0] * 20) == [PENDING] * 20
    assert pc.device.interval_s == 1


def test_the_first_poll_is_free(rfc_pc: SignIn) -> None:
    assert polls_at(rfc_pc, 0) == [PENDING]


def test_an_early_poll_gets_slow_down_and_a_longer_interval(rfc_pc: SignIn) -> None:
    assert polls_at(rfc_pc, 0, 1) == [PENDING, SLOW]
    assert rfc_pc.device.interval_s == 10


def test_the_log_tells_throttling_from_an_operators_wish(rfc_pc: SignIn) -> None:
    rfc_pc.poll()
    polled = rfc_pc.world.news(rfc_pc.request())[0]
    assert isinstance(polled, Polled)
    assert polled.outcome is PollOutcome.THROTTLED


def test_many_early_polls_in_one_window_raise_the_interval_once(rfc_pc: SignIn) -> None:
    assert polls_at(rfc_pc, 0, 1, 1, 1, 1) == [PENDING, SLOW, SLOW, SLOW, SLOW]
    assert rfc_pc.device.interval_s == 10


def test_an_early_poll_does_not_move_the_window(rfc_pc: SignIn) -> None:
    """Nine seconds of ten after the poll that counted, one of them before the last early poll."""
    assert polls_at(rfc_pc, 0, 4, 4, 1) == [PENDING, SLOW, SLOW, PENDING]


def test_each_window_raises_the_interval_again(rfc_pc: SignIn) -> None:
    assert polls_at(rfc_pc, 0, 1, 10, 1) == [PENDING, SLOW, PENDING, SLOW]
    assert rfc_pc.device.interval_s == 15


def test_a_client_that_adds_five_seconds_recovers_at_once(rfc_pc: SignIn) -> None:
    assert polls_at(rfc_pc, 0, 1, 10, 10, 10) == [PENDING, SLOW, PENDING, PENDING, PENDING]


@pytest.mark.parametrize(
    ("gap_s", "answer"),
    [(4.499, SLOW), (4.5, PENDING), (4.501, PENDING), (5.0, PENDING), (60.0, PENDING)],
)
def test_ten_percent_early_is_on_time(rfc_pc: SignIn, gap_s: float, answer: str) -> None:
    assert polls_at(rfc_pc, 0, gap_s) == [PENDING, answer]


@pytest.mark.parametrize(("gap_s", "answer"), [(0.749, SLOW), (0.75, PENDING)])
def test_a_quarter_second_early_is_on_time(gap_s: float, answer: str) -> None:
    pc = World(policy=Policy(interval_s=1, throttles=True)).sign_in()
    assert polls_at(pc, 0, gap_s) == [PENDING, answer]


@pytest.mark.parametrize(
    ("interval_s", "expected_s"), [(0, 0.25), (1, 0.25), (2.5, 0.25), (5, 0.5), (15, 1.5)]
)
def test_the_tolerance_is_the_larger_of_the_two(interval_s: float, expected_s: float) -> None:
    assert tolerance_s(interval_s) == expected_s


def test_pace_is_judged_by_the_real_clock(rfc_pc: SignIn) -> None:
    rfc_pc.poll()
    rfc_pc.world.step(60)
    assert rfc_pc.poll() == SLOW


def test_approval_is_never_hidden_by_throttling(rfc_pc: SignIn) -> None:
    rfc_pc.poll()
    rfc_pc.world.do(Approve(rfc_pc.user_code))
    assert rfc_pc.poll() == TOKEN


def test_refusals_are_not_hidden_by_throttling(rfc_world: World) -> None:
    denied, expired = rfc_world.sign_in(), rfc_world.sign_in()
    for pc in (denied, expired):
        pc.poll()
    rfc_world.do(Deny(denied.user_code))
    rfc_world.do(Expire(expired.user_code))
    assert denied.poll() == "access_denied"
    assert expired.poll() == "expired_token"


def test_an_operators_slow_down_starts_a_new_window(rfc_pc: SignIn) -> None:
    rfc_pc.world.do(SlowDown(rfc_pc.user_code))
    assert polls_at(rfc_pc, 0, 10) == [SLOW, PENDING]


def test_a_poll_after_an_operators_slow_down_must_wait_the_longer_interval(
    rfc_pc: SignIn,
) -> None:
    rfc_pc.world.do(SlowDown(rfc_pc.user_code))
    assert polls_at(rfc_pc, 0, 5) == [SLOW, SLOW]
    assert rfc_pc.device.interval_s == 15


def test_clients_of_one_operator_are_paced_apart(rfc_world: World) -> None:
    ours = rfc_world.register()
    first, second = rfc_world.authorize(ours), rfc_world.authorize(ours)
    assert [first.poll(), second.poll()] == [PENDING, PENDING]
