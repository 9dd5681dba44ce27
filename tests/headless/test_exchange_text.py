"""Which requests have a line of their own, and that no line for programs has a secret in it."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from oidc_sim.engine import events as e
from oidc_sim.engine.model import Actor, BrowserRequest
from oidc_sim.headless.text import SignInEvent, lines_of, sign_in_text, text_of
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Entry
from oidc_sim.settings.model import Output
from tests.record.samples import EXCHANGE

CODE = "QFJW-LZFB"
BROWSING = e.DeviceAuthorized(
    at=1,
    user_code=CODE,
    code_digest="",
    client_id="c",
    client_name="pc",
    scopes=(),
    expires_at=601,
    interval_s=1,
    browser=BrowserRequest(
        redirect_uri="http://127.0.0.1:1/oauth/callback",
        client_state="SECRET",
        code_challenge="d1ge57",
    ),
)
EVENTS: list[e.Event] = [
    BROWSING,
    e.CodeIssued(at=1, user_code=CODE, code_digest="d1ge57", expires_at=2),
    e.BrowserTurnedAway(at=1, user_code=CODE, error="access_denied"),
    e.BrowserLeft(at=1, user_code=CODE),
    e.BrowserCameBack(at=1, user_code=CODE),
    e.CodeRevoked(at=1, user_code=CODE),
    e.TokenRefreshed(
        at=1, session_id=CODE, access_digest="d1ge57", refresh_digest="d1ge57", expires_at=2
    ),
    e.SessionEnded(at=1, session_id=CODE, why=e.SessionEnd.CODE_REPLAYED),
    e.SessionForgotten(at=1, session_id=CODE),
    e.CredentialsIssued(
        at=1,
        session_id=CODE,
        account_id="111122223333",
        role_name="ReadOnlyAccess",
        access_key_id="ASIA",
        expires_at=2,
    ),
    e.AssertionSpent(at=1, assertion_digest="d1ge57"),
    e.AutoApproveSet(at=1, is_on=True),
    e.ClockStepped(at=1, by_s=28_800),
    e.ClockFrozen(at=1, is_frozen=True),
    e.ClientExpired(at=1, client_id="client", by=Actor.SCRIPT),
    e.ClientRestored(at=1, client_id="client", by=Actor.SCRIPT),
]
REFRESH = b'{"grantType":"refresh_token"}'
REDEMPTION = b'{"grantType": "authorization_code"}'
POLL = b'{"grantType":"urn:ietf:params:oauth:grant-type:device_code"}'


def told(what: e.Event | Exchange) -> str | None:
    """The line without its time."""
    line = text_of(Entry(1, what))
    return line and line.partition(" ")[2]


def exchange(operation: str, status: int, outcome: str, **changes: Any) -> Exchange:
    """One about the sign-in, unless told otherwise."""
    members = {"operation": operation, "status": status, "outcome": outcome, "user_code": CODE}
    return EXCHANGE._replace(**{**members, **changes})


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (POLL, f"polled {CODE}: invalid_grant"),
        (REFRESH, f"refused CreateToken for {CODE}: 400 invalid_grant"),
        (REDEMPTION, f"refused CreateToken for {CODE}: 400 invalid_grant"),
    ],
)
def test_only_a_poll_is_told_as_one(body: bytes, line: str) -> None:
    assert told(exchange("CreateToken", 400, "invalid_grant", request_body=body)) == line


@pytest.mark.parametrize("body", [POLL, REFRESH, REDEMPTION])
def test_what_a_stranger_tried_is_refused(body: bytes) -> None:
    kept = exchange("CreateToken", 400, "invalid_grant", request_body=body, user_code=None)
    assert told(kept) == "refused CreateToken: 400 invalid_grant"


@pytest.mark.parametrize(
    ("operation", "outcome"),
    [
        ("ListAccounts", "accounts: 2 of 2"),
        ("ListAccountRoles", "roles: 2 of 2"),
        ("GetCallerIdentity", "ReadOnlyAccess 111122223333"),
    ],
)
def test_what_is_looked_up_is_told_because_no_event_tells_it(operation: str, outcome: str) -> None:
    assert told(exchange(operation, 200, outcome)) == f"answered {operation} for {CODE}, {outcome}"


@pytest.mark.parametrize(
    "operation", ["CreateToken", "CreateTokenWithIAM", "GetRoleCredentials", "Logout"]
)
def test_what_an_event_tells_is_not_told_again(operation: str) -> None:
    assert told(exchange(operation, 200, "an outcome", request_body=REFRESH)) is None


@pytest.mark.parametrize("operation", ["ListAccounts", "GetRoleCredentials", "Logout"])
def test_a_refused_look_up_says_whose_it_was(operation: str) -> None:
    line = f"refused {operation} for {CODE}: 403 ForbiddenException"
    assert told(exchange(operation, 403, "ForbiddenException")) == line


def test_a_browser_that_came_is_told_with_its_client() -> None:
    assert told(BROWSING) == f'opened {CODE} in a browser of "pc", for 600 s'


def test_a_clients_name_is_quoted_whatever_it_is() -> None:
    line = told(replace(BROWSING, client_name='x" by the operator\x1b[2J\n'))
    assert line is not None
    assert line.isprintable()
    assert r'of "x\" by the operator' in line


def test_every_event_of_a_sign_in_is_in_these_tests() -> None:
    assert {type(event) for event in EVENTS} == {*get_args(SignInEvent), e.DeviceAuthorized}


@pytest.mark.parametrize("why", e.SessionEnd)
def test_every_end_of_a_session_is_told_with_its_reason(why: e.SessionEnd) -> None:
    ended = e.SessionEnded(at=1, session_id=CODE, why=why)
    assert sign_in_text(ended) == f"ended the session of {CODE}: {why.value}"


@pytest.mark.parametrize("what", EVENTS)
def test_no_line_for_programs_has_a_secret_or_a_digest(what: e.Event) -> None:
    (line,) = lines_of([Entry(1, what)], Output.JSON)
    assert line is not None
    assert "SECRET" not in line
    assert "d1ge57" not in line
