"""botocore's SSO credential provider and token provider, in a process and a HOME of their own."""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.server.http.sockets import bind
from oidc_sim.simulator.clock import Clock
from tests.server.aws_site import AwsSite, Program, open_aws_site
from tests.server.world import START_URL

CONFIG = """
[default]
region = us-east-1
[sso-session my]
sso_start_url = {start_url}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
[profile dev]
sso_session = my
sso_account_id = 444455556666
sso_role_name = ReadOnlyAccess
region = eu-west-1
{services}
[profile legacy]
sso_start_url = {start_url}
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = AdministratorAccess
region = eu-west-1
{services}
[services sim]
sso =
  endpoint_url = {url}
sso_oidc =
  endpoint_url = {url}
sts =
  endpoint_url = {url}
"""
PROGRAM = """
import json, sys
import botocore.session
from botocore.exceptions import BotoCoreError, ClientError
session = botocore.session.Session(profile=sys.argv[1])
try:
    caller = session.create_client("sts").get_caller_identity()
    print(json.dumps({"arn": caller["Arn"], "account": caller["Account"]}))
except (BotoCoreError, ClientError) as error:
    print(json.dumps({"error": type(error).__name__, "text": str(error)}))
"""
"""What an application does that has no idea of any simulator."""


@pytest.fixture
async def aws() -> AsyncIterator[AwsSite]:
    """With the real clock: botocore looks at the machine's."""
    async with open_aws_site() as site:
        site.simulator.clock = Clock()
        yield site


def at(seconds_from_now: float) -> str:
    instant = datetime.now(UTC).timestamp() + seconds_from_now
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cache_file(home: Path, key: str) -> Path:
    return home / ".aws/sso/cache" / f"{hashlib.sha1(key.encode()).hexdigest()}.json"


def write_home(home: Path, aws: AwsSite, program: Program, tokens: Any, lives_s: float) -> None:
    """What ``aws sso login`` leaves behind."""
    (home / ".aws/sso/cache").mkdir(parents=True)
    cached = {
        "startUrl": START_URL,
        "region": "us-east-1",
        "accessToken": tokens["accessToken"],
        "expiresAt": at(lives_s),
        "clientId": program.client_id,
        "clientSecret": program.client_secret,
        "registrationExpiresAt": at(86400),
        "refreshToken": tokens["refreshToken"],
    }
    for key in ("my", START_URL):
        cache_file(home, key).write_text(json.dumps(cached))


def write_config(home: Path, url: str, *, uses_services: bool) -> None:
    services = "services = sim" if uses_services else ""
    text = CONFIG.format(start_url=START_URL, services=services, url=url)
    (home / ".aws/config").write_text(text)


async def run(home: Path, profile: str, **environment: str) -> dict[str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        profile,
        stdout=asyncio.subprocess.PIPE,
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            **environment,
        },
    )
    async with asyncio.timeout(30):
        out, _ = await process.communicate()
    answer: dict[str, str] = json.loads(out)
    return answer


WAYS = pytest.mark.parametrize("uses_services", [False, True], ids=["environment", "services"])


async def ask(aws: AwsSite, home: Path, profile: str, *, uses_services: bool) -> dict[str, str]:
    write_config(home, aws.url, uses_services=uses_services)
    names = () if uses_services else ("SSO", "SSO_OIDC", "STS")
    return await run(home, profile, **{f"AWS_ENDPOINT_URL_{name}": aws.url for name in names})


@WAYS
async def test_the_provider_gets_credentials_that_work(
    aws: AwsSite, tmp_path: Path, *, uses_services: bool
) -> None:
    program = await aws.program()
    write_home(tmp_path, aws, program, await aws.tokens(program), 3600)
    answer = await ask(aws, tmp_path, "dev", uses_services=uses_services)
    assert answer.get("account") == "444455556666", answer
    assert "/AWSReservedSSO_ReadOnlyAccess_" in answer["arn"]
    assert answer["arn"].endswith("/sim-user")


@WAYS
async def test_the_token_provider_refreshes_a_token_that_is_about_to_expire(
    aws: AwsSite, tmp_path: Path, *, uses_services: bool
) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    write_home(tmp_path, aws, program, tokens, 60)
    answer = await ask(aws, tmp_path, "dev", uses_services=uses_services)
    assert answer.get("account") == "444455556666", answer
    cached = json.loads(cache_file(tmp_path, "my").read_text())
    assert cached["accessToken"] != tokens["accessToken"]
    assert cached["refreshToken"] == tokens["refreshToken"]
    outcomes = [it.outcome for it in aws.simulator.log.exchanges.since(0)]
    assert "token refreshed" in outcomes


@WAYS
async def test_a_legacy_profile_gets_credentials_that_work(
    aws: AwsSite, tmp_path: Path, *, uses_services: bool
) -> None:
    program = await aws.program(())
    tokens = await aws.tokens(program)
    assert tokens["refreshToken"] is None
    write_home(tmp_path, aws, program, tokens, 28800)
    answer = await ask(aws, tmp_path, "legacy", uses_services=uses_services)
    assert answer.get("account") == "111122223333", answer


async def test_after_a_logout_the_provider_says_so(aws: AwsSite, tmp_path: Path) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    write_home(tmp_path, aws, program, tokens, 60)
    await aws.portal("/logout", tokens["accessToken"], "POST")
    answer = await ask(aws, tmp_path, "legacy", uses_services=False)
    assert answer["error"] == "UnauthorizedSSOTokenError"


async def test_another_port_is_another_server(aws: AwsSite, tmp_path: Path) -> None:
    program = await aws.program()
    write_home(tmp_path, aws, program, await aws.tokens(program), 3600)
    bound = bind("127.0.0.1")
    bound.close()
    write_config(tmp_path, f"http://127.0.0.1:{bound.port}", uses_services=True)
    answer = await run(tmp_path, "dev", AWS_MAX_ATTEMPTS="1")
    assert answer["error"] == "EndpointConnectionError"
