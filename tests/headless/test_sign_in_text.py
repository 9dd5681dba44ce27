"""A line for what becomes of a sign-in."""

import pytest

from oidc_sim.engine import events as e
from oidc_sim.headless.text import text_of
from oidc_sim.record.log import Entry
from oidc_sim.wire.operations import AUTHORIZE
from tests.record.samples import EXCHANGE

AT = 1_764_000_000.0


def told(what: e.Event) -> str | None:
    line = text_of(Entry(1, what))
    return line and line.partition(" ")[2]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (
            e.CodeIssued(at=AT, user_code="BCDF-GHJK", code_digest="d", expires_at=AT + 600),
            "sent the browser of BCDF-GHJK back with a code",
        ),
        (
            e.BrowserTurnedAway(at=AT, user_code="BCDF-GHJK", error="access_denied"),
            "sent the browser of BCDF-GHJK back without a code: access_denied",
        ),
        (e.BrowserLeft(at=AT, user_code="BCDF-GHJK"), "left: the browser of BCDF-GHJK"),
        (e.BrowserCameBack(at=AT, user_code="BCDF-GHJK"), "came back: the browser of BCDF-GHJK"),
        (
            e.CodeRevoked(at=AT, user_code="BCDF-GHJK"),
            "revoked the code of BCDF-GHJK: it came with the wrong proof",
        ),
        (
            e.SessionEnded(at=AT, session_id="BCDF-GHJK", why=e.SessionEnd.SIGNED_OUT),
            "ended the session of BCDF-GHJK: signed out",
        ),
        (e.SessionForgotten(at=AT, session_id="BCDF-GHJK"), "forgot the session of BCDF-GHJK"),
        (
            e.TokenRefreshed(
                at=AT, session_id="BCDF-GHJK", access_digest="a", refresh_digest="r", expires_at=AT
            ),
            "refreshed the token of BCDF-GHJK",
        ),
        (
            e.CredentialsIssued(
                at=AT,
                session_id="BCDF-GHJK",
                account_id="111122223333",
                role_name="Admin",
                access_key_id="ASIA",
                expires_at=AT,
            ),
            "issued credentials to BCDF-GHJK: Admin in 111122223333",
        ),
        (e.AssertionSpent(at=AT, assertion_digest="d"), None),
        (
            e.AutoApproveSet(at=AT, is_on=True),
            "switched AUTO-APPROVE ON: every sign-in is approved by itself",
        ),
        (e.AutoApproveSet(at=AT, is_on=False), "switched auto-approve off"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_what_became_of_a_sign_in_is_told(event: e.Event, text: str | None) -> None:
    assert told(event) == text


def exchange_told(status: int, outcome: str, user_code: str | None) -> str | None:
    kept = EXCHANGE._replace(
        operation=AUTHORIZE.name,
        status=status,
        outcome=outcome,
        user_code=user_code,
    )
    line = text_of(Entry(1, kept))
    return line and line.partition(" ")[2]


def test_a_browser_that_is_sent_on_is_told_by_its_events() -> None:
    assert exchange_told(303, "BCDF-GHJK", "BCDF-GHJK") is None
    assert exchange_told(302, "code issued", "BCDF-GHJK") is None


@pytest.mark.parametrize("status", [302, 400])
def test_a_browser_that_is_refused_is_told(status: int) -> None:
    line = exchange_told(status, "invalid_request", None)
    assert line == f"refused Authorize: {status} invalid_request"
