"""The values of secret members are found in JSON, whole or broken, nested or named by another member."""

import pytest

from oidc_sim.text.redact import redact
from oidc_sim.text.redact.json_members import JsonMembers
from oidc_sim.text.redact.marks import replaced

SECRET = b"head-THE-MIDDLE-OF-IT-tail"


@pytest.mark.parametrize(
    "body",
    [
        b'{"refreshToken":{"a":{"b":1},"c":"%b"},"clientId":"stays"}',
        b'{"refreshToken":[["]"],"%b"],"clientId":"stays"}',
        b'{"clientId":"stays","refreshToken":{"a":{"b":1},"c":"%b"',
        b'{"clientId":"stays","refreshToken":[{"c":"%b"',
        b'[{"name":"refreshToken","value":"%b"},{"name":"clientId","value":"stays"}]',
        b'[{"value":"%b","name":"refreshToken"},{"value":"stays","name":"clientId"}]',
        b'{"Name":"Refresh-Token", "Value": {"x":"%b"}, "y":"stays"}',
        b'{"key":"aws_secret_access_key","value":["%b"],"y":"stays"}',
        b'{"aws_session_token":"%b","clientId":"stays"}',
        b'{"roleCredentials":{"accessKeyId":"stays","secretAccessKey":"%b"}}',
        b'lientSecret":"%b","clientId":"stays"}',
        b'{clientSecret: "%b", clientId: "stays"}',
    ],
)
def test_the_secret_is_cut_and_its_neighbour_stays(body: bytes) -> None:
    shown = redact(body % SECRET)
    assert b"MIDDLE" not in shown
    assert b"stays" in shown


@pytest.mark.parametrize(
    "body",
    [
        b'{"grantTypes":["authorization_code","refresh_token"],"grantType":"refresh_token"}',
        b'{"name":"tokenType","value":"Bearer"}',
        b'{"name":"token"},{"value":"Bearer"}',
        b'{"hasToken":true,"accessToken":null,"secret":false}',
        b'{"error":"invalid_token","error_description":"Invalid token provided"}',
        b'{"nextToken":"a1b2c3d4e5f6a1b2c3d4e5f6","responseType":"code"}',
    ],
)
def test_what_is_none_stays(body: bytes) -> None:
    assert redact(body) == body


def test_a_text_in_the_body_is_cut_by_what_it_is_given() -> None:
    body = rb'{"a":"x\"y","b":"z"}'
    spans = list(JsonMembers(body, lambda text: text.replace(b"y", b"cut")).spans())
    assert replaced(body, spans) == rb'{"a":"x\"cut","b":"z"}'
