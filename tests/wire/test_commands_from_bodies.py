import json
import random
from typing import Any

import pytest

from oidc_sim.engine.commands import AuthorizeDevice, Poll, RedeemCode, Refresh, RegisterClient
from oidc_sim.engine.model import DEVICE_CODE_GRANT
from oidc_sim.text.redact.marks import cut
from oidc_sim.wire import errors
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.requests import (
    CreateTokenBody,
    RegisterClientBody,
    StartDeviceAuthorizationBody,
    create_token_command,
)
from tests.text.redact.real_looking import SHAPED

POLL = {
    "grantType": DEVICE_CODE_GRANT,
    "clientId": "id",
    "clientSecret": "secret",
    "deviceCode": "code",
}
START = {"clientId": "id", "clientSecret": "secret", "startUrl": "https://x.awsapps.com/start"}
REGISTER = {"clientName": "name", "clientType": "public"}
Body = type[RegisterClientBody] | type[StartDeviceAuthorizationBody] | type[CreateTokenBody]


def ask(model: Body, members: dict[str, Any]) -> Any:
    read = model.parse(json.dumps(members).encode())
    assert not isinstance(read, Problem)
    return read.command()


def test_a_poll_becomes_a_poll() -> None:
    """wire.md#78."""
    assert ask(CreateTokenBody, POLL) == Poll(
        device_code="code", client_id="id", client_secret="secret"
    )


def test_scope_and_unknown_members_change_nothing_about_a_poll() -> None:
    more = {"scope": ["a"], "redirectUri": "http://x", "somethingNew": {"a": [1]}}
    assert ask(CreateTokenBody, POLL | more) == ask(CreateTokenBody, POLL)


@pytest.mark.parametrize("member", ["clientId", "clientSecret", "grantType", "deviceCode"])
@pytest.mark.parametrize("absent", [{}, {"null": None}], ids=["missing", "null"])
def test_a_poll_without_a_member_is_an_invalid_request(
    member: str, absent: dict[str, None]
) -> None:
    members: dict[str, Any] = {name: value for name, value in POLL.items() if name != member}
    if absent:
        members[member] = None
    problem = ask(CreateTokenBody, members)
    assert problem == errors.INVALID_REQUEST.saying(f"Missing required member {member}")


@pytest.mark.parametrize(
    "grant",
    [
        "",
        "password",
        "device_code",
        "urn:ietf:params:oauth:grant-type:device-code",
        "REFRESH_TOKEN",
    ],
)
def test_an_unknown_grant_is_unsupported_whatever_else_is_there(grant: str) -> None:
    assert ask(CreateTokenBody, POLL | {"grantType": grant}) == errors.UNSUPPORTED_GRANT_TYPE


def test_a_missing_client_is_noticed_before_an_unknown_grant() -> None:
    members = {"clientSecret": "s", "grantType": "password"}
    assert ask(CreateTokenBody, members).name == "InvalidRequestException"


def test_a_refresh_becomes_a_refresh() -> None:
    members = {"clientId": "i", "clientSecret": "s", "grantType": "refresh_token"}
    assert ask(CreateTokenBody, members | {"refreshToken": "r"}) == Refresh(
        refresh_token="r", client_id="i", client_secret="s"
    )


def test_a_code_becomes_a_redemption_with_its_proof() -> None:
    members = {"clientId": "i", "clientSecret": "s", "grantType": "authorization_code"}
    proof = {"code": "c", "redirectUri": "http://127.0.0.1:1/x", "codeVerifier": "v"}
    assert ask(CreateTokenBody, members | proof) == RedeemCode(
        code="c",
        redirect_uri="http://127.0.0.1:1/x",
        code_verifier="v",
        client_id="i",
        client_secret="s",
    )


def test_a_code_without_its_proof_is_a_grant_that_fails_and_no_malformed_request() -> None:
    members = {"clientId": "i", "clientSecret": "s", "grantType": "authorization_code"}
    command = ask(CreateTokenBody, members | {"code": "c"})
    assert isinstance(command, RedeemCode)
    assert command.redirect_uri is command.code_verifier is None


