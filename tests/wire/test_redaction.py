import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.wire.redact import SECRET_FIELDS, cut, is_secret, redact, redact_header

SECRET = "head-THE-MIDDLE-OF-IT-tail"
MIDDLE = b"MIDDLE"
FIELDS = [
    "accessToken",
    "assertion",
    "clientSecret",
    "code",
    "codeVerifier",
    "deviceCode",
    "identityContext",
    "idToken",
    "refreshToken",
    "secretAccessKey",
    "sessionToken",
    "subjectToken",
]
PARAMETERS = ["X-Amz-Security-Token", "X-Amz-Signature", "csrfToken", "ticket"]


@pytest.mark.parametrize("field", FIELDS)
def test_the_value_of_each_secret_member_is_cut(field: str) -> None:
    body = json.dumps({"clientId": "whole-client-id-is-shown", field: SECRET}).encode()
    assert redact(body) == body.replace(SECRET.encode(), b"head...tail")


def test_every_secret_field_is_in_the_table() -> None:
    names = [*FIELDS, *PARAMETERS]
    assert {name.lower().replace("-", "") for name in names} == SECRET_FIELDS


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_secrets_of_a_presigned_request_are_cut(parameter: str) -> None:
    target = f"/?Action=GetCallerIdentity&{parameter}={SECRET}&X-Amz-Expires=60".encode()
    assert redact(target) == target.replace(SECRET.encode(), b"head...tail")


@pytest.mark.parametrize(
    "name",
    [
        b"Authorization",
        b"cookie",
        b"Set-Cookie",
        b"X-Amz-Security-Token",
        b"x-amz-sso_bearer_token",
    ],
)
def test_the_value_of_a_secret_header_is_cut(name: bytes) -> None:
    assert redact_header(name, SECRET.encode()) == b"head...tail"
    assert redact_header(b"x-" + name, SECRET.encode()) == SECRET.encode()


@pytest.mark.parametrize("field", ["clientId", "userCode", "grantType", "clientName", "startUrl"])
def test_other_members_stay_as_they_are(field: str) -> None:
    body = json.dumps({field: SECRET}).encode()
    assert redact(body) == body


@pytest.mark.parametrize(
    "body",
    [
        b'{"clientSecret":"%b"}',
        b'{ "clientSecret" \t:\r\n "%b" }',
        b'{"\\u0063lientSecret":"%b"}',
        b'{"client_secret":"%b"}',
        b'{"CLIENTSECRET":"%b"}',
        b'{"x":{"y":[{"deviceCode":"%b"}]}}',
        b'{"clientSecret":"a","clientSecret":"%b"}',
        b'{"clientSecret":["%b"]}',
        b'{"clientSecret":{"value":"%b"}}',
        b'{"clientSecret":"%b',
        b'{"clientSecret":"\\"%b"',
        b'{"clientSecret":"\\ud800%b"}',
        b'{"clientSecret":"\\x%b"}',
        b'{"clientSecret":%b}',
        b'\xef\xbb\xbf{"clientSecret":"%b"}',
        b'[{"refreshToken":"%b"}',
        b'"clientSecret":"%b"',
        b'nonsense {"clientSecret":"%b"}',
        b"grant_type=x&client_secret=%b&client_id=a",
        b"deviceCode=%b",
        b'{"startUrl":"http://x/callback?code=%b"}',
        b"http://127.0.0.1:1/oauth/callback?code=%b&state=a",
    ],
)
def test_a_secret_is_found_however_it_is_written(body: bytes) -> None:
    assert MIDDLE not in redact(body % SECRET.encode())


def test_all_around_a_secret_stays_as_it_came() -> None:
    body = b'{ "a":1, "a":NaN, "deviceCode" : "%b", "x": "\xff\x1b" }'
    assert redact(body % SECRET.encode()) == body % b"head...tail"


def test_null_is_no_secret() -> None:
    body = b'{"accessToken":null,"refreshToken":null}'
    assert redact(body) == body


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("", "..."), ("invalid for", "..."), ("a" * 12, "..."), ("abcdefghijklm", "abcd...jklm")],
)
def test_of_a_short_secret_nothing_is_shown(secret: str, shown: str) -> None:
    assert cut(secret) == shown


@pytest.mark.parametrize(
    ("name", "expected"),
    [("clientSecret", True), ("client_secret", True), ("clientId", False), ("", False)],
)
def test_a_secret_is_known_by_its_name_in_either_spelling(name: str, *, expected: bool) -> None:
    assert is_secret(name) == expected


@given(
    members=st.dictionaries(
        st.sampled_from([*FIELDS, "clientId", "x"]), st.text() | st.none() | st.booleans()
    ),
    ascii_only=st.booleans(),
)
def test_a_redacted_json_body_is_json_with_the_same_members(
    members: dict[str, object], *, ascii_only: bool
) -> None:
    body = json.dumps(members, ensure_ascii=ascii_only).encode()
    read = json.loads(redact(body))
    assert list(read) == list(members)
    for name, value in members.items():
        if is_secret(name) and isinstance(value, str):
            assert read[name] == cut(value)


@given(st.binary())
def test_no_bytes_raise_and_a_second_time_changes_nothing(body: bytes) -> None:
    assert redact(redact(body)) == redact(body)


@pytest.mark.parametrize(
    "unit", [b'"', b'"\\', b'"a" ', b'{"a', b'{"code":[', b"code=", b"_", b'\\"']
)
def test_a_body_made_to_take_long_is_still_gone_through(unit: bytes) -> None:
    body = unit * (65536 // len(unit))
    assert isinstance(redact(body), bytes)
