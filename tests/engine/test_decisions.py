"""What an operator may do to a device, and what it does."""

import copy
from collections.abc import Callable

import pytest

from oidc_sim.engine.commands import Approve, Deny, DeviceCommand, Expire, SlowDown, Undo
from oidc_sim.engine.decisions import MAX_SLOW_DOWNS_OWED
from oidc_sim.engine.events import DecisionMade, DecisionUndone
from oidc_sim.engine.model import MAX_DECISIONS, Actor, Decision, DeviceState
from oidc_sim.engine.replies import Changed, Hindrance, Impossible
from tests.engine.world import START, TOKEN, SignIn, World

LIFETIME_S = 600
DECISIONS: dict[type[DeviceCommand], Decision] = {
    Approve: Decision.APPROVE,
    Deny: Decision.DENY,
    Expire: Decision.EXPIRE,
    SlowDown: Decision.SLOW_DOWN,
}


def do(pc: SignIn, command: type[DeviceCommand]) -> str | None:
    """Do it; None when it went well, else why not."""
    reply = pc.world.do(command(pc.user_code))
    if isinstance(reply, Impossible):
        assert reply.user_code == pc.user_code
        assert reply.hindrance is Hindrance.CONFLICT
        return reply.why
    assert isinstance(reply, Changed)
    assert reply.device is pc.device
    return None


def approved(pc: SignIn) -> None:
    do(pc, Approve)


def denied(pc: SignIn) -> None:
    do(pc, Deny)


def slowed(pc: SignIn) -> None:
    do(pc, SlowDown)


def slowed_and_told(pc: SignIn) -> None:
    do(pc, SlowDown)
    pc.poll()


def ended(pc: SignIn) -> None:
    do(pc, Expire)


def expired_now(pc: SignIn) -> None:
    pc.world.wait(LIFETIME_S)


def approved_and_lapsed(pc: SignIn) -> None:
    approved(pc)
    expired_now(pc)


def collected(pc: SignIn) -> None:
    do(pc, Approve)
    assert pc.poll() == TOKEN


def collected_and_lapsed(pc: SignIn) -> None:
    collected(pc)
    expired_now(pc)


def pending(pc: SignIn) -> None:
    assert pc.state is DeviceState.PENDING


OK = None
APPROVED = "already approved; undo first"
DENIED = "already denied; undo first"
ENDED = "already expired; undo first"
TIME_RAN_OUT = "its time ran out"
COLLECTED = "token already collected"
NOTHING = "nothing to undo"

TABLE = [
    # state                 approve    deny       expire     slow down  undo
    (pending, OK, OK, OK, OK, NOTHING),
    (slowed, OK, OK, OK, OK, OK),
    (slowed_and_told, OK, OK, OK, OK, OK),
    (approved, APPROVED, APPROVED, OK, APPROVED, OK),
    (denied, DENIED, DENIED, OK, DENIED, OK),
    (ended, ENDED, ENDED, ENDED, ENDED, OK),
    (expired_now, TIME_RAN_OUT, TIME_RAN_OUT, TIME_RAN_OUT, TIME_RAN_OUT, NOTHING),
    (approved_and_lapsed, TIME_RAN_OUT, TIME_RAN_OUT, TIME_RAN_OUT, TIME_RAN_OUT, OK),
    (collected, COLLECTED, COLLECTED, COLLECTED, COLLECTED, COLLECTED),
    (collected_and_lapsed, COLLECTED, COLLECTED, COLLECTED, COLLECTED, COLLECTED),
]
CASES = [
    pytest.param(prepare, command, why, id=f"{prepare.__name__}-{command.__name__}")
    for prepare, *whys in TABLE
    for command, why in zip((Approve, Deny, Expire, SlowDown, Undo), whys, strict=True)
]


