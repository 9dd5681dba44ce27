"""What a poll is told, and which of two faults in it is told first."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.arrival import Detour
from oidc_sim.engine.commands import (
    AnswerPoll,
    Approve,
    AuthorizeDevice,
    Command,
    Deny,
    DeviceCommand,
    Expire,
    SlowDown,
)
from oidc_sim.engine.events import Polled, PollOutcome, TokenIssued
from oidc_sim.engine.model import Actor, DeviceState, ExpiredAs, Policy
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.engine.waiting_events import PollAnswered
from tests.engine.world import START, TOKEN, SignIn, World

LIFETIME_S = 600
NINETY_DAYS_S = 90 * 86400


def test_a_fresh_code_is_pending(pc: SignIn) -> None:
    assert [pc.poll() for _ in range(3)] == ["authorization_pending"] * 3


def test_an_approved_code_gives_a_token_and_is_collected(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN
    assert pc.state is DeviceState.COLLECTED


def test_a_spent_code_never_gives_a_second_token(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    assert pc.poll() == TOKEN
    assert pc.poll() == "invalid_grant"
    pc.world.wait(LIFETIME_S)
    assert pc.poll() == "invalid_grant"


@pytest.mark.parametrize("decision", [Deny, Expire])
def test_a_denied_or_expired_device_never_yields_a_token(
    pc: SignIn, decision: type[DeviceCommand]
) -> None:
    pc.world.do(decision(pc.user_code))
    pc.world.do(Approve(pc.user_code))
    assert pc.poll() != TOKEN


def test_a_denied_code_is_told_so_each_time(pc: SignIn) -> None:
    pc.world.do(Deny(pc.user_code))
    assert [pc.poll(), pc.poll()] == ["access_denied", "access_denied"]


def test_an_approval_by_the_user_counts_as_one_by_the_operator(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code, by=Actor.USER))
    assert pc.poll() == TOKEN


def test_an_approved_code_that_expires_is_not_collected(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    pc.world.wait(LIFETIME_S)
    assert pc.poll() == "expired_token"


@pytest.mark.parametrize(
    ("after_s", "answer"),
    [
        (LIFETIME_S - 0.001, "authorization_pending"),
        (LIFETIME_S, "expired_token"),
        (LIFETIME_S + 0.001, "expired_token"),
        (2 * LIFETIME_S - 0.001, "expired_token"),
        (2 * LIFETIME_S, "invalid_grant"),
        (2 * LIFETIME_S + 0.001, "invalid_grant"),
    ],
)
def test_a_code_expires_to_the_millisecond(pc: SignIn, after_s: float, answer: str) -> None:
    pc.world.wait(after_s)
    assert pc.poll() == answer


def test_a_code_expires_by_the_simulated_clock(pc: SignIn) -> None:
    pc.world.step(LIFETIME_S)
    assert pc.poll() == "expired_token"


@pytest.mark.parametrize("expired_as", ExpiredAs)
def test_a_lapsed_code_is_told_as_the_policy_says(expired_as: ExpiredAs) -> None:
    """wire.md#43."""
    pc = World(policy=Policy(expired_as=expired_as)).sign_in()
    pc.world.wait(LIFETIME_S)
    assert pc.poll() == expired_as.value


@pytest.mark.parametrize("expired_as", ExpiredAs)
def test_a_code_that_the_operator_expired_is_told_the_same(expired_as: ExpiredAs) -> None:
    pc = World(policy=Policy(expired_as=expired_as)).sign_in()
    pc.world.do(Expire(pc.user_code))
    assert pc.poll() == expired_as.value


def test_a_policy_of_early_invalid_grant_leaves_other_refusals_alone() -> None:
    pc = World(policy=Policy(expired_as=ExpiredAs.INVALID_GRANT)).sign_in()
    assert pc.poll() == "authorization_pending"
    pc.world.do(Deny(pc.user_code))
    assert pc.poll() == "access_denied"


def test_an_unknown_code_is_told_before_an_unknown_client(world: World) -> None:
    """wire.md#38: AWS's own live test sends all three wrong."""
    answer = world.sign_in().poll_with(
        client_id="test", client_secret="test", device_code="invalid for test"
    )
    assert answer == "invalid_grant"


@pytest.mark.parametrize("device_code", ["", "x", "SECRET-DEVICE-CODE-0002"])
def test_an_unknown_code_is_an_invalid_grant(pc: SignIn, device_code: str) -> None:
    assert pc.poll_with(device_code=device_code) == "invalid_grant"


