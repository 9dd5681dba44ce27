"""The control routes that end registrations, and what AWS's own SDK makes of one that ended."""

from typing import Any

import pytest

from oidc_sim.engine.commands import Approve
from oidc_sim.engine.events import ClientExpired, ClientRestored
from oidc_sim.engine.model import DEVICE_CODE_GRANT, Actor
from tests.server.aws_site import AwsSite
from tests.server.raw_http import RawAnswer
from tests.server.test_botocore_clients import call, client, log_in
from tests.server.world import START_URL


async def act(aws: AwsSite, client_id: str, route: str) -> RawAnswer:
    token = f"Authorization: Bearer {aws.server.control_token}"
    return await aws.call("POST", f"/_sim/clients/{client_id}/{route}", b"", token)


async def test_it_ends_a_registration_and_takes_that_back(aws: AwsSite) -> None:
    client_id = (await aws.program()).client_id
    for route, was_expired in (("expire", True), ("restore", False)):
        answer = await act(aws, client_id, route)
        assert answer.status == 200
        members = answer.json()
        assert (members["client_id"], members["was_expired"]) == (client_id, was_expired)
    told = [it.what for it in aws.simulator.log.entries.since(0)]
    by = [it.by for it in told if isinstance(it, ClientExpired | ClientRestored)]
    assert by == [Actor.SCRIPT, Actor.SCRIPT]


async def test_a_wish_that_cannot_be_is_refused_in_a_sentence(aws: AwsSite) -> None:
    client_id = (await aws.program()).client_id
    for whose, route, status, problem in (
        (client_id, "restore", 409, ("conflict", "nobody expired this registration")),
        ("nobody", "expire", 404, ("unknown", "no such client id here")),
    ):
        answer = await act(aws, whose, route)
        told = answer.json()
        assert (answer.status, (told["error"], told["reason"])) == (status, problem)


async def test_nobody_ends_one_without_the_token(aws: AwsSite) -> None:
    client_id = (await aws.program()).client_id
    assert (await aws.call("POST", f"/_sim/clients/{client_id}/expire")).status == 401
    assert not aws.simulator.state.clients[client_id].was_expired


async def test_botocore_s_poll_is_told_to_register_anew_until_that_is_taken_back(
    aws: AwsSite,
) -> None:
    oidc = client(aws, "sso-oidc")
    registered = await call(oidc.register_client, clientName="n", clientType="public")
    names: dict[str, Any] = {
        "clientId": registered["clientId"],
        "clientSecret": registered["clientSecret"],
    }
    device = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    poll = {**names, "grantType": DEVICE_CODE_GRANT, "deviceCode": device["deviceCode"]}
    aws.simulator.dispatch(Approve(device["userCode"]))
    await act(aws, names["clientId"], "expire")
    with pytest.raises(oidc.exceptions.InvalidClientException):
        await call(oidc.create_token, **poll)
    again = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    assert again["userCode"] != device["userCode"], "wire.md#45"
    await act(aws, names["clientId"], "restore")
    assert (await call(oidc.create_token, **poll))["accessToken"]


async def test_botocore_s_refresh_is_told_so_too_and_its_access_token_is_good(
    aws: AwsSite,
) -> None:
    oidc, sso = client(aws, "sso-oidc"), client(aws, "sso")
    names, tokens = await log_in(aws, oidc)
    await act(aws, names["clientId"], "expire")
    refresh = {"grantType": "refresh_token", "refreshToken": tokens["refreshToken"]}
    with pytest.raises(oidc.exceptions.InvalidClientException):
        await call(oidc.create_token, **names, **refresh)
    assert (await call(sso.list_accounts, accessToken=tokens["accessToken"]))["accountList"]
