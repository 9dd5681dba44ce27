"""CreateTokenWithIAM: who may ask, what is read, and what is answered (wire.md#77, wire.md#82)."""

import json
import random
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.commands import ExchangeAtApplication
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
    Credentials,
    RoleSession,
)
from oidc_sim.engine.replies import ApplicationTokens, Tokens
from oidc_sim.wire import errors
from oidc_sim.wire.credentials import role_credentials
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.iam import (
    ACCESS_TOKEN_TYPE,
    REFRESH_TOKEN_TYPE,
    WRONG_SERVICE,
    WRONG_TOKEN_TYPE,
    CreateTokenWithIAMBody,
    SignatureGate,
    application_tokens,
)
from tests.wire.signing import signed

KEY = b"k" * 32
NOW, EXPIRY = 1767552707.0, 1767556307.0
OWN_URL = "http://127.0.0.1:8990"
GATE = SignatureGate(KEY, "us-east-1", OWN_URL)
TARGET = "/token?aws_iam=t"
APPLICATION = SEEDED.applications[0]
ROLE = RoleSession(
    session_id="BCDF-GHJK",
    account_id="111122223333",
    role_name="Admin",
    user_name="u",
    expires_at=EXPIRY,
)
OURS = role_credentials(random.Random(1), KEY, ROLE)


def objection(*, at: float = NOW, **how: Any) -> Problem | None:
    options = {"service": "sso-oauth", "region": "us-east-1", **how}
    return GATE.objection_to(signed("POST", TARGET, {}, b"{}", **options), at)


def as_signer(credentials: Credentials) -> dict[str, Any]:
    return {
        "access_key": credentials.access_key_id,
        "secret": credentials.secret_access_key,
        "token": credentials.session_token,
    }


def text_of(problem: Problem | None) -> str:
    assert problem is not None
    assert problem.name == "AccessDeniedException"
    assert problem.status == 400
    return problem.text


def test_whoever_signs_for_the_service_with_credentials_of_elsewhere_may_ask() -> None:
    assert objection() is None
    assert objection(access_key="ASIAIOSFODNN7EXAMPLE", token="of elsewhere") is None


def test_a_signature_for_another_service_is_denied() -> None:
    assert text_of(objection(service="sts")) == WRONG_SERVICE


def test_a_request_that_is_not_signed_is_denied() -> None:
    request = signed("POST", TARGET, {}, b"{}")
    bare = [it for it in request.headers if it[0] != b"Authorization"]
    denied = GATE.objection_to(replace(request, headers=tuple(bare)), NOW)
    assert text_of(denied) == "The request is not signed"


def test_another_region_is_told_where_to_go() -> None:
    problem = objection(region="eu-west-1")
    assert problem == errors.wrong_region(OWN_URL, "us-east-1")
    body = json.loads(problem.body)
    assert (body["endpoint"], body["region"]) == (OWN_URL, "us-east-1")


def test_credentials_of_this_server_must_have_signed() -> None:
    assert objection(**as_signer(OURS)) is None
    wrong = as_signer(OURS) | {"secret": "x" * 40}
    assert "does not match" in text_of(objection(**wrong))


def test_an_access_key_of_this_server_needs_its_own_session_token() -> None:
    other = role_credentials(random.Random(2), KEY, ROLE)
    for token in (other.session_token, OURS.session_token[:-4], "of elsewhere"):
        signer = as_signer(OURS) | {"token": token}
        assert text_of(objection(**signer)).startswith("The security token included")


def test_temporary_credentials_without_a_session_token_are_denied() -> None:
    said = text_of(objection(access_key="ASIAIOSFODNN7EXAMPLE"))
    assert said == "The security token included in the request is invalid."


@pytest.mark.parametrize(("at", "is_good"), [(EXPIRY - 0.001, True), (EXPIRY, False)])
def test_credentials_of_this_server_expire_by_the_simulated_clock(
    at: float, *, is_good: bool
) -> None:
    problem = objection(at=at, **as_signer(OURS))
    assert (problem is None) == is_good
    assert is_good or "expired" in text_of(problem)


MEMBERS: dict[str, dict[str, Any]] = {
    AUTHORIZATION_CODE_GRANT: {"code": "c", "redirectUri": "r", "codeVerifier": "v"},
    REFRESH_TOKEN_GRANT: {"refreshToken": "t"},
    JWT_BEARER_GRANT: {"assertion": "a.b.c"},
    TOKEN_EXCHANGE_GRANT: {
        "subjectToken": "s",
        "subjectTokenType": ACCESS_TOKEN_TYPE,
        "requestedTokenType": REFRESH_TOKEN_TYPE,
    },
}


def ask(members: dict[str, Any]) -> ExchangeAtApplication | Problem:
    read = CreateTokenWithIAMBody.parse(json.dumps(members).encode())
    return read if isinstance(read, Problem) else read.command()


