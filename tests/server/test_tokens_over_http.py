"""Refresh, authorization codes and sign-out through HTTP (T-24, T-25, T-26)."""

import asyncio
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from oidc_sim.engine.commands import Approve
from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, RefreshRotation
from tests.server.aws_site import REDIRECT, SCOPES, VERIFIER, AwsSite, open_aws_site
from tests.server.raw_http import RawAnswer

ROTATING = {"refresh_rotation": RefreshRotation.ROTATE}
PARALLEL = 50


def refusal(answer: RawAnswer) -> tuple[int, str, str]:
    members = answer.json()
    return answer.status, members["error"], members["error_description"]


BAD_REFRESH = (400, "invalid_grant", "Invalid refresh token provided")
BAD_CODE = (400, "invalid_grant", "Invalid grant provided")


async def test_a_refresh_gives_a_new_access_token_and_the_same_refresh_token(
    aws: AwsSite,
) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    for _ in range(3):
        answer = await aws.refresh(program, tokens["refreshToken"])
        assert answer.status == 200
        assert answer.json()["refreshToken"] == tokens["refreshToken"]
        assert answer.json()["accessToken"] != tokens["accessToken"]
        assert (
            await aws.portal("/assignment/accounts", answer.json()["accessToken"])
        ).status == 200
    assert (await aws.portal("/assignment/accounts", tokens["accessToken"])).status == 200
    assert (aws.last.operation, aws.simulator.log.exchanges.seen > 0) == ("ListAccounts", True)


