"""CreateTokenWithIAM through HTTP (wire.md#81), signed by botocore's own signer."""

import hmac
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
)
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.wire.iam import ACCESS_TOKEN_TYPE, REFRESH_TOKEN_TYPE
from tests.server.aws_site import REDIRECT, VERIFIER, AwsSite
from tests.server.raw_http import RawAnswer

APPLICATION = SEEDED.applications[0]
ASSERTION = "e30.e30.c2ln"


def refusal(answer: RawAnswer) -> tuple[int, str]:
    name = (answer.header("x-amzn-ErrorType") or "").partition(":")[0]
    return answer.status, name


async def by_assertion(aws: AwsSite, assertion: str = ASSERTION, **how: Any) -> RawAnswer:
    return await aws.with_iam(
        clientId=APPLICATION, grantType=JWT_BEARER_GRANT, assertion=assertion, **how
    )


async def test_an_assertion_is_exchanged_once(aws: AwsSite) -> None:
    answer = await by_assertion(aws)
    members = answer.json()
    assert answer.status == 200
    assert list(members) == sorted(members)
    assert members["issuedTokenType"] == REFRESH_TOKEN_TYPE
    assert members["refreshToken"].startswith("aor")
    assert refusal(await by_assertion(aws)) == (400, "InvalidGrantException")
    assert (await by_assertion(aws, "e30.e30.b3RoZXI")).status == 200


async def test_the_identity_token_is_signed_with_the_servers_key(aws: AwsSite) -> None:
    members = (await by_assertion(aws)).json()
    signed, _, signature = members["idToken"].rpartition(".")
    expected = hmac.digest(RandomIds.seeded(1, "us-east-1").signing_key, signed.encode(), "sha384")
    assert urlsafe_b64decode(signature) == expected
    part = signed.split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (claims["aud"], claims["iat"]) == (APPLICATION, 1_764_000_000)
    context = members["awsAdditionalDetails"]["identityContext"]
    assert claims["sts:identity_context"] == context


async def test_an_authorization_code_of_an_application_is_exchanged(aws: AwsSite) -> None:
    proof = {"redirectUri": REDIRECT, "codeVerifier": VERIFIER}
    code = aws.code(APPLICATION)
    answer = await aws.with_iam(
        clientId=APPLICATION, grantType=AUTHORIZATION_CODE_GRANT, code=code, **proof
    )
    assert answer.status == 200
    assert answer.json()["idToken"]
    again = await aws.with_iam(
        clientId=APPLICATION, grantType=AUTHORIZATION_CODE_GRANT, code=code, **proof
    )
    assert refusal(again) == (400, "InvalidGrantException")
    assert again.json()["error_description"] == "Invalid grant provided"


async def test_a_refresh_gives_no_identity(aws: AwsSite) -> None:
    first = (await by_assertion(aws)).json()
    answer = await aws.with_iam(
        clientId=APPLICATION, grantType=REFRESH_TOKEN_GRANT, refreshToken=first["refreshToken"]
    )
    members = answer.json()
    assert answer.status == 200
    assert members["idToken"] is members["awsAdditionalDetails"] is None
    assert members["refreshToken"] == first["refreshToken"]
    assert aws.last.outcome == "token refreshed"


async def test_a_token_is_exchanged_for_another_without_a_refresh_token(aws: AwsSite) -> None:
    answer = await aws.with_iam(
        clientId=APPLICATION,
        grantType=TOKEN_EXCHANGE_GRANT,
        subjectToken=await aws.access_token(),
        subjectTokenType=ACCESS_TOKEN_TYPE,
    )
    members = answer.json()
    assert (answer.status, members["refreshToken"]) == (200, None)
    assert members["issuedTokenType"] == ACCESS_TOKEN_TYPE
    made_up = await aws.with_iam(
        clientId=APPLICATION,
        grantType=TOKEN_EXCHANGE_GRANT,
        subjectToken="made up",
        subjectTokenType=ACCESS_TOKEN_TYPE,
    )
    assert refusal(made_up) == (400, "InvalidGrantException")


async def test_an_applications_token_does_not_open_the_portal(aws: AwsSite) -> None:
    token = (await by_assertion(aws)).json()["accessToken"]
    assert (await aws.portal("/assignment/accounts", token)).status == 403


async def test_it_is_recorded_with_its_application_and_session(aws: AwsSite) -> None:
    await by_assertion(aws)
    assert (aws.last.operation, aws.last.outcome) == ("CreateTokenWithIAM", "token issued")
    assert aws.last.client_id == APPLICATION
    assert aws.last.user_code in aws.simulator.state.sessions


async def test_credentials_that_this_server_issued_must_have_signed(aws: AwsSite) -> None:
    ours = await aws.role_credentials(await aws.access_token())
    assert (await by_assertion(aws, credentials=ours)).status == 200
    ours.secret_key = "x" * 40
    denied = await by_assertion(aws, "e30.e30.b3RoZXI", credentials=ours)
    assert refusal(denied) == (400, "AccessDeniedException")
    assert (aws.last.operation, aws.last.outcome) == ("CreateTokenWithIAM", "access_denied")


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"service": "sts"}, (400, "AccessDeniedException")),
        ({"region": "eu-west-1"}, (400, "InvalidRequestRegionException")),
        ({"clientId": "unknown"}, (401, "InvalidClientException")),
        ({"clientId": APPLICATION + "x"}, (401, "InvalidClientException")),
        ({"clientId": None}, (400, "InvalidRequestException")),
        ({"grantType": "password"}, (400, "UnsupportedGrantTypeException")),
        ({"assertion": None}, (400, "InvalidRequestException")),
        ({"assertion": "no jwt"}, (400, "InvalidGrantException")),
    ],
)
async def test_what_is_wrong_is_told_by_the_models_exceptions(
    aws: AwsSite, how: dict[str, Any], expected: tuple[int, str]
) -> None:
    members = {"clientId": APPLICATION, "grantType": JWT_BEARER_GRANT, "assertion": ASSERTION}
    assert refusal(await aws.with_iam(**{**members, **how})) == expected


@pytest.mark.parametrize("aws", [{"region": "eu-central-1"}], indirect=True)
async def test_a_wrong_region_is_sent_to_this_server_and_its_region(aws: AwsSite) -> None:
    body = (await by_assertion(aws)).json()
    assert body == {
        "endpoint": aws.url,
        "error": "invalid_request",
        "error_description": "Invalid region",
        "region": "eu-central-1",
    }


async def test_an_unsigned_request_is_denied_whatever_its_body(aws: AwsSite) -> None:
    for body in (b"", b"{", json.dumps({"clientId": APPLICATION}).encode()):
        answer = await aws.call("POST", "/token?aws_iam=t", body)
        assert refusal(answer) == (400, "AccessDeniedException")


async def test_without_the_parameter_it_is_create_token(aws: AwsSite) -> None:
    for target in ("/token", "/token?", "/token?x=aws_iam", "/token?not_aws_iam=t"):
        answer = await aws.post(target, {"clientId": APPLICATION})
        assert answer.json()["error_description"] == "Missing required member clientSecret"
        assert aws.last.operation == "CreateToken"
