"""botocore's own clients for sso-oidc, sso and sts, over a real socket."""

import asyncio
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import Approve, Deny
from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import DEVICE_CODE_GRANT, JWT_BEARER_GRANT
from oidc_sim.faults.catalogue import fault_rule
from oidc_sim.settings.directory import AccountTable
from tests.server.aws_site import AwsSite
from tests.server.world import START_URL

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=5)
MANY = {
    "accounts": tuple(
        AccountTable(id=f"{n:012}", name=f"a{n}", roles=("Admin",)) for n in range(250)
    ),
}


def client(aws: AwsSite, service: str, **credentials: str) -> Any:
    keys = credentials or {
        "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key": "secret",
    }
    session = botocore.session.Session()
    return session.create_client(service, "us-east-1", endpoint_url=aws.url, config=ONCE, **keys)


async def call(method: Callable[..., Any], **arguments: Any) -> Any:
    """The SDK blocks, so it runs in a thread while the server answers here."""
    return await asyncio.to_thread(lambda: method(**arguments))


async def log_in(aws: AwsSite, oidc: Any) -> tuple[dict[str, str], Any]:
    """A whole device flow; gives what names the client, and the tokens."""
    registered = await call(
        oidc.register_client, clientName="n", clientType="public", scopes=["sso:account:access"]
    )
    names = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
    device = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    poll = {**names, "grantType": DEVICE_CODE_GRANT, "deviceCode": device["deviceCode"]}
    with pytest.raises(oidc.exceptions.AuthorizationPendingException):
        await call(oidc.create_token, **poll)
    aws.simulator.dispatch(Approve(device["userCode"]))
    return names, await call(oidc.create_token, **poll)


async def test_from_log_in_to_who_am_i(aws: AwsSite) -> None:
    oidc, sso = client(aws, "sso-oidc"), client(aws, "sso")
    names, first = await log_in(aws, oidc)
    tokens = await call(
        oidc.create_token,
        **names,
        grantType="refresh_token",
        refreshToken=first["refreshToken"],
    )
    assert tokens["accessToken"] != first["accessToken"]
    token = tokens["accessToken"]
    accounts = await call(sso.list_accounts, accessToken=token)
    account_id = accounts["accountList"][1]["accountId"]
    roles = await call(sso.list_account_roles, accessToken=token, accountId=account_id)
    role = roles["roleList"][1]["roleName"]
    given = await call(
        sso.get_role_credentials, accessToken=token, accountId=account_id, roleName=role
    )
    credentials = given["roleCredentials"]
    sts = client(
        aws,
        "sts",
        aws_access_key_id=credentials["accessKeyId"],
        aws_secret_access_key=credentials["secretAccessKey"],
        aws_session_token=credentials["sessionToken"],
    )
    caller = await call(sts.get_caller_identity)
    assert caller["Account"] == account_id == "444455556666"
    assert "/AWSReservedSSO_ReadOnlyAccess_" in caller["Arn"]
    await call(sso.logout, accessToken=token)
    with pytest.raises(sso.exceptions.UnauthorizedException) as raised:
        await call(sso.list_accounts, accessToken=token)
    assert raised.value.response["Error"]["Message"] == "Session token not found or invalid"
    with pytest.raises(oidc.exceptions.InvalidGrantException):
        await call(
            oidc.create_token,
            **names,
            grantType="refresh_token",
            refreshToken=first["refreshToken"],
        )


async def test_a_denial_is_told_by_its_class(aws: AwsSite) -> None:
    oidc = client(aws, "sso-oidc")
    registered = await call(oidc.register_client, clientName="n", clientType="public")
    names = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
    device = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    aws.simulator.dispatch(Deny(device["userCode"]))
    with pytest.raises(oidc.exceptions.AccessDeniedException):
        await call(
            oidc.create_token,
            **names,
            grantType=DEVICE_CODE_GRANT,
            deviceCode=device["deviceCode"],
        )


@pytest.mark.parametrize("aws", [MANY], indirect=True)
async def test_the_paginators_go_through_every_page(aws: AwsSite) -> None:
    sso, token = client(aws, "sso"), await aws.access_token()

    def all_accounts() -> list[str]:
        listing = sso.get_paginator("list_accounts").paginate(accessToken=token)
        return [account["accountId"] for page in listing for account in page["accountList"]]

    assert await asyncio.to_thread(all_accounts) == [f"{n:012}" for n in range(250)]
    assert len((await call(sso.list_accounts, accessToken=token, maxResults=7))["accountList"]) == 7