def test_a_user_code_is_no_device_code(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    assert pc.poll_with(device_code=pc.user_code) == "invalid_grant"
    assert pc.poll_with(device_code=pc.device.code_digest) == "invalid_grant"


@pytest.mark.parametrize("fault", [{"client_secret": "wrong"}, {"client_id": "client-9999"}])
def test_a_good_code_with_a_bad_client_is_an_invalid_client(
    pc: SignIn, fault: dict[str, str]
) -> None:
    pc.world.do(Approve(pc.user_code))
    assert pc.poll_with(**fault) == "invalid_client"
    assert pc.poll() == TOKEN


@pytest.mark.parametrize("early_s", [0.001, 0, -0.001])
def test_a_secret_is_good_until_its_registration_expires(world: World, early_s: float) -> None:
    ours = world.register()
    world.wait(NINETY_DAYS_S - 10)
    pc = world.authorize(ours)
    world.wait(10 - early_s)
    assert pc.poll() == ("authorization_pending" if early_s > 0 else "invalid_client")


def test_a_code_of_another_client_is_an_invalid_grant(world: World) -> None:
    ours, theirs = world.sign_in(), world.sign_in()
    world.do(Approve(ours.user_code))
    assert theirs.poll_with(device_code=ours.device_code) == "invalid_grant"
    assert ours.poll() == TOKEN


def test_a_client_that_was_forgotten_is_an_invalid_client() -> None:
    world = World(policy=Policy(max_clients=1))
    pc = world.sign_in()
    world.register()
    assert pc.poll() == "invalid_client"


@pytest.mark.parametrize(
    "fault",
    [
        {"device_code": "x"},
        {"client_secret": "x"},
        {"client_id": "client-9999"},
    ],
)
def test_a_poll_that_is_not_the_rightful_clients_leaves_no_trace(
    pc: SignIn, fault: dict[str, Any]
) -> None:
    assert pc.world.news(replace(pc.request(), **fault)) == []
    assert pc.device.polls == 0


def test_a_refused_poll_names_its_device_for_the_record(pc: SignIn) -> None:
    assert pc.ask() == Refused(Reason.AUTHORIZATION_PENDING, pc.user_code, pc.client_id)
    wrong = pc.world.do(replace(pc.request(), client_secret="x"))
    assert wrong == Refused(Reason.INVALID_CLIENT, pc.user_code)


def test_a_poll_is_noted_with_both_clocks(pc: SignIn) -> None:
    pc.world.wait(3)
    (polled,) = pc.world.news(pc.request())
    assert polled == Polled(
        at=START.at + 3,
        tick=START.tick + 3,
        user_code=pc.user_code,
        outcome=PollOutcome.PENDING,
    )
    assert pc.device.polls == 1
    assert pc.device.last_poll_at == START.at + 3
    assert pc.world.state.clients[pc.client_id].last_seen_at == START.at + 3


def test_a_token_is_told_of_after_the_poll_that_got_it(pc: SignIn) -> None:
    pc.world.do(Approve(pc.user_code))
    kinds = [type(event) for event in pc.world.news(pc.request())]
    assert kinds == [Polled, TokenIssued]


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([], PollOutcome.PENDING),
        ([SlowDown], PollOutcome.SLOW_DOWN),
        ([Deny], PollOutcome.DENIED),
        ([Expire], PollOutcome.EXPIRED),
        ([Approve], PollOutcome.TOKEN),
    ],
)
def test_the_log_says_what_the_poll_was_told(
    pc: SignIn, decisions: list[type[DeviceCommand]], outcome: PollOutcome
) -> None:
    for decision in decisions:
        pc.world.do(decision(pc.user_code))
    polled = pc.world.news(pc.request())[0]
    assert isinstance(polled, Polled)
    assert polled.outcome is outcome


@pytest.mark.parametrize("expired_as", ExpiredAs)
def test_the_log_says_of_a_lapsed_code_what_the_client_was_told(expired_as: ExpiredAs) -> None:
    pc = World(policy=Policy(expired_as=expired_as)).sign_in()
    pc.world.wait(LIFETIME_S)
    (polled,) = pc.world.news(pc.request())
    assert isinstance(polled, Polled)
    assert polled.outcome.value.startswith(expired_as.value)
    assert polled.outcome is not PollOutcome.SPENT


def test_one_clients_poll_touches_no_other_device(world: World) -> None:
    ours = world.register()
    first, second = world.authorize(ours), world.authorize(ours)
    world.do(Approve(first.user_code))
    assert first.poll() == TOKEN
    assert second.poll() == "authorization_pending"
    assert second.device.polls == 1


def test_no_request_of_a_client_draws_ids_when_it_is_refused(world: World) -> None:
    pc = world.sign_in()
    drawn = list(world.ids.secrets)
    requests: list[Command[object]] = [
        pc.request(),
        replace(pc.request(), device_code="x"),
        AuthorizeDevice(client_id=pc.client_id, client_secret="x"),
    ]
    for request in requests:
        world.do(request)
    assert world.ids.secrets == drawn


def detoured(pc: SignIn, **detour: Any) -> Detour:
    return Detour(tick=pc.world.now.tick, **detour)


def answer(pc: SignIn, **changes: Any) -> AnswerPoll:
    command = AnswerPoll(
        user_code=pc.user_code,
        client_id=pc.client_id,
        detour=detoured(pc, fault="slow-down"),
        answer_word="slow-down",
        error="slow_down",
    )
    return replace(command, **changes)


def test_a_poll_that_others_answered_is_counted_and_its_slow_down_too(pc: SignIn) -> None:
    pc.world.wait(3)
    before = replace(pc.device)
    (answered,) = pc.world.news(answer(pc))
    assert isinstance(answered, PollAnswered)
    assert (answered.tick, answered.error, answered.fault) == (
        START.tick + 3,
        "slow_down",
        "slow-down",
    )
    assert pc.world.state.clients[pc.client_id].last_seen_at == START.at + 3
    assert pc.device == replace(before, polls=1, last_poll_at=START.at + 3, interval_s=6)


@pytest.mark.parametrize("fault", [{"user_code": "USER-9999"}, {"client_id": "client-9999"}])
def test_an_answer_to_nobodys_poll_is_not_noted(pc: SignIn, fault: dict[str, str]) -> None:
    assert pc.world.news(answer(pc, **fault)) == []


def test_a_poll_that_was_held_is_throttled_by_when_it_came() -> None:
    pc = World(policy=Policy(interval_s=5, throttles=True)).sign_in()
    pc.poll()
    detour = detoured(pc, held_s=30.0, fault="delay")
    pc.world.wait(30)
    (polled,) = pc.world.news(replace(pc.request(), detour=detour))
    assert polled == Polled(
        at=START.at + 30,
        tick=START.tick,
        user_code=pc.user_code,
        outcome=PollOutcome.THROTTLED,
        held_s=30.0,
        kept_s=30.0,
        fault="delay",
    )
