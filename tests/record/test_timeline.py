"""A device's story in few lines."""

import pytest

from oidc_sim.engine.events import (
    ClientForgotten,
    DeedDone,
    DeedUndone,
    DeviceAuthorized,
    DeviceForgotten,
    DeviceLapsed,
    Event,
    Polled,
    PollOutcome,
    TokenIssued,
)
from oidc_sim.engine.model import Actor, Deed
from oidc_sim.record.timeline import MOMENTS_KEPT, Timeline

CODE = "USER-0001"
AUTHORIZED = DeviceAuthorized(
    at=100,
    user_code=CODE,
    code_digest="",
    client_id="c",
    client_name="\x1b[2J",
    scopes=(),
    expires_at=700,
    interval_s=1,
)
PENDING, SLOW, TOKEN = PollOutcome.PENDING, PollOutcome.SLOW_DOWN, PollOutcome.TOKEN


def polled(outcome: PollOutcome = PENDING, at: float = 1) -> Polled:
    return Polled(at=at, tick=at, user_code=CODE, outcome=outcome)


def done(deed: Deed, by: Actor = Actor.OPERATOR) -> DeedDone:
    return DeedDone(at=2, user_code=CODE, deed=deed, by=by)


def undone(deed: Deed, by: Actor = Actor.OPERATOR) -> DeedUndone:
    return DeedUndone(at=3, user_code=CODE, deed=deed, by=by, was_owed=False)


def told(*events: Event) -> Timeline:
    timeline = Timeline()
    for event in events:
        timeline.note(event)
    return timeline


def lines(timeline: Timeline) -> list[tuple[str, str]]:
    return [(moment.what, moment.detail) for moment in timeline.moments]


def polls(timeline: Timeline) -> list[tuple[int, int, str]]:
    return [(m.first, m.last, m.detail) for m in timeline.moments if m.what == "poll"]


def test_equal_polls_in_a_row_are_one_line() -> None:
    timeline = told(*[polled(at=n) for n in range(30)])
    assert polls(timeline) == [(1, 30, "authorization_pending")]
    assert timeline.moments[0].at == 0
    assert timeline.polls == 30


def test_another_outcome_opens_a_new_line() -> None:
    timeline = told(polled(), polled(), polled(SLOW), polled(), polled(TOKEN))
    assert polls(timeline) == [
        (1, 2, "authorization_pending"),
        (3, 3, "slow_down"),
        (4, 4, "authorization_pending"),
        (5, 5, "token issued"),
    ]


def test_a_deed_between_equal_polls_opens_a_new_line() -> None:
    timeline = told(polled(), done(Deed.SLOW_DOWN), undone(Deed.SLOW_DOWN), polled(), polled())
    assert [m.what for m in timeline.moments] == ["poll", "slowed down", "undone", "poll"]
    assert polls(timeline)[-1] == (2, 3, "authorization_pending")


def test_lines_that_are_no_polls_have_no_poll_numbers() -> None:
    timeline = told(AUTHORIZED, done(Deed.DENY))
    assert [(m.first, m.last) for m in timeline.moments] == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (AUTHORIZED, ("authorized", "for 600 s")),
        (done(Deed.APPROVE), ("approved", "")),
        (done(Deed.DENY), ("denied", "")),
        (done(Deed.EXPIRE), ("expired", "")),
        (done(Deed.SLOW_DOWN), ("slowed down", "")),
        (done(Deed.APPROVE, by=Actor.USER), ("approved", "by the user")),
        (done(Deed.DENY, by=Actor.SCRIPT), ("denied", "by the script")),
        (undone(Deed.APPROVE), ("undone", "approve")),
        (undone(Deed.SLOW_DOWN), ("undone", "slow down")),
        (undone(Deed.SLOW_DOWN, by=Actor.SCRIPT), ("undone", "slow down, by the script")),
        (DeviceLapsed(at=700, user_code=CODE), ("expired", "its time ran out")),
    ],
)
def test_each_happening_has_its_words(event: Event, line: tuple[str, str]) -> None:
    assert lines(told(event)) == [line]


@pytest.mark.parametrize(
    "event",
    [
        DeviceForgotten(at=1, user_code=CODE),
        ClientForgotten(at=1, client_id="c"),
        TokenIssued(
            at=1,
            user_code=CODE,
            client_id="c",
            user_id="u",
            scopes=(),
            access_digest="",
            refresh_digest=None,
            expires_at=2,
            session_expires_at=2,
        ),
    ],
)
def test_what_the_story_tells_otherwise_has_no_line(event: Event) -> None:
    assert lines(told(event)) == []


def test_no_word_is_the_clients() -> None:
    assert "\x1b" not in repr(lines(told(AUTHORIZED)))


@pytest.mark.parametrize("more", [0, 1, 50])
def test_a_story_is_bounded_and_says_what_is_gone(more: int) -> None:
    outcomes = [SLOW, PENDING] * ((MOMENTS_KEPT + more) // 2 + 1)
    timeline = told(*[polled(outcome) for outcome in outcomes[: MOMENTS_KEPT + more]])
    assert len(timeline.moments) == MOMENTS_KEPT
    assert timeline.dropped == more
    assert polls(timeline)[-1][1] == MOMENTS_KEPT + more