async def test_the_portals_refusals_are_told_by_their_classes(aws: AwsSite) -> None:
    sso, token = client(aws, "sso"), await aws.access_token()
    with pytest.raises(ClientError) as raised:
        await call(
            sso.get_role_credentials,
            accessToken=token,
            accountId="111122223333",
            roleName="Nobody",
        )
    assert raised.value.response["Error"] == {"Code": "ForbiddenException", "Message": "No access"}
    with pytest.raises(sso.exceptions.InvalidRequestException):
        await call(sso.list_accounts, accessToken=token, nextToken="made up")


async def test_an_iam_application_gets_tokens_with_an_identity(aws: AwsSite) -> None:
    oidc, application = client(aws, "sso-oidc"), SEEDED.applications[0]
    tokens = await call(
        oidc.create_token_with_iam,
        clientId=application,
        grantType=JWT_BEARER_GRANT,
        assertion="e30.e30.c2ln",
    )
    assert tokens["awsAdditionalDetails"]["identityContext"]
    assert tokens["idToken"].count(".") == 2
    assert tokens["scope"] == ["openid", "aws", "sts:identity_context"]
    again = await call(
        oidc.create_token_with_iam,
        clientId=application,
        grantType="refresh_token",
        refreshToken=tokens["refreshToken"],
    )
    assert "idToken" not in again
    assert "awsAdditionalDetails" not in again


async def test_a_wrong_region_names_the_right_one(aws: AwsSite) -> None:
    elsewhere = botocore.session.Session().create_client(
        "sso-oidc",
        "eu-west-1",
        endpoint_url=aws.url,
        config=ONCE,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
    )
    with pytest.raises(elsewhere.exceptions.InvalidRequestRegionException) as raised:
        await call(
            elsewhere.create_token_with_iam,
            clientId=SEEDED.applications[0],
            grantType=JWT_BEARER_GRANT,
            assertion="e30.e30.c2ln",
        )
    response = raised.value.response
    assert (response["endpoint"], response["region"]) == (aws.url, "us-east-1")


async def test_sts_tells_foreign_credentials_what_this_server_is(aws: AwsSite) -> None:
    sts = client(aws, "sts")
    with pytest.raises(ClientError) as raised:
        await call(sts.get_caller_identity)
    assert raised.value.response["Error"]["Code"] == "InvalidClientTokenId"
    with pytest.raises(ClientError) as raised:
        await call(
            sts.assume_role, RoleArn="arn:aws:iam::111122223333:role/x", RoleSessionName="xx"
        )
    assert raised.value.response["Error"]["Code"] == "InvalidAction"
    assert "oidc-sim" in raised.value.response["Error"]["Message"]


async def test_botocore_that_retries_after_failures_keeps_pace(aws: AwsSite) -> None:
    """Its tries of one call come a blink apart, and the call after them waits as it should."""
    retrying = Config(retries={"mode": "standard", "total_max_attempts": 3})
    session = botocore.session.Session()
    oidc = session.create_client(
        "sso-oidc", "us-east-1", endpoint_url=aws.url, config=retrying,
        aws_access_key_id="a", aws_secret_access_key="b",
    )  # fmt: skip
    registered = await call(oidc.register_client, clientName="n", clientType="public")
    names = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
    device = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    poll = {**names, "grantType": DEVICE_CODE_GRANT, "deviceCode": device["deviceCode"]}
    cadence = aws.simulator.stories[device["userCode"]].cadence
    for fault in (None, None, "gateway-error", "drop", None):
        if fault:
            rule = fault_rule(fault, {}, Target(), Trigger(times=2))
            aws.simulator.dispatch(rule)
        with pytest.raises(oidc.exceptions.AuthorizationPendingException):
            await call(oidc.create_token, **poll)
        aws.passed_s += 1
    assert aws.simulator.state.devices[device["userCode"]].polls == 9
    assert (cadence.early_polls, len(cadence.waits)) == (0, 4)