@pytest.mark.parametrize(("prepare", "command", "why"), CASES)
def test_a_decision_is_done_or_says_why_not(
    pc: SignIn,
    prepare: Callable[[SignIn], None],
    command: type[DeviceCommand],
    why: str | None,
) -> None:
    prepare(pc)
    heard = len(pc.world.events)
    assert do(pc, command) == why
    assert len(pc.world.events) - heard == (1 if why is None else 0)


@pytest.mark.parametrize("command", [Approve, Deny, Expire, SlowDown, Undo])
def test_nothing_can_be_done_to_an_unknown_code(world: World, command: type[DeviceCommand]) -> None:
    reply = world.do(command("USER-9999"))
    assert isinstance(reply, Impossible)
    assert reply.hindrance is Hindrance.UNKNOWN
    assert reply.user_code == "USER-9999"
    assert world.events == []


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (Approve, DeviceState.APPROVED),
        (Deny, DeviceState.DENIED),
        (Expire, DeviceState.EXPIRED),
        (SlowDown, DeviceState.PENDING),
    ],
)
def test_a_decision_shows_at_once(
    pc: SignIn, command: type[DeviceCommand], state: DeviceState
) -> None:
    do(pc, command)
    assert pc.state is state


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("command", DECISIONS)
def test_the_log_says_who_did_what_and_when(
    pc: SignIn, command: type[DeviceCommand], actor: Actor
) -> None:
    pc.world.wait(2)
    assert pc.world.news(command(pc.user_code, by=actor)) == [
        DecisionMade(at=START.at + 2, user_code=pc.user_code, decision=DECISIONS[command], by=actor)
    ]


@pytest.mark.parametrize("actor", Actor)
def test_the_log_says_who_undid_what(pc: SignIn, actor: Actor) -> None:
    do(pc, Deny)
    assert pc.world.news(Undo(pc.user_code, by=actor)) == [
        DecisionUndone(
            at=START.at, user_code=pc.user_code, decision=Decision.DENY, by=actor, was_owed=False
        )
    ]


def since(pc: SignIn) -> float | None:
    reply = pc.world.do(Approve(pc.user_code))
    assert isinstance(reply, Impossible)
    return reply.since


def test_a_collected_token_is_told_with_its_time(pc: SignIn) -> None:
    collected(pc)
    pc.world.wait(9)
    assert since(pc) == START.at


def test_a_lapsed_code_is_told_with_its_time(pc: SignIn) -> None:
    pc.world.wait(LIFETIME_S + 30)
    assert since(pc) == START.at + LIFETIME_S


def test_no_hindrance_began_in_the_future(pc: SignIn) -> None:
    """An operator ends a code long before its own time is up."""
    ended(pc)
    assert since(pc) is None


def test_undo_is_not_advised_where_it_cannot_help(pc: SignIn) -> None:
    ended(pc)
    expired_now(pc)
    assert do(pc, Approve) == TIME_RAN_OUT
    assert since(pc) == START.at + LIFETIME_S


@pytest.mark.parametrize("prepare", [pending, slowed, slowed_and_told, approved, denied])
@pytest.mark.parametrize("command", DECISIONS)
def test_undo_restores_the_device(
    pc: SignIn, prepare: Callable[[SignIn], None], command: type[DeviceCommand]
) -> None:
    prepare(pc)
    before = copy.deepcopy(pc.device)
    if do(pc, command) is None:
        assert pc.device != before
        assert do(pc, Undo) is None
    assert pc.device == before


def test_decisions_are_undone_last_first(pc: SignIn) -> None:
    for command in (SlowDown, Deny, Expire):
        do(pc, command)
    answers = []
    for _ in range(3):
        do(pc, Undo)
        answers.append(pc.preview())
    assert answers == ["access_denied", "slow_down", "authorization_pending"]
    assert do(pc, Undo) == NOTHING


