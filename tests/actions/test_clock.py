"""The control route of the clock, and what real clients meet when it jumps."""

import json
from typing import Any

import pytest

from oidc_sim.engine.clock import MOST_STEP_S
from tests.actions.test_switch import JSON
from tests.server.aws_site import AwsSite
from tests.server.test_botocore_clients import call, client, log_in
from tests.server.world import START_URL


async def set_clock(aws: AwsSite, body: bytes) -> Any:
    token = f"Authorization: Bearer {aws.server.control_token}"
    return await aws.call("POST", "/_sim/clock", body, token, JSON)


async def advance(aws: AwsSite, by_s: float) -> dict[str, Any]:
    answer = await set_clock(aws, json.dumps({"advance_s": by_s}).encode())
    assert answer.status == 200, answer
    members: dict[str, Any] = answer.json()
    return members


async def test_it_says_what_time_it_is_and_what_lapsed(aws: AwsSite) -> None:
    oidc = client(aws, "sso-oidc")
    await log_in(aws, oidc)
    told = await advance(aws, 8 * 3600)
    assert told["lapsed"] == {
        "codes": 0,
        "forgotten": 0,
        "tokens": 1,
        "sessions": 1,
        "registrations": 0,
        "credentials": 0,
    }
    assert told["offset_s"] == pytest.approx(8 * 3600)
    assert told["frozen"] is False


async def test_it_stands_still_and_steps_at_once(aws: AwsSite) -> None:
    told = (await set_clock(aws, b'{"frozen": true, "advance_s": 60}')).json()
    assert told["frozen"] is True
    assert aws.simulator.clock.is_frozen
    assert not (await set_clock(aws, b'{"frozen": false}')).json()["frozen"]


async def test_a_reset_brings_real_time_back(aws: AwsSite) -> None:
    await advance(aws, 3600)
    token = f"Authorization: Bearer {aws.server.control_token}"
    await aws.call("POST", "/_sim/reset", b"", token)
    assert not aws.simulator.clock.is_off


@pytest.mark.parametrize("by_s", ["-1", "0", "0.5", "1e12", "3.2e8", "9" * 300])
async def test_a_step_out_of_bounds_is_told_them(aws: AwsSite, by_s: str) -> None:
    answer = await set_clock(aws, f'{{"advance_s": {by_s}}}'.encode())
    assert answer.status == 400
    assert answer.json()["reason"] == "the clock steps from 1 s to 10 years forwards"
    assert not aws.simulator.clock.is_off


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"by": 1}',
        b'{"frozen": 1}',
        *(b'{"advance_s": %s}' % bad for bad in (b'"1h"', b"NaN", b"null")),
    ],
)
async def test_a_wish_that_is_not_clear_moves_nothing(aws: AwsSite, body: bytes) -> None:
    answer = await set_clock(aws, body)
    assert answer.status == 400
    assert "advance_s" in answer.json()["reason"]
    assert not aws.simulator.clock.is_off


async def test_steps_that_add_up_to_a_thousand_years_are_refused_and_nothing_stands_still(
    aws: AwsSite,
) -> None:
    for _ in range(97):
        await advance(aws, MOST_STEP_S)
    body = b'{"frozen": true, "advance_s": %d}' % MOST_STEP_S
    answer = await set_clock(aws, body)
    assert answer.status == 409
    assert "2999" in answer.json()["reason"]
    assert not aws.simulator.clock.is_frozen
    assert await registered(client(aws, "sso-oidc"))


async def test_after_ten_minutes_botocore_hears_that_the_code_expired(aws: AwsSite) -> None:
    oidc = client(aws, "sso-oidc")
    names = await registered(oidc)
    device = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    await advance(aws, 600)
    with pytest.raises(oidc.exceptions.ExpiredTokenException):
        await call(
            oidc.create_token,
            **names,
            grantType="urn:ietf:params:oauth:grant-type:device_code",
            deviceCode=device["deviceCode"],
        )


async def test_after_eight_hours_botocore_cannot_refresh(aws: AwsSite) -> None:
    oidc = client(aws, "sso-oidc")
    names, tokens = await log_in(aws, oidc)
    await advance(aws, 8 * 3600)
    with pytest.raises(oidc.exceptions.InvalidGrantException):
        await refresh(oidc, names, tokens)


async def test_after_ninety_days_a_cached_registration_is_no_good(aws: AwsSite) -> None:
    """Fact 45: it may still ask for a device code; its polls then fail."""
    oidc = client(aws, "sso-oidc")
    names = await registered(oidc)
    await advance(aws, 90 * 86400)
    device = await call(oidc.start_device_authorization, **names, startUrl=START_URL)
    with pytest.raises(oidc.exceptions.InvalidClientException):
        await call(
            oidc.create_token,
            **names,
            grantType="urn:ietf:params:oauth:grant-type:device_code",
            deviceCode=device["deviceCode"],
        )


async def registered(oidc: Any) -> dict[str, str]:
    found = await call(oidc.register_client, clientName="n", clientType="public")
    return {"clientId": found["clientId"], "clientSecret": found["clientSecret"]}


async def refresh(oidc: Any, names: dict[str, str], tokens: Any) -> Any:
    return await call(
        oidc.create_token,
        **names,
        grantType="refresh_token",
        refreshToken=tokens["refreshToken"],
    )
