"""AWS CLI v2 signs in by the device flow; ``oidc-sim ctl`` is the operator.

``.ci/install_awscli.sh`` installs one; ``OIDC_SIM_AWS_CLI`` says where it is.
"""

import hashlib
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.process.serving import Home, Server
from tests.waiting import wait_until

pytestmark = pytest.mark.needs("awscli")

SESSION = "my"
CONFIG = f"""\
[sso-session {SESSION}]
sso_start_url = https://d-1234567890.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
[profile dev]
sso_session = {SESSION}
sso_account_id = 111122223333
sso_role_name = ReadOnlyAccess
region = us-east-1
[profile legacy]
sso_start_url = https://d-1234567890.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = ReadOnlyAccess
region = us-east-1
"""
USER_CODE = re.compile(r"^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$", re.MULTILINE)


@dataclass
class Login:
    """An ``aws sso login`` that waits."""

    home: Home
    process: subprocess.Popen[bytes]
    out_file: Path

    @property
    def out(self) -> str:
        return self.out_file.read_text()

    def user_code(self) -> str:
        """The code that it shows to the person."""
        wait_until(lambda: USER_CODE.search(self.out) or self.process.poll() is not None, 60)
        shown = USER_CODE.search(self.out)
        assert shown, self.out
        return shown[0]

    def ctl(self, action: str) -> None:
        done = self.home.run("ctl", action, self.user_code())
        assert (done.code, done.err) == (0, "")

    def exit_code(self) -> int:
        return self.process.wait(60)

    def cached(self) -> dict[str, Any] | None:
        """The token that it keeps for the SDKs, if it has one."""
        cache = self.home.path / "home" / ".aws" / "sso" / "cache"
        name = hashlib.sha1(SESSION.encode(), usedforsecurity=False).hexdigest()
        file = cache / f"{name}.json"
        return json.loads(file.read_bytes()) if file.exists() else None


def start_login(
    home: Home,
    server: Server,
    profile: str = "dev",
    flow: tuple[str, ...] = ("--use-device-code", "--no-browser"),
    **variables: str,
) -> Login:
    aws = home.path / "home" / ".aws"
    aws.mkdir()
    (aws / "config").write_text(CONFIG)
    words = (os.environ["OIDC_SIM_AWS_CLI"], "sso", "login", "--profile", profile)
    environment = {
        "PATH": home.environment["PATH"],
        "HOME": home.environment["HOME"],
        "AWS_ENDPOINT_URL_SSO_OIDC": server.running.url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
        **variables,
    }
    out = home.path / "aws"
    with out.open("wb") as file:
        process = home.popen(
            (*words, *flow),
            file,
            subprocess.STDOUT,
            env=environment,
        )
    return Login(home, process, out)


@pytest.mark.timeout(180)
def test_a_login_that_is_approved_succeeds(home: Home, server: Server) -> None:
    login = start_login(home, server)
    assert f"{server.running.url}/device?user_code={login.user_code()}" in login.out
    login.ctl("approve")
    assert login.exit_code() == 0, login.out
    assert "Successfully logged into Start URL" in login.out
    token = login.cached()
    assert token is not None
    assert token["accessToken"].startswith("aoa")
    assert token["refreshToken"].startswith("aor")
    assert server.device_states() == ["collected"]


@pytest.mark.timeout(180)
def test_a_legacy_profile_logs_in_too(home: Home, server: Server) -> None:
    login = start_login(home, server, "legacy")
    login.ctl("approve")
    assert login.exit_code() == 0, login.out
    assert server.ask("/_sim/state")["clients"][0]["name"].startswith("botocore-client-")


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("deny", "(AccessDeniedException) when calling the CreateToken operation"),
        ("expire", "The pending authorization to retrieve an SSO token has expired"),
    ],
)
def test_a_login_that_is_refused_says_so_and_fails(
    home: Home, server: Server, action: str, told: str
) -> None:
    login = start_login(home, server)
    login.ctl(action)
    assert login.exit_code() != 0
    assert told in login.out
    assert login.cached() is None
