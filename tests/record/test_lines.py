"""What programs read of the log."""

import json
from dataclasses import replace

import pytest

from oidc_sim.engine.events import (
    AssertionSpent,
    CodeIssued,
    DeviceAuthorized,
    Polled,
    PollOutcome,
    TokenIssued,
    TokenRefreshed,
)
from oidc_sim.engine.model import BrowserRequest
from oidc_sim.record.lines import entry_json, entry_type
from oidc_sim.record.log import Entry
from tests.record.samples import EXCHANGE, REGISTERED

POLLED = Polled(at=1, tick=2, user_code="USER-0001", outcome=PollOutcome.PENDING)
AUTHORIZED = DeviceAuthorized(
    at=1,
    user_code="USER-0001",
    code_digest="d1ge57",
    client_id="c",
    client_name="pc",
    scopes=(),
    expires_at=2,
    interval_s=1,
)
REDIRECT = "http://127.0.0.1:5123/oauth/callback"
BROWSING = replace(
    AUTHORIZED,
    browser=BrowserRequest(
        redirect_uri=REDIRECT, client_state="SECRET-STATE", code_challenge="d1ge57"
    ),
)
WITH_DIGESTS = [
    CodeIssued(at=1, user_code="USER-0001", code_digest="d1ge57", expires_at=2),
    TokenIssued(
        at=1,
        user_code="USER-0001",
        client_id="c",
        user_id="u",
        scopes=(),
        access_digest="d1ge57",
        refresh_digest="d1ge57",
        expires_at=2,
        session_expires_at=2,
    ),
    TokenRefreshed(
        at=1,
        session_id="USER-0001",
        access_digest="d1ge57",
        refresh_digest="d1ge57",
        expires_at=2,
    ),
    AssertionSpent(at=1, assertion_digest="d1ge57"),
]


def test_a_line_begins_with_number_and_type() -> None:
    members = entry_json(Entry(7, POLLED))
    assert list(members)[:2] == ["seq", "type"]
    assert (members["seq"], members["type"]) == (7, "polled")


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (Entry(1, POLLED), "polled"),
        (Entry(1, REGISTERED), "client_registered"),
        (Entry(1, AUTHORIZED), "device_authorized"),
        (Entry(1, EXCHANGE), "exchange"),
    ],
)
def test_types_are_words_in_snake_case(entry: Entry, word: str) -> None:
    assert entry_type(entry) == word


@pytest.mark.parametrize(
    "what", [POLLED, REGISTERED, AUTHORIZED, BROWSING, EXCHANGE, *WITH_DIGESTS]
)
def test_no_secret_and_no_digest_is_in_a_line(what: object) -> None:
    line = json.dumps(entry_json(Entry(1, what)))  # type: ignore[arg-type]
    assert "d1ge57" not in line
    assert "SECRET" not in line


def test_a_browser_sign_in_is_told_with_where_the_browser_goes_back_to() -> None:
    assert entry_json(Entry(1, BROWSING))["browser"] == {"redirect_uri": REDIRECT}
    assert entry_json(Entry(1, AUTHORIZED))["browser"] is None


def test_an_exchange_is_told_without_its_query() -> None:
    told = entry_json(Entry(1, replace(EXCHANGE, target="/device?user_code=WDJB-MJHT")))
    assert told["path"] == "/device"
    assert "WDJB" not in json.dumps(told)


def test_what_an_exchange_took_is_told_in_milliseconds() -> None:
    assert entry_json(Entry(1, EXCHANGE))["took_ms"] == 0.4