@pytest.mark.parametrize(
    ("grant", "member"), [("refresh_token", "refreshToken"), ("authorization_code", "code")]
)
def test_a_grant_needs_what_it_stands_on(grant: str, member: str) -> None:
    members = {"clientId": "i", "clientSecret": "s", "grantType": grant, "deviceCode": "d"}
    problem = ask(CreateTokenBody, members)
    assert problem == errors.INVALID_REQUEST.saying(f"Missing required member {member}")


def test_a_secret_in_a_registration_is_not_recorded() -> None:
    key = SHAPED["access key id"](random.Random(1))
    given = ask(RegisterClientBody, REGISTER | {"clientName": f"my {key}", "scopes": ["a", key]})
    assert given == RegisterClient(
        name=f"my {key}",
        client_type="public",
        scopes=("a", key),
        recorded_name=f"my {cut(key)}",
        recorded_scopes=("a", cut(key)),
    )


def test_an_invented_grant_in_a_registration_is_left_to_the_engine() -> None:
    assert ask(RegisterClientBody, REGISTER | {"grantTypes": ["password"]}) == RegisterClient(
        name="name", client_type="public", grant_types=("password",)
    )


def test_a_registration_carries_all_that_the_engine_judges() -> None:
    more = {
        "scopes": ["sso:account:access"],
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": "https://x.awsapps.com/start",
        "entitledApplicationArn": None,
    }
    assert ask(RegisterClientBody, REGISTER | more) == RegisterClient(
        name="name",
        client_type="public",
        scopes=("sso:account:access",),
        grant_types=("authorization_code", "refresh_token"),
        redirect_uris=("http://127.0.0.1/oauth/callback",),
    )


@pytest.mark.parametrize("member", ["clientName", "clientType"])
def test_a_registration_needs_a_name_and_a_type(member: str) -> None:
    problem = ask(RegisterClientBody, {k: v for k, v in REGISTER.items() if k != member})
    assert problem == errors.INVALID_REQUEST.saying(f"Missing required member {member}")


@pytest.mark.parametrize("scopes", [[1], [None], "sso:account:access", {"a": 1}])
def test_scopes_are_a_list_of_strings(scopes: Any) -> None:
    read = RegisterClientBody.parse(json.dumps(REGISTER | {"scopes": scopes}).encode())
    assert read == errors.INVALID_REQUEST.saying("Member scopes has the wrong type")


def test_a_device_authorization_asks_for_its_client() -> None:
    """wire.md#80."""
    assert ask(StartDeviceAuthorizationBody, START) == AuthorizeDevice(
        client_id="id", client_secret="secret"
    )


@pytest.mark.parametrize("member", START)
def test_a_device_authorization_needs_all_three_members(member: str) -> None:
    problem = ask(StartDeviceAuthorizationBody, {k: v for k, v in START.items() if k != member})
    assert problem == errors.INVALID_REQUEST.saying(f"Missing required member {member}")


@pytest.mark.parametrize("start_url", ["", "x", "ftp://x/start", "https://", "javascript:alert(1)"])
def test_a_wrong_start_url_is_left_to_be_refused_after_the_client(start_url: str) -> None:
    command = ask(StartDeviceAuthorizationBody, START | {"startUrl": start_url})
    assert isinstance(command, AuthorizeDevice)
    assert not command.names_valid_issuer


def test_a_remembered_body_asks_the_same_as_one_that_is_read_anew() -> None:
    body = json.dumps(POLL).encode()
    first = create_token_command(body)
    assert first == ask(CreateTokenBody, POLL)
    assert create_token_command(bytes(bytearray(body))) is first


def test_bodies_that_differ_in_one_letter_are_not_taken_for_each_other() -> None:
    codes = [f"code {n}" for n in range(1000)]
    commands = [
        create_token_command(json.dumps({**POLL, "deviceCode": code}).encode()) for code in codes
    ]
    assert [it.device_code for it in commands if isinstance(it, Poll)] == codes


def test_a_flood_of_bodies_is_not_remembered() -> None:
    for n in range(1000):
        create_token_command(f"{n}".encode())
    assert create_token_command.cache_info().currsize <= 256
