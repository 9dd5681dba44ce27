"""The demonstration: ``oidc-sim exec -- aws sso login``, with the real AWS CLI and no AWS."""

import os
from pathlib import Path

import pytest

from tests.process.serving import Home

pytestmark = pytest.mark.needs("awscli")

LOGIN = """
"$AWS" sso login --use-device-code --no-browser || exit 10
"$AWS" sts get-caller-identity --query Arn --output text || exit 11
"$AWS" sts get-caller-identity --profile sim --query Account --output text || exit 12
"$AWS" configure export-credentials --profile sim > /dev/null || exit 13
"$AWS" sso logout || exit 14
! "$AWS" sts get-caller-identity 2> /dev/null || exit 15
"""


@pytest.mark.parametrize("with_server", [False, True])
def test_the_aws_cli_works_by_exec_and_leaves_the_persons_home_alone(
    home: Home, *, with_server: bool
) -> None:
    home.environment |= {"AWS": os.environ["OIDC_SIM_AWS_CLI"], "AWS_PAGER": ""}
    words = [] if with_server else ["--auto-approve"]
    if with_server:
        home.serve("--auto-approve")
    done = home.run("exec", *words, "--", "sh", "-c", LOGIN)
    assert done.code == 0, done.err
    assert "Successfully logged into Start URL: https://d-1234567890.awsapps.com/start" in done.out
    assert "assumed-role/AWSReservedSSO_AdministratorAccess_" in done.out
    assert "\n111122223333\n" in done.out
    assert not (Path(home.environment["HOME"]) / ".aws").exists()
