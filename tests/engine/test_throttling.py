"""The ``rfc`` profile: RFC 8628 §3.5, from which a client that adds 5 s each time recovers at once (wire.md#57, wire.md#58)."""

import pytest

from oidc_sim.engine.arrival import Detour
from oidc_sim.engine.commands import AnswerPoll, Approve, Deny, Expire, SlowDown
from oidc_sim.engine.events import Polled, PollOutcome
from oidc_sim.engine.model import Policy
from oidc_sim.engine.pace import tolerance_s
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


def test_each_slow_down_adds_five_seconds_for_all_later_requests(rfc_pc: SignIn) -> None:
    assert polls_at(rfc_pc, 0, 1, 1, 1, 1) == [PENDING, SLOW, SLOW, SLOW, SLOW]
    assert rfc_pc.device.interval_s == rfc_pc.device.announced_s == 25
    assert polls_at(rfc_pc, 25, 25, 20) == [PENDING, PENDING, SLOW]


def test_the_wait_is_from_one_request_to_the_next_also_from_one_that_was_too_early(
    rfc_pc: SignIn,
) -> None:
    assert polls_at(rfc_pc, 0, 4, 8.9) == [PENDING, SLOW, SLOW]
    assert polls_at(rfc_pc, 14.9, 14.9) == [PENDING, PENDING]


@pytest.mark.parametrize("haste", [0.1, 0.4, 0.85])
def test_whoever_adds_five_seconds_each_time_but_waits_too_short_is_told_each_time(
    haste: float, rfc_pc: SignIn
) -> None:
    assert rfc_pc.poll() == PENDING
    for count in range(1, 6):
        assert polls_at(rfc_pc, haste * rfc_pc.device.announced_s) == [SLOW]
        assert rfc_pc.device.announced_s == 5 + 5 * count


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


def test_a_poll_that_an_sdk_sends_again_is_not_too_early_and_the_next_is_measured_from_the_first(
    rfc_pc: SignIn,
) -> None:
    rfc_pc.poll()
    for _ in range(2):
        rfc_pc.world.wait(0.5)
        detour = Detour(tick=rfc_pc.world.now.tick, is_retry=True)
        assert rfc_pc.poll_with(detour=detour) == PENDING
    assert polls_at(rfc_pc, 4, 4) == [PENDING, SLOW]


def test_what_a_fault_brings_twice_is_not_too_early(rfc_pc: SignIn) -> None:
    rfc_pc.poll()
    detour = Detour(tick=rfc_pc.world.now.tick, fault="duplicate", is_repeat=True)
    assert rfc_pc.poll_with(detour=detour) == PENDING


def test_a_slow_down_by_a_fault_adds_to_the_interval_that_is_kept(rfc_pc: SignIn) -> None:
    rfc_pc.poll()
    rfc_pc.world.wait(5)
    rfc_pc.world.do(
        AnswerPoll(
            user_code=rfc_pc.user_code,
            client_id=rfc_pc.client_id,
            detour=Detour(tick=rfc_pc.world.now.tick, fault="slow-down"),
            answer_word="slow-down",
            error="slow_down",
        )
    )
    assert polls_at(rfc_pc, 10, 5) == [PENDING, SLOW]


def test_after_an_operators_slow_down_the_longer_interval_is_waited_for_from_then(
    rfc_pc: SignIn,
) -> None:
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