@pytest.mark.parametrize("command", [Approve, Deny, Expire])
def test_after_undo_the_client_polls_on(pc: SignIn, command: type[DeviceCommand]) -> None:
    do(pc, command)
    do(pc, Undo)
    assert pc.poll() == "authorization_pending"


def test_what_was_told_the_client_can_be_undone_until_it_is_collected(pc: SignIn) -> None:
    do(pc, Deny)
    assert pc.poll() == "access_denied"
    do(pc, Undo)
    do(pc, Approve)
    assert pc.poll() == TOKEN
    assert do(pc, Undo) == COLLECTED


def test_undo_of_expire_does_not_bring_back_a_code_whose_time_ran_out(pc: SignIn) -> None:
    ended(pc)
    expired_now(pc)
    assert do(pc, Undo) is None
    assert pc.poll() == "expired_token"


def test_each_press_of_slow_down_is_one_slow_down(pc: SignIn) -> None:
    for _ in range(3):
        do(pc, SlowDown)
    answers = [pc.poll() for _ in range(5)]
    assert answers == ["slow_down"] * 3 + ["authorization_pending"] * 2


def test_each_press_of_slow_down_adds_five_seconds_at_once(pc: SignIn) -> None:
    shown = []
    for _ in range(3):
        do(pc, SlowDown)
        shown.append(pc.device.interval_s)
    assert shown == [6, 11, 16]
    pc.poll()
    assert pc.device.interval_s == 16


def test_a_slow_down_undone_in_time_is_never_told(pc: SignIn) -> None:
    do(pc, SlowDown)
    do(pc, Undo)
    assert pc.poll() == "authorization_pending"
    assert pc.device.interval_s == 1


def test_a_slow_down_undone_too_late_leaves_the_interval_that_the_client_was_told(
    pc: SignIn,
) -> None:
    slowed_and_told(pc)
    assert do(pc, Undo) is None
    assert pc.poll() == "authorization_pending"
    assert pc.device.interval_s == pc.device.announced_s == 6
    assert pc.device.slow_downs_owed == 0


def test_of_two_slow_downs_undo_takes_the_one_not_told_yet(pc: SignIn) -> None:
    do(pc, SlowDown)
    do(pc, SlowDown)
    assert pc.poll() == "slow_down"
    do(pc, Undo)
    assert pc.poll() == "authorization_pending"
    assert pc.device.interval_s == 6


def test_approval_is_not_hidden_by_a_slow_down_that_waits(pc: SignIn) -> None:
    do(pc, SlowDown)
    do(pc, Approve)
    assert pc.poll() == TOKEN


@pytest.mark.parametrize(
    ("command", "answer"), [(Deny, "access_denied"), (Expire, "expired_token")]
)
def test_a_refusal_comes_before_a_slow_down_that_waits_and_keeps_it(
    pc: SignIn, command: type[DeviceCommand], answer: str
) -> None:
    do(pc, SlowDown)
    do(pc, command)
    assert pc.poll() == answer
    do(pc, Undo)
    assert pc.poll() == "slow_down"


def test_a_stuck_key_piles_up_no_slow_downs_without_end(pc: SignIn) -> None:
    for _ in range(MAX_SLOW_DOWNS_OWED):
        assert do(pc, SlowDown) is None
    assert do(pc, SlowDown) == "100 slow_downs are waiting already"
    assert pc.device.slow_downs_owed == MAX_SLOW_DOWNS_OWED
    pc.poll()
    assert do(pc, SlowDown) is None


def test_decisions_that_can_be_undone_are_bounded_and_the_oldest_stands(pc: SignIn) -> None:
    for _ in range(MAX_DECISIONS + 3):
        slowed_and_told(pc)
    assert len(pc.device.decisions) == MAX_DECISIONS
    for _ in range(MAX_DECISIONS):
        assert do(pc, Undo) is None
    assert do(pc, Undo) == NOTHING
    assert pc.device.interval_s == 1 + (MAX_DECISIONS + 3) * 5, "told is told"