async def test_a_refresh_is_recorded_with_the_sign_in_that_it_prolongs(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    await aws.refresh(program, tokens["refreshToken"])
    assert (aws.last.operation, aws.last.outcome) == ("CreateToken", "token refreshed")
    assert (aws.last.user_code, aws.last.client_id) == (tokens["userCode"], program.client_id)


async def test_the_refused_refresh_has_78_bytes(aws: AwsSite) -> None:
    answer = await aws.refresh(await aws.program(), "aor-made-up")
    assert refusal(answer) == BAD_REFRESH
    assert len(answer.body) == 78
    assert answer.header("x-amzn-ErrorType") == (
        "InvalidGrantException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/"
    )


async def test_a_refresh_token_of_another_client_is_an_invalid_request(aws: AwsSite) -> None:
    tokens = await aws.tokens(await aws.program())
    answer = await aws.refresh(await aws.program(), tokens["refreshToken"])
    assert answer.body == (
        b'{"error":"invalid_request","error_description":"Invalid token provided","reason":null}'
    )
    assert aws.last.user_code == tokens["userCode"]


async def test_the_refresh_token_is_looked_at_before_the_client_is(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    stranger = {"clientId": "test", "clientSecret": "test", "grantType": "refresh_token"}
    answer = await aws.token(**stranger, refreshToken="made up")
    assert refusal(answer) == BAD_REFRESH
    answer = await aws.token(**stranger, refreshToken=tokens["refreshToken"])
    assert refusal(answer) == (401, "invalid_client", "Invalid client provided")


@pytest.mark.parametrize("aws", [ROTATING], indirect=True)
async def test_a_rotated_refresh_token_that_comes_again_ends_the_sign_in(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    first = (await aws.refresh(program, tokens["refreshToken"])).json()
    assert first["refreshToken"] != tokens["refreshToken"]
    assert (await aws.refresh(program, first["refreshToken"])).status == 200
    assert refusal(await aws.refresh(program, tokens["refreshToken"])) == BAD_REFRESH
    assert (await aws.portal("/assignment/accounts", first["accessToken"])).status == 401


async def test_an_access_token_dies_after_an_hour_and_a_refresh_goes_on_for_eight(
    aws: AwsSite,
) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    aws.passed_s = 3599
    assert (await aws.portal("/assignment/accounts", tokens["accessToken"])).status == 200
    aws.passed_s = 3600
    assert (await aws.portal("/assignment/accounts", tokens["accessToken"])).status == 401
    aws.passed_s = 8 * 3600 - 1
    answer = await aws.refresh(program, tokens["refreshToken"])
    assert (answer.status, answer.json()["expiresIn"]) == (200, 1)
    aws.passed_s = 8 * 3600
    assert refusal(await aws.refresh(program, tokens["refreshToken"])) == BAD_REFRESH


async def test_a_registration_that_expired_can_refresh_nothing(aws: AwsSite) -> None:
    program = await aws.program()
    aws.passed_s = 90 * 86400 - 600
    tokens = await aws.tokens(program)
    aws.passed_s = 90 * 86400
    answer = await aws.refresh(program, tokens["refreshToken"])
    assert refusal(answer) == (401, "invalid_client", "Invalid client provided")


async def test_logout_ends_every_token_of_the_sign_in(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    second = (await aws.refresh(program, tokens["refreshToken"])).json()["accessToken"]
    answer = await aws.portal("/logout", second, "POST")
    assert (answer.status, answer.body) == (200, b"")
    for token in (second, tokens["accessToken"]):
        assert (await aws.portal("/assignment/accounts", token)).status == 401
    assert refusal(await aws.refresh(program, tokens["refreshToken"])) == BAD_REFRESH
    assert (await aws.portal("/logout", second, "POST")).status == 401


async def test_a_code_with_its_proof_is_exchanged(aws: AwsSite) -> None:
    program = await aws.browser_program()
    answer = await aws.redeem(program, aws.code(program.client_id))
    members = answer.json()
    assert (answer.status, members["expiresIn"]) == (200, 3600)
    assert members["refreshToken"].startswith("aor")
    assert (aws.last.operation, aws.last.outcome) == ("CreateToken", "token issued")
    assert (await aws.portal("/assignment/accounts", members["accessToken"])).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"codeVerifier": None}, id="verifier missing"),
        pytest.param({"codeVerifier": ""}, id="verifier empty"),
        pytest.param({"codeVerifier": "w" * 64}, id="verifier of another"),
        pytest.param({"codeVerifier": VERIFIER[:42]}, id="verifier too short"),
        pytest.param({"redirectUri": None}, id="redirect missing"),
        pytest.param({"redirectUri": REDIRECT.replace("4711", "4712")}, id="redirect swapped"),
        pytest.param({"redirectUri": REDIRECT.replace(":4711", "")}, id="redirect as registered"),
        pytest.param({"redirectUri": REDIRECT.replace("127.0.0.1", "localhost")}, id="localhost"),
    ],
)
async def test_a_code_with_a_wrong_proof_is_refused_and_is_good_for_nothing_any_more(
    aws: AwsSite, changes: dict[str, Any]
) -> None:
    program = await aws.browser_program()
    code = aws.code(program.client_id)
    assert refusal(await aws.redeem(program, code, **changes)) == BAD_CODE
    assert refusal(await aws.redeem(program, code)) == BAD_CODE


async def test_the_challenge_itself_is_no_verifier(aws: AwsSite) -> None:
    program = await aws.browser_program()
    plain = urlsafe_b64encode(b"p" * 32).rstrip(b"=").decode()
    code = aws.code(program.client_id, challenge=plain)
    assert refusal(await aws.redeem(program, code, codeVerifier=plain)) == BAD_CODE


async def test_a_code_that_comes_twice_ends_what_the_first_led_to(aws: AwsSite) -> None:
    program = await aws.browser_program()
    code = aws.code(program.client_id)
    tokens = (await aws.redeem(program, code)).json()
    assert refusal(await aws.redeem(program, code)) == BAD_CODE
    assert (await aws.portal("/assignment/accounts", tokens["accessToken"])).status == 401
    assert refusal(await aws.refresh(program, tokens["refreshToken"])) == BAD_REFRESH


