"""The control route that switches auto-approve, and what clients get by it."""

from typing import Any

import pytest

from oidc_sim.engine.events import AutoApproveSet
from tests.server.aws_site import AwsSite
from tests.server.raw_http import RawAnswer

JSON = "Content-Type: application/json"


async def ask(aws: AwsSite, method: str, path: str, body: bytes = b"") -> RawAnswer:
    token = f"Authorization: Bearer {aws.server.control_token}"
    return await aws.call(method, path, body, token, *([JSON] if body else []))


async def switch(aws: AwsSite, body: bytes) -> RawAnswer:
    return await ask(aws, "POST", "/_sim/auto-approve", body)


async def state(aws: AwsSite) -> Any:
    return (await ask(aws, "GET", "/_sim/state")).json()


async def test_it_is_switched_on_and_off_and_shown(aws: AwsSite) -> None:
    assert (await state(aws))["auto_approve"] is False
    for is_on in (True, False):
        answer = await switch(aws, b'{"on": true}' if is_on else b'{"on": false}')
        assert (answer.status, answer.json()) == (200, {"auto_approve": is_on})
        assert (await state(aws))["auto_approve"] is is_on
    told = [it.what for it in aws.simulator.log.entries.since(0)]
    assert [it.is_on for it in told if isinstance(it, AutoApproveSet)] == [True, False]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"true",
        b'{"on": 1}',
        b'{"on": "true"}',
        b'{"on": null}',
        b'{"on": true, "more": 1}',
        b'{"On": true}',
        b"\xff",
        b"{" * 500,
    ],
)
async def test_a_wish_that_is_not_clear_is_none(aws: AwsSite, body: bytes) -> None:
    answer = await switch(aws, body)
    assert (answer.status, answer.json()["error"]) == (400, "bad_request")
    assert (await state(aws))["auto_approve"] is False


async def test_a_device_code_is_approved_a_second_after_its_client_has_it(aws: AwsSite) -> None:
    await switch(aws, b'{"on": true}')
    program = await aws.program()
    device = await aws.start(program)
    members = program.members | {
        "grantType": "urn:ietf:params:oauth:grant-type:device_code",
        "deviceCode": device["deviceCode"],
    }
    assert (await aws.token(**members)).json()["error"] == "authorization_pending"
    aws.passed_s += 1
    assert (await aws.token(**members)).json()["accessToken"]


async def test_the_state_tells_a_browser_s_sign_in_from_a_device_s(aws: AwsSite) -> None:
    await aws.start(await aws.program())
    browser = await aws.browser_program()
    await aws.call("GET", address_of(browser.client_id), b"", "Accept: text/html")
    assert [it["kind"] for it in (await state(aws))["devices"]] == ["device", "browser"]


def address_of(client_id: str) -> str:
    redirect = "http%3A%2F%2F127.0.0.1%3A4711%2Foauth%2Fcallback"
    return (
        f"/authorize?response_type=code&client_id={client_id}&redirect_uri={redirect}"
        f"&code_challenge_method=S256&code_challenge={'a' * 43}"
    )
