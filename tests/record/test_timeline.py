"""A device's story in few lines."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.events import (
    AssertionSpent,
    AutoApproveSet,
    BrowserTurnedAway,
    ClientForgotten,
    CodeIssued,
    CodeRevoked,
    CredentialsIssued,
    DecisionMade,
    DecisionUndone,
    DeviceAuthorized,
    DeviceExpired,
    DeviceForgotten,
    Event,
    Polled,
    PollOutcome,
    SessionEnd,
    SessionEnded,
    SessionForgotten,
    TokenIssued,
    TokenRefreshed,
)
from oidc_sim.engine.model import Actor, BrowserRequest, Decision
from oidc_sim.engine.waiting_events import PollAnswered
from oidc_sim.record.timeline import MOMENTS_KEPT, Caught, Timeline, subject_of

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


def done(decision: Decision, by: Actor = Actor.OPERATOR) -> DecisionMade:
    return DecisionMade(at=2, user_code=CODE, decision=decision, by=by)


def undone(decision: Decision, by: Actor = Actor.OPERATOR) -> DecisionUndone:
    return DecisionUndone(at=3, user_code=CODE, decision=decision, by=by, was_owed=False)


BROWSING = replace(
    AUTHORIZED,
    browser=BrowserRequest(
        redirect_uri="http://127.0.0.1:1/oauth/callback",
        client_state="\x1b[2J",
        code_challenge="c" * 43,
    ),
)
SENT_BACK = CodeIssued(at=110, user_code=CODE, code_digest="d", expires_at=170)
TURNED_AWAY = BrowserTurnedAway(at=110, user_code=CODE, error="access_denied")
ISSUED = TokenIssued(
    at=1,
    user_code=CODE,
    client_id="c",
    user_id="u",
    scopes=(),
    access_digest="",
    refresh_digest=None,
    expires_at=2,
    session_expires_at=2,
)
CREDENTIALS = CredentialsIssued(
    at=1,
    session_id=CODE,
    account_id="111122223333",
    role_name="ReadOnlyAccess",
    access_key_id="ASIA",
    expires_at=2,
)
FORGOTTEN = SessionForgotten(at=9, session_id=CODE)


def refreshed(at: float = 1) -> TokenRefreshed:
    return TokenRefreshed(
        at=at, session_id=CODE, access_digest="d", refresh_digest="e", expires_at=2
    )


def ended(why: SessionEnd) -> SessionEnded:
    return SessionEnded(at=8, session_id=CODE, why=why)


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


def test_a_decision_between_equal_polls_opens_a_new_line() -> None:
    timeline = told(
        polled(), done(Decision.SLOW_DOWN), undone(Decision.SLOW_DOWN), polled(), polled()
    )
    assert [m.what for m in timeline.moments] == ["poll", "slowed down", "undone", "poll"]
    assert polls(timeline)[-1] == (2, 3, "authorization_pending")


def test_lines_that_are_no_polls_have_no_poll_numbers() -> None:
    timeline = told(AUTHORIZED, done(Decision.DENY))
    assert [(m.first, m.last) for m in timeline.moments] == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (AUTHORIZED, ("authorized", "for 600 s")),
        (done(Decision.APPROVE), ("approved", "")),
        (done(Decision.DENY), ("denied", "")),
        (done(Decision.EXPIRE), ("expired", "")),
        (done(Decision.SLOW_DOWN), ("slowed down", "")),
        (done(Decision.APPROVE, by=Actor.USER), ("approved", "by the user")),
        (done(Decision.DENY, by=Actor.SCRIPT), ("denied", "by the script")),
        (done(Decision.APPROVE, by=Actor.AUTO), ("approved", "automatically")),
        (undone(Decision.APPROVE), ("undone", "approve")),
        (undone(Decision.SLOW_DOWN), ("undone", "slow down")),
        (undone(Decision.SLOW_DOWN, by=Actor.SCRIPT), ("undone", "slow down, by the script")),
        (DeviceExpired(at=700, user_code=CODE), ("expired", "its time ran out")),
        (BROWSING, ("authorized", "a browser waits for 600 s")),
        (SENT_BACK, ("sent back", "with a code, for 60 s")),
        (TURNED_AWAY, ("sent back", "with access_denied")),
        (CodeRevoked(at=1, user_code=CODE), ("code revoked", "it came with the wrong proof")),
        (ISSUED, ("redeemed", "token issued")),
        (refreshed(), ("refreshed", "a new token")),
        (CREDENTIALS, ("credentials", "ReadOnlyAccess in 111122223333")),
        (ended(SessionEnd.SIGNED_OUT), ("signed out", "")),
        (ended(SessionEnd.CODE_REPLAYED), ("session over", "its code came twice")),
        (
            ended(SessionEnd.REFRESH_REPLAYED),
            ("session over", "a rotated refresh token came back"),
        ),
        (ended(SessionEnd.NO_ROOM), ("session over", "dropped for a newer one")),
    ],
)
def test_each_happening_has_its_words(event: Event, line: tuple[str, str]) -> None:
    assert lines(told(event)) == [line]


@pytest.mark.parametrize(
    "event",
    [
        DeviceForgotten(at=1, user_code=CODE),
        ClientForgotten(at=1, client_id="c"),
        AssertionSpent(at=1, assertion_digest="d"),
        AutoApproveSet(at=1, is_on=True),
    ],
)
def test_what_is_no_part_of_a_devices_story_has_no_line(event: Event) -> None:
    assert lines(told(event)) == []


def test_a_token_is_told_by_the_poll_that_got_it() -> None:
    timeline = told(AUTHORIZED, done(Decision.APPROVE), polled(TOKEN), ISSUED)
    assert lines(timeline)[2:] == [("poll", "token issued")]


def test_a_token_that_nobody_polled_for_has_a_line_of_its_own() -> None:
    timeline = told(BROWSING, done(Decision.APPROVE), SENT_BACK, ISSUED)
    assert lines(timeline) == [
        ("authorized", "a browser waits for 600 s"),
        ("approved", ""),
        ("sent back", "with a code, for 60 s"),
        ("redeemed", "token issued"),
    ]


def test_refreshes_in_a_row_are_one_line() -> None:
    timeline = told(*[refreshed(at=n) for n in range(1200)])
    assert lines(timeline) == [("refreshed", "a new token, 1,200 times")]
    assert timeline.moments[0].at == 0
    assert timeline.moments[0].last == 0, "they are no polls"


def test_what_comes_between_two_refreshes_opens_a_new_line() -> None:
    timeline = told(refreshed(), refreshed(), CREDENTIALS, refreshed())
    assert lines(timeline) == [
        ("refreshed", "a new token, 2 times"),
        ("credentials", "ReadOnlyAccess in 111122223333"),
        ("refreshed", "a new token"),
    ]


def test_the_same_role_taken_again_is_one_line_and_another_role_is_another() -> None:
    other = replace(CREDENTIALS, account_id="444455556666")
    assert lines(told(CREDENTIALS, CREDENTIALS, CREDENTIALS, other, CREDENTIALS)) == [
        ("credentials", "ReadOnlyAccess in 111122223333, 3 times"),
        ("credentials", "ReadOnlyAccess in 444455556666"),
        ("credentials", "ReadOnlyAccess in 111122223333"),
    ]


def test_a_session_that_is_forgotten_in_its_time_is_told_so() -> None:
    assert lines(told(FORGOTTEN)) == [("session over", "its time ran out")]


@pytest.mark.parametrize("why", SessionEnd)
def test_a_session_ends_once(why: SessionEnd) -> None:
    assert len(lines(told(ended(why), FORGOTTEN))) == 1


def test_no_word_is_the_clients() -> None:
    assert "\x1b" not in repr(lines(told(AUTHORIZED, BROWSING)))


@pytest.mark.parametrize("more", [0, 1, 50])
def test_a_story_is_bounded_and_says_what_is_gone(more: int) -> None:
    outcomes = [SLOW, PENDING] * ((MOMENTS_KEPT + more) // 2 + 1)
    timeline = told(*[polled(outcome) for outcome in outcomes[: MOMENTS_KEPT + more]])
    assert len(timeline.moments) == MOMENTS_KEPT
    assert timeline.dropped == more
    assert polls(timeline)[-1][1] == MOMENTS_KEPT + more


@pytest.mark.parametrize("event", [AUTHORIZED, ISSUED, CREDENTIALS, FORGOTTEN, refreshed()])
def test_a_session_is_part_of_its_devices_story(event: Event) -> None:
    assert subject_of(event) == CODE


@pytest.mark.parametrize(
    "event", [AutoApproveSet(at=1, is_on=True), ClientForgotten(at=1, client_id="c")]
)
def test_what_is_about_no_device_is_in_no_story(event: Event) -> None:
    assert subject_of(event) == ""


def answered(told: str, error: str = "", **detour: Any) -> PollAnswered:
    return PollAnswered(at=1, tick=1, user_code=CODE, answer_word=told, error=error, **detour)


def test_polls_that_others_answered_are_polls_with_a_line_of_their_kind() -> None:
    timeline = told(
        polled(),
        answered("expired-token", "expired_token", fault="expired-token"),
        answered("expired-token", "expired_token", fault="expired-token"),
        answered("access_denied", "access_denied", held_s=12.4),
        replace(polled(TOKEN), held_s=3.0, fault="delay"),
    )
    assert [(m.last, m.caught, m.detail, m.answer_word) for m in timeline.moments] == [
        (1, None, "authorization_pending", "authorization_pending"),
        (3, Caught.SPOILT, "expired-token", "expired_token"),
        (4, Caught.HELD, "held 12 s, access_denied", "access_denied"),
        (5, Caught.HELD, "held 3 s, delay, token issued", "token issued"),
    ]


def test_only_the_error_code_of_an_outcome_was_told() -> None:
    (moment,) = told(polled(PollOutcome.EXPIRED_EARLY)).moments
    assert moment.answer_word == "invalid_grant"


def test_a_held_poll_that_brought_the_token_is_no_redemption() -> None:
    assert len(told(replace(polled(TOKEN), held_s=3.0), ISSUED).moments) == 1
