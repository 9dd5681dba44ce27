"""What was issued here is cut wherever it stands."""

import random
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.model import Now, RoleSession
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.text.redact import redact, redact_in, redact_text
from oidc_sim.text.redact.marks import MARK, cut, marked_runs

IDS = RandomIds(random.Random(1), "us-east-1", random.Random(2), b"k" * 32)
NOW = Now(1_764_000_000.0, 0.0)
ROLE = RoleSession(
    account_id="123456789012",
    role_name="Admin",
    session_id="s",
    user_name="ada",
    expires_at=NOW.at + 3600,
)
CREDENTIALS = IDS.credentials(ROLE)
ISSUED = {
    "client secret": IDS.client_secret("id", "name", ("sso:account:access",), NOW, NOW.at + 60),
    "device code": IDS.device_code(),
    "access token": IDS.access_token(NOW.at + 60),
    "refresh token": IDS.refresh_token(NOW.at + 60),
    "authorization code": IDS.authorization_code(),
    "secret access key": CREDENTIALS.secret_access_key,
    "session token": CREDENTIALS.session_token,
}
PLACES = (
    "{}",
    "/token/{}/x?y=z",
    "/x?unknown={}&y=z",
    "aws-cli/2 ({})",
    '{{"clientName":"{}"}}',
    '{{"in":"{{\\"a\\":\\"{}\\"}}"}}',
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ISSUED)
def test_what_was_issued_is_cut_wherever_it_stands(kind: str, place: str) -> None:
    secret = ISSUED[kind]
    for form in (
        secret,
        quote(secret, safe=""),
        secret.replace("/", "\\/"),
        "%53".join(secret.split("S", 1)),
    ):
        shown = redact_text(place.format(form))
        assert not [at for at in range(len(form) - 12) if form[at : at + 12] in shown]
        assert shown == redact_text(shown)


def test_all_around_it_stays() -> None:
    secret = ISSUED["device code"]
    body = b'{"a\xff":"%b","b":"x y"}'
    ends = cut(secret).encode()
    assert redact(body % secret.encode()) == body % ends


@pytest.mark.parametrize("text", ["", "SIMULATED", "a SIMULATED service", "x=100%&y=%53"])
def test_what_was_not_issued_stays(text: str) -> None:
    assert redact_text(text) == text
    assert list(marked_runs(text.encode())) == []


def test_every_text_of_a_json_value_is_cut() -> None:
    secret = ISSUED["access token"]
    shown = redact_in({secret: [(secret, 1, None)], "a": {"b": secret}, "c": True})
    ends = cut(secret)
    assert shown == {ends: [[ends, 1, None]], "a": {"b": ends}, "c": True}


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("", "..."), ("invalid for", "..."), ("a" * 12, "..."), ("abcdefghijklm", "abcd...jklm")],
)
def test_of_a_short_secret_nothing_is_shown(secret: str, shown: str) -> None:
    assert cut(secret) == shown


@given(st.text(), st.text())
def test_no_text_raises_and_a_second_time_changes_nothing(before: str, after: str) -> None:
    shown = redact_text(before + MARK + after)
    assert redact_text(shown) == shown


def test_a_text_made_to_take_long_is_still_gone_through() -> None:
    assert list(marked_runs((MARK + "\\").encode() * 10_000)) == []
    assert list(marked_runs(b"%" * 100_000)) == []