@pytest.mark.parametrize("grant", MEMBERS)
def test_each_grant_becomes_an_exchange_with_all_that_it_brings(grant: str) -> None:
    members = {"clientId": APPLICATION, "grantType": grant, "scope": ["x"], **MEMBERS[grant]}
    command = ask(members)
    assert isinstance(command, ExchangeAtApplication)
    assert (command.application, command.grant_type) == (APPLICATION, grant)
    brought = {
        command.code,
        command.redirect_uri,
        command.code_verifier,
        command.refresh_token,
        command.assertion,
        command.subject_token,
    } - {None}
    types = {ACCESS_TOKEN_TYPE, REFRESH_TOKEN_TYPE}
    assert brought == {value for value in MEMBERS[grant].values() if value not in types}


@pytest.mark.parametrize("member", ["clientId", "grantType"])
def test_client_and_grant_are_needed(member: str) -> None:
    members = {"clientId": APPLICATION, "grantType": JWT_BEARER_GRANT, "assertion": "a"}
    del members[member]
    assert ask(members) == errors.INVALID_REQUEST.saying(f"Missing required member {member}")


@pytest.mark.parametrize(
    ("grant", "member"),
    [
        (AUTHORIZATION_CODE_GRANT, "code"),
        (REFRESH_TOKEN_GRANT, "refreshToken"),
        (JWT_BEARER_GRANT, "assertion"),
        (TOKEN_EXCHANGE_GRANT, "subjectToken"),
        (TOKEN_EXCHANGE_GRANT, "subjectTokenType"),
    ],
)
def test_a_grant_needs_what_it_stands_on(grant: str, member: str) -> None:
    rest = {name: value for name, value in MEMBERS[grant].items() if name != member}
    problem = ask({"clientId": APPLICATION, "grantType": grant, **rest})
    assert problem == errors.INVALID_REQUEST.saying(f"Missing required member {member}")


@pytest.mark.parametrize("member", ["subjectTokenType", "requestedTokenType"])
def test_a_token_type_that_nobody_knows_is_refused(member: str) -> None:
    members = MEMBERS[TOKEN_EXCHANGE_GRANT] | {member: "urn:x"}
    problem = ask({"clientId": APPLICATION, "grantType": TOKEN_EXCHANGE_GRANT, **members})
    assert problem is WRONG_TOKEN_TYPE


@pytest.mark.parametrize("grant", [DEVICE_CODE_GRANT, "password", ""])
def test_a_grant_of_elsewhere_is_unsupported(grant: str) -> None:
    problem = ask({"clientId": APPLICATION, "grantType": grant})
    assert problem is errors.UNSUPPORTED_GRANT_TYPE


def answered(grant: str, refresh_token: str | None = "aor") -> dict[str, Any]:
    reply = ApplicationTokens(
        tokens=Tokens(
            user_code="BCDF-GHJK",
            client_id=APPLICATION,
            access_token="aoa",
            refresh_token=refresh_token,
            lifetime_s=3600,
        ),
        grant_type=grant,
        user=SEEDED.users[0],
        scopes=("openid", "aws", "sts:identity_context"),
        issued_at=NOW,
    )
    answer = application_tokens(reply, "us-east-1", KEY)
    assert (answer.status, answer.user_code, answer.client_id) == (200, "BCDF-GHJK", APPLICATION)
    members: dict[str, Any] = json.loads(answer.body)
    assert list(members) == sorted(members)
    assert b'": ' not in answer.body
    return members


@pytest.mark.parametrize(
    ("grant", "absent", "issued"),
    [
        (AUTHORIZATION_CODE_GRANT, set(), REFRESH_TOKEN_TYPE),
        (JWT_BEARER_GRANT, set(), REFRESH_TOKEN_TYPE),
        (REFRESH_TOKEN_GRANT, {"idToken", "awsAdditionalDetails"}, REFRESH_TOKEN_TYPE),
        (TOKEN_EXCHANGE_GRANT, {"refreshToken"}, ACCESS_TOKEN_TYPE),
    ],
)
def test_each_grant_gives_what_awss_examples_give(
    grant: str, absent: set[str], issued: str
) -> None:
    members = answered(grant, None if "refreshToken" in absent else "aor")
    assert {name for name, value in members.items() if value is None} == absent
    assert members["issuedTokenType"] == issued
    assert members["scope"] == ["openid", "aws", "sts:identity_context"]
    assert (members["tokenType"], members["expiresIn"]) == ("Bearer", 3600)


def test_the_identity_context_is_the_one_in_the_identity_token() -> None:
    members = answered(JWT_BEARER_GRANT)
    part = members["idToken"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert claims["sts:identity_context"] == members["awsAdditionalDetails"]["identityContext"]
