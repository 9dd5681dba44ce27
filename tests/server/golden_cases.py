"""One exchange for each way that an operation can end, as far as clients can bring it about.

Names are OPERATION_STATUS_WHAT; ``test_golden_operations`` compares each answer with the file of
that name, head and body.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

from oidc_sim.engine.commands import Approve, Deny, Expire, SlowDown
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
)
from oidc_sim.wire.iam import ACCESS_TOKEN_TYPE
from tests.server.aws_site import (
    CALLER_IDENTITY,
    FOREIGN,
    FORM,
    REDIRECT,
    SCOPES,
    VERIFIER,
    AwsSite,
    Program,
)
from tests.server.raw_http import RawAnswer
from tests.server.world import START_URL

Case = Callable[[AwsSite], Awaitable[RawAnswer]]
CASES: dict[str, Case] = {}
APPLICATION = SEEDED.applications[0]
STRANGER = Program("test", "test")


def case(name: str) -> Callable[[Case], Case]:
    """Enter a case under the name of its file."""

    def enter(work: Case) -> Case:
        CASES[name] = work
        return work

    return enter


def registration(name: str, **changes: Any) -> None:
    async def work(aws: AwsSite) -> RawAnswer:
        plain = {"clientName": "demo-cli", "clientType": "public"}
        members = {name: it for name, it in {**plain, **changes}.items() if it is not None}
        return await aws.post("/client/register", members)

    CASES[f"RegisterClient_{name}"] = work


BROWSER_GRANTS = [AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT]
LOOPBACK = ["http://127.0.0.1/oauth/callback"]
registration("200")
registration("200_browser", scopes=list(SCOPES), grantTypes=BROWSER_GRANTS, redirectUris=LOOPBACK)
registration("400_InvalidRequestException", clientName=None)
registration("400_InvalidClientMetadataException", clientType="confidential")
registration("400_InvalidScopeException", grantTypes=BROWSER_GRANTS, redirectUris=LOOPBACK)
registration("400_InvalidRedirectUriException", redirectUris=["http://evil.example/"])
registration("400_UnsupportedGrantTypeException", grantTypes=["password"])


@case("RegisterClient_500_InternalServerException")
async def _(aws: AwsSite) -> RawAnswer:
    with patch.object(aws.simulator, "dispatch", side_effect=RuntimeError("on purpose")):
        answer = await aws.post("/client/register", {"clientName": "x", "clientType": "public"})
    aws.faults.clear()
    return answer


@case("StartDeviceAuthorization_200")
async def _(aws: AwsSite) -> RawAnswer:
    program = await aws.program()
    return await aws.post("/device_authorization", program.members | {"startUrl": START_URL})


@case("StartDeviceAuthorization_400_InvalidRequestException")
async def _(aws: AwsSite) -> RawAnswer:
    program = await aws.program()
    return await aws.post("/device_authorization", program.members | {"startUrl": "x"})


@case("StartDeviceAuthorization_401_InvalidClientException")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.post("/device_authorization", STRANGER.members | {"startUrl": START_URL})


@case("StartDeviceAuthorization_400_UnauthorizedClientException")
async def _(aws: AwsSite) -> RawAnswer:
    program = await aws.browser_program()
    return await aws.post("/device_authorization", program.members | {"startUrl": START_URL})


def poll_after(name: str, *decisions: Any, scopes: tuple[str, ...] = SCOPES) -> None:
    async def work(aws: AwsSite) -> RawAnswer:
        program = await aws.program(scopes)
        device = await aws.start(program)
        for decision in decisions:
            aws.simulator.dispatch(decision(device["userCode"]))
        return await aws.poll(program, device)

    CASES[f"CreateToken_{name}"] = work


poll_after("200_device_code", Approve)
poll_after("200_device_code_without_scopes", Approve, scopes=())
poll_after("400_AuthorizationPendingException")
poll_after("400_SlowDownException", SlowDown)
poll_after("400_AccessDeniedException", Deny)
poll_after("400_ExpiredTokenException", Expire)


@case("CreateToken_400_InvalidGrantException_device_code")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.poll(STRANGER, {"deviceCode": "invalid for test"})


@case("CreateToken_401_InvalidClientException")
async def _(aws: AwsSite) -> RawAnswer:
    device = await aws.start(await aws.program())
    return await aws.poll(STRANGER, device)


@case("CreateToken_400_UnsupportedGrantTypeException")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.token(grantType="password", **STRANGER.members)


@case("CreateToken_400_InvalidRequestException")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.token(grantType=DEVICE_CODE_GRANT, **STRANGER.members)


@case("CreateToken_200_refresh_token")
async def _(aws: AwsSite) -> RawAnswer:
    program = await aws.program()
    return await aws.refresh(program, (await aws.tokens(program))["refreshToken"])


@case("CreateToken_400_InvalidGrantException_refresh_token")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.refresh(STRANGER, "made up")


@case("CreateToken_400_InvalidRequestException_refresh_token_of_another_client")
async def _(aws: AwsSite) -> RawAnswer:
    tokens = await aws.tokens(await aws.program())
    return await aws.refresh(await aws.program(), tokens["refreshToken"])


@case("CreateToken_200_authorization_code")
async def _(aws: AwsSite) -> RawAnswer:
    program = await aws.browser_program()
    return await aws.redeem(program, aws.code(program.client_id))


@case("CreateToken_400_InvalidGrantException_authorization_code")
async def _(aws: AwsSite) -> RawAnswer:
    program = await aws.browser_program()
    return await aws.redeem(program, aws.code(program.client_id), codeVerifier="w" * 64)


def exchange(name: str, **changes: Any) -> None:
    async def work(aws: AwsSite) -> RawAnswer:
        plain = {
            "clientId": APPLICATION,
            "grantType": JWT_BEARER_GRANT,
            "assertion": "e30.e30.c2ln",
        }
        return await aws.with_iam(**{**plain, **changes})

    CASES[f"CreateTokenWithIAM_{name}"] = work


exchange("200_jwt_bearer")
exchange("400_AccessDeniedException", service="sts")
exchange("400_InvalidRequestRegionException", region="eu-west-1")
exchange("400_InvalidRequestException", assertion=None)
exchange("400_InvalidGrantException", assertion="no jwt")
exchange("400_UnsupportedGrantTypeException", grantType="password")
exchange("401_InvalidClientException", clientId="unknown")


@case("CreateTokenWithIAM_200_authorization_code")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.with_iam(
        clientId=APPLICATION,
        grantType=AUTHORIZATION_CODE_GRANT,
        code=aws.code(APPLICATION),
        redirectUri=REDIRECT,
        codeVerifier=VERIFIER,
    )


@case("CreateTokenWithIAM_200_refresh_token")
async def _(aws: AwsSite) -> RawAnswer:
    first = await CASES["CreateTokenWithIAM_200_jwt_bearer"](aws)
    return await aws.with_iam(
        clientId=APPLICATION,
        grantType=REFRESH_TOKEN_GRANT,
        refreshToken=first.json()["refreshToken"],
    )


@case("CreateTokenWithIAM_200_token_exchange")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.with_iam(
        clientId=APPLICATION,
        grantType=TOKEN_EXCHANGE_GRANT,
        subjectToken=await aws.access_token(),
        subjectTokenType=ACCESS_TOKEN_TYPE,
    )


def portal(name: str, target: str, method: str = "GET", token: str | None = None) -> None:
    async def work(aws: AwsSite) -> RawAnswer:
        return await aws.portal(target, token or await aws.access_token(), method)

    CASES[name] = work


ACCOUNTS, ROLES = "/assignment/accounts", "/assignment/roles?account_id=111122223333"
CREDENTIALS = "/federation/credentials?account_id=111122223333&role_name="
portal("ListAccounts_200", ACCOUNTS)
portal("ListAccounts_200_first_page", f"{ACCOUNTS}?max_result=1")
portal("ListAccounts_400_InvalidRequestException", f"{ACCOUNTS}?max_result=0")
portal("ListAccounts_401_UnauthorizedException", ACCOUNTS, token="made up")
portal("ListAccounts_405_MethodNotAllowedException", ACCOUNTS, "POST")
portal("ListAccounts_404_ResourceNotFoundException", "/assignment/account")
portal("ListAccountRoles_200", ROLES)
portal("ListAccountRoles_403_ForbiddenException", ROLES.replace("1111", "9999"))
portal("GetRoleCredentials_200", f"{CREDENTIALS}ReadOnlyAccess")
portal("GetRoleCredentials_403_ForbiddenException", f"{CREDENTIALS}Nobody")
portal("Logout_200", "/logout", "POST")
portal("Logout_401_UnauthorizedException", "/logout", "POST", token="made up")


@case("GetCallerIdentity_200")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.who_am_i(await aws.role_credentials(await aws.access_token()))


@case("GetCallerIdentity_403_ExpiredToken")
async def _(aws: AwsSite) -> RawAnswer:
    credentials = await aws.role_credentials(await aws.access_token())
    aws.passed_s = 3600
    return await aws.who_am_i(credentials)


@case("GetCallerIdentity_403_SignatureDoesNotMatch")
async def _(aws: AwsSite) -> RawAnswer:
    credentials = await aws.role_credentials(await aws.access_token())
    credentials.secret_key = "x" * 40
    return await aws.who_am_i(credentials)


@case("GetCallerIdentity_403_InvalidClientTokenId")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.who_am_i(FOREIGN)


@case("GetCallerIdentity_403_MissingAuthenticationToken")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.call("POST", "/", CALLER_IDENTITY, FORM)


@case("GetCallerIdentity_400_IncompleteSignature")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.call("POST", "/", CALLER_IDENTITY, FORM, "Authorization: AWS4-HMAC-SHA256 x")


@case("AssumeRole_400_InvalidAction")
async def _(aws: AwsSite) -> RawAnswer:
    return await aws.who_am_i(FOREIGN, b"Action=AssumeRole&Version=2011-06-15")


@case("ListBuckets_501_NotSimulated")
async def _(aws: AwsSite) -> RawAnswer:
    signed = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request"
    return await aws.call("GET", "/", b"", f"Authorization: {signed}")
