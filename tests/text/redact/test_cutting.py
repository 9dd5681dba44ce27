import json
import random
import sys
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.text.redact import is_secret, redact, redact_header, redact_in, redact_text
from oidc_sim.text.redact.marks import MARK, cut
from tests.text.redact.real_looking import SHAPED, fifty, middle

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
PARAMETERS = [
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "apiKey",
    "csrfToken",
    "passphrase",
    "password",
    "privateKey",
    "secret",
    "ticket",
    "token",
]
HEADERS = [
    "Authorization",
    "cookie",
    "Set-Cookie",
    "proxy-authorization",
    "X-Api-Key",
    "x-amz-sso_bearer_token",
]


@pytest.mark.parametrize("field", FIELDS)
def test_the_value_of_each_secret_member_is_cut(field: str) -> None:
    body = json.dumps({"clientId": "whole-client-id-is-shown", field: SECRET}).encode()
    assert redact(body) == body.replace(SECRET.encode(), b"head...tail")


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_secrets_of_a_presigned_request_are_cut(parameter: str) -> None:
    target = f"/?Action=GetCallerIdentity&{parameter}={SECRET}&X-Amz-Expires=60".encode()
    assert redact(target) == target.replace(SECRET.encode(), b"head...tail")


@pytest.mark.parametrize("name", [it.encode() for it in (*HEADERS, "X-Amz-Security-Token")])
def test_the_value_of_a_secret_header_is_cut(name: bytes) -> None:
    assert redact_header(name, SECRET.encode()) == b"head...tail"
    assert redact_header(b"x-" + name, SECRET.encode()) == b"head...tail"
    assert redact_header(name + b"-id", SECRET.encode()) == SECRET.encode()


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
        b'{"\xe9accessToken":"%b"}',
        b'{"access\xe9Token":"%b"}',
        b'{"accessToken":"\xe9%b"}',
        b'{"clientSecret ":"%b"}',
        b'{" client Secret":"%b"}',
        b'{"client\nSecret":"%b"}',
        b'{"client\xe2\x80\x8bSecret":"%b"}',
        b'{"client\\u200bSecret":"%b"}',
        b'{"\xef\xbd\x83lientSecret":"%b"}',
        b"{'clientSecret':'%b'}",
        b"{'a': 1, 'clientSecret' : '%b', 'b': 'x'}",
        b'{"password":"%b"}',
        b'{"token":"%b"}',
        b'{"inner":"{\\"clientSecret\\":\\"%b\\"}"}',
        b'{"inner":"{\\"inner\\":\\"{\\\\\\"clientSecret\\\\\\":\\\\\\"%b\\\\\\"}\\"}"}',
        b'{"inner":"client_secret=%b&x=y"}',
        b"/x?client%%53ecret=%b&y=z",
        b"client%%53ecret=%b",
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


def test_json_within_a_text_is_written_anew_only_where_it_has_a_secret() -> None:
    body = b'{"a":"{\\"x\\" : 1}","b":"{\\"deviceCode\\":\\"%b\\"}"}'
    assert redact(body % SECRET.encode()) == body % b"head...tail"


def test_what_is_cut_is_cut_no_further() -> None:
    assert redact(b'{"code":"head...tail"}') == b'{"code":"head...tail"}'


def test_a_text_is_cut_as_its_bytes_are() -> None:
    assert redact_text(f"/x?code={SECRET}&y=\udc80") == "/x?code=head...tail&y=\\xed\\xb2\\x80"


@pytest.mark.parametrize("inserted", [b"\xe9", b"\xe2\x80\x8b", b" ", b"\x00", b"\xff\xfe"])
@given(at=st.integers(0, len("clientSecret")))
def test_no_byte_in_a_name_lets_the_secret_through(inserted: bytes, at: int) -> None:
    name = b"clientSecret"
    body = b'{"%b":"%b"}' % (name[:at] + inserted + name[at:], SECRET.encode())
    assert MIDDLE not in redact(body)


@given(st.binary())
def test_no_bytes_raise_and_a_second_time_changes_nothing(body: bytes) -> None:
    assert redact(redact(body)) == redact(body)


UNITS = (
    *(b'"', b'"\\', b'"a" ', b'{"a', b'{"code":[', b"code=", b"_", b'\\"', b"'", b"'a':", b"&a%"),
    *(b'"a":', b'"token":', b'"token":{', b"<token>", b"<token></token>", b"<a>", b"%25", b"%2525"),
    *(b"%", b"a%20", b"://a", b"://a:", b"a:b@", b"eyJ", b"eyJa.", b"aoa", b"Bearer ", b"\0a"),
    *(b"Bearer a1b2c3d4 ", b"a;", b"token=;", b"token=a;b", b"token=a;b=", b"token:", b"token: a"),
    *(b'content-disposition: form-data; name="a"\r\n', b"content-disposition:", b"/a", b"Ab1/"),
    *(b'{"name":"token","value":1}', b"cookie: ", b"x[token]=1&", b"SIMULATED", b'"\\u0061":'),
    *(b'"\\"":', b"token='", b'token="\\', b"<input name=token value=1>", b"a: ", b"AKIA"),
)


def work_on(body: bytes) -> int:
    """How many functions are called, those of C included; and every byte that Python looks at."""
    calls = 0

    def count(_frame: object, event: str, _it: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        redact(body)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("unit", UNITS)
def test_four_times_as_long_a_body_takes_four_times_the_work(unit: bytes) -> None:
    """The patterns' own steps are not counted: a cubic one runs into the time limit of the suite."""
    some, more = (work_on(unit * (size // len(unit))) for size in (8192, 32768))
    assert more <= 5 * some + 1000


def test_what_was_issued_here_is_cut_under_any_name() -> None:
    code = "aBcD" + MARK + "x" * 60 + "tail"
    body = b'{"whatever":"%b"}'
    assert redact(body % code.encode()) == body % b"aBcD...tail"
    assert redact_header(b"User-Agent", code.encode()) == b"aBcD...tail"


def test_every_text_of_a_json_value_is_cut_and_nothing_else() -> None:
    jwt = SHAPED["jwt"](random.Random(1))
    value = {"clientId": 1, "x": [jwt, (None, True)], "token=abcdefgh": ""}
    assert redact_in(value) == {"clientId": 1, "x": [cut(jwt), [None, True]], "token=...": ""}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_secret_in_an_encoding_with_zeros_is_cut(encoding: str) -> None:
    body = f'{{"clientId":"whole","clientSecret":"{SECRET}"}}'.encode(encoding)
    shown = redact(body).replace(b"\0", b"")
    assert MIDDLE not in shown
    assert b"whole" in shown
    harmless = '{"clientId":"whole"}'.encode(encoding)
    assert redact(harmless) == harmless


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_secret_in_an_address_within_an_address_is_cut(times: int) -> None:
    inner = f"https://x.example/cb?code={SECRET}&y=1"
    for _ in range(times):
        inner = quote(inner, safe="")
    assert MIDDLE not in redact(f"/authorize?redirect={inner}&z=1".encode())


def test_fifty_secrets_are_cut_under_their_names_and_looks() -> None:
    secrets = fifty()
    assert len(secrets) >= 50
    body = json.dumps({"outer": secrets}).encode()
    shown = redact(body).decode()
    assert [name for name, secret in secrets.items() if middle(secret) in shown] == []
    assert list(json.loads(shown)["outer"]) == list(secrets)
