"""What the control API shows of sessions, and that it shows no secret."""

import json
from typing import Any

from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import JWT_BEARER_GRANT
from tests.server.aws_site import AwsSite


async def state(aws: AwsSite) -> Any:
    answer = await aws.call(
        "GET", "/_sim/state", b"", f"Authorization: Bearer {aws.server.control_token}"
    )
    return answer.json()


async def test_a_device_shows_what_it_led_to(aws: AwsSite) -> None:
    program = await aws.program()
    device = await aws.start(program)
    assert (await state(aws))["devices"][0]["session"] is None
    tokens = await aws.tokens(program)
    await aws.refresh(program, tokens["refreshToken"])
    credentials = await aws.role_credentials(tokens["accessToken"])
    shown = await state(aws)
    session = next(it for it in shown["devices"] if it["user_code"] == tokens["userCode"])
    session = session["session"]
    assert session["session_id"] == tokens["userCode"] != device["userCode"]
    assert (session["tokens"], session["refreshes"]) == (2, 1)
    assert session["expires_at"] == 1_764_000_000 + 8 * 3600
    assert session["ended_at"] is None
    assert session["is_refreshable"]
    assert not session["is_over"]
    assert session["credentials"] == [
        {
            "at": 1_764_000_000,
            "account_id": "111122223333",
            "role_name": "AdministratorAccess",
            "access_key_id": credentials.access_key,
            "expires_at": 1_764_000_000 + 3600,
        }
    ]
    assert shown["sessions"] == [session]


async def test_time_and_sign_out_can_be_seen(aws: AwsSite) -> None:
    token = await aws.access_token()
    aws.passed_s = 3600
    (session,) = (await state(aws))["sessions"]
    assert (session["tokens"], session["is_over"]) == (0, False)
    aws.passed_s = 0
    await aws.portal("/logout", token, "POST")
    (session,) = (await state(aws))["sessions"]
    assert (session["ended_at"], session["tokens"]) == (1_764_000_000, 0)
    assert session["is_over"]


async def test_a_session_of_an_application_is_shown_too(aws: AwsSite) -> None:
    await aws.with_iam(
        clientId=SEEDED.applications[0], grantType=JWT_BEARER_GRANT, assertion="e30.e30.c2ln"
    )
    (session,) = (await state(aws))["sessions"]
    assert session["client_id"] == SEEDED.applications[0]


async def test_the_directory_is_shown(aws: AwsSite) -> None:
    directory = (await state(aws))["directory"]
    assert [it["name"] for it in directory["accounts"]] == ["Sandbox", "Production"]
    assert directory["users"][0]["name"] == "sim-user"
    assert directory["applications"] == list(SEEDED.applications)
    assert list(directory["accounts"][0]) == ["account_id", "name", "email", "roles"]


async def test_no_secret_and_no_digest_is_shown(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    credentials = await aws.role_credentials(tokens["accessToken"])
    text = json.dumps(await state(aws))
    sessions = aws.simulator.state.sessions.values()
    digests = [it for session in sessions for it in (*session.tokens, *session.refresh_digests)]
    for secret in (
        program.client_secret,
        tokens["accessToken"],
        tokens["refreshToken"],
        credentials.secret_key,
        credentials.token,
        *digests,
    ):
        assert secret not in text
