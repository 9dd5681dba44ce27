"""The demonstration: ``oidc-sim exec -- aws sso login``, with the real AWS CLI and no AWS."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process.kept_server import PATIENCE_S, Home

LOGIN = """
"$AWS" sso login --use-device-code --no-browser || exit 10
"$AWS" sts get-caller-identity --query Arn --output text || exit 11
"$AWS" sts get-caller-identity --profile sim --query Account --output text || exit 12
"$AWS" configure export-credentials --profile sim > /dev/null || exit 13
"$AWS" sso logout || exit 14
! "$AWS" sts get-caller-identity 2> /dev/null || exit 15
"""
CODE = re.compile(rb"^([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)


@pytest.mark.needs("awscli")
@pytest.mark.parametrize("with_server", [False, True])
def test_the_aws_cli_logs_in_by_exec_and_leaves_the_home_alone(
    tmp_path: Path, *, with_server: bool
) -> None:
    home = Home(tmp_path)
    (home.path / ".aws").mkdir()
    if with_server:
        with home.serving():
            log_in(home)
    else:
        log_in(home)
    assert list((home.path / ".aws").iterdir()) == []


def log_in(home: Home) -> None:
    command = [sys.executable, "-m", "oidc_sim", "exec", "--", "sh", "-c", LOGIN]
    environment = {**home.environment(), "AWS": os.environ["OIDC_SIM_AWS_CLI"]}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        printed = b""
        while not (found := CODE.search(printed)):
            line = process.stdout.readline()
            assert line, printed
            printed += line
        assert home.run("ctl", "approve", found[1].decode()).returncode == 0
        rest = process.communicate(timeout=2 * PATIENCE_S)[0].decode()
    assert process.returncode == 0, rest
    assert "Successfully logged into Start URL: https://d-1234567890.awsapps.com/start" in rest
    assert "assumed-role/AWSReservedSSO_AdministratorAccess_" in rest
    assert "\n111122223333\n" in rest