async def test_a_code_of_another_client_is_refused_and_still_good_for_its_own(
    aws: AwsSite,
) -> None:
    program, thief = await aws.browser_program(), await aws.browser_program()
    code = aws.code(program.client_id)
    assert refusal(await aws.redeem(thief, code)) == BAD_CODE
    assert (await aws.redeem(program, code)).status == 200


async def test_a_code_lives_ten_minutes(aws: AwsSite) -> None:
    program = await aws.browser_program()
    code, late = aws.code(program.client_id), aws.code(program.client_id)
    aws.passed_s = 599.9
    assert (await aws.redeem(program, code)).status == 200
    aws.passed_s = 600
    assert refusal(await aws.redeem(program, late)) == BAD_CODE


async def test_of_fifty_who_redeem_a_code_at_once_one_succeeds(aws: AwsSite) -> None:
    program = await aws.browser_program()
    code = aws.code(program.client_id)
    answers = await asyncio.gather(*(aws.redeem(program, code) for _ in range(PARALLEL)))
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] + [400] * (PARALLEL - 1)
    assert all(refusal(it) == BAD_CODE for it in answers if it.status == 400)


async def test_of_fifty_who_poll_an_approved_device_at_once_one_succeeds(aws: AwsSite) -> None:
    program = await aws.program()
    device = await aws.start(program)
    aws.simulator.dispatch(Approve(device["userCode"]))
    answers = await asyncio.gather(*(aws.poll(program, device) for _ in range(PARALLEL)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * (PARALLEL - 1)


@pytest.mark.parametrize(
    ("grants", "grant", "expected"),
    [
        ((AUTHORIZATION_CODE_GRANT,), DEVICE_CODE_GRANT, (400, "unauthorized_client")),
        ((DEVICE_CODE_GRANT,), "password", (400, "unsupported_grant_type")),
        ((), "urn:ietf:params:oauth:grant-type:jwt-bearer", (400, "unsupported_grant_type")),
    ],
)
async def test_a_grant_that_was_not_registered_leads_nowhere(
    aws: AwsSite, grants: tuple[str, ...], grant: str, expected: tuple[int, str]
) -> None:
    program = await aws.program(grants=grants)
    if grant == DEVICE_CODE_GRANT:
        members = program.members | {"startUrl": "https://d-1234567890.awsapps.com/start"}
        answer = await aws.post("/device_authorization", members)
    else:
        answer = await aws.token(grantType=grant, **program.members)
    assert refusal(answer)[:2] == expected


async def test_tokens_of_one_server_are_unknown_to_another(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    async with open_aws_site() as other:
        other.simulator.ids = type(aws.simulator.ids).from_secrets("us-east-1")  # type: ignore[attr-defined]
        assert refusal(await other.refresh(program, tokens["refreshToken"])) == BAD_REFRESH
        assert (await other.portal("/assignment/accounts", tokens["accessToken"])).status == 401


async def test_asking_for_more_scopes_at_the_exchange_gives_no_more(aws: AwsSite) -> None:
    program = await aws.program(("codewhisperer:completions",))
    device = await aws.start(program)
    aws.simulator.dispatch(Approve(device["userCode"]))
    answer = await aws.token(
        grantType=DEVICE_CODE_GRANT,
        deviceCode=device["deviceCode"],
        scope=list(SCOPES),
        **program.members,
    )
    assert (await aws.portal("/assignment/accounts", answer.json()["accessToken"])).status == 403


async def test_no_refusal_repeats_what_the_client_sent(aws: AwsSite) -> None:
    program = await aws.browser_program()
    answer = await aws.redeem(program, "CANARY", codeVerifier="CANARY", redirectUri="CANARY")
    assert b"CANARY" not in answer.head + answer.body
    answer = await aws.token(**program.members, grantType="CANARY")
    assert b"CANARY" not in answer.head + answer.body
    assert json.loads(answer.body)["error"] == "unsupported_grant_type"
