"""The demonstration: ``oidc-sim exec -- aws sso login``, with the real AWS CLI and no AWS."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.process.serving import PROGRAM, Done, Home

pytestmark = pytest.mark.needs("awscli")

LOGIN = """
"$AWS" sso login --use-device-code --no-browser || exit 10
"$AWS" sts get-caller-identity --query Arn --output text || exit 11
"$AWS" sts get-caller-identity --profile sim --query Account --output text || exit 12
"$AWS" configure export-credentials --profile sim > /dev/null || exit 13
"$AWS" sso logout || exit 14
! "$AWS" sts get-caller-identity 2> /dev/null || exit 15
"""


def run_patiently(home: Home, *words: str) -> Done:
    """An exec of several runs of the CLI, of which each takes seconds on a busy machine."""
    process = home.popen((*PROGRAM, "exec", *words), subprocess.PIPE, subprocess.PIPE)
    out, err = process.communicate(timeout=150)
    return Done(process.returncode, out.decode(), err.decode())


@pytest.mark.timeout(180)
@pytest.mark.parametrize("with_server", [False, True])
def test_the_aws_cli_works_by_exec_and_leaves_the_persons_home_alone(
    home: Home, *, with_server: bool
) -> None:
    home.environment |= {"AWS": os.environ["OIDC_SIM_AWS_CLI"], "AWS_PAGER": ""}
    words = [] if with_server else ["--auto-approve"]
    if with_server:
        home.serve("--auto-approve")
    done = run_patiently(home, *words, "--", "sh", "-c", LOGIN)
    assert done.code == 0, done.err
    assert "Successfully logged into Start URL: https://d-1234567890.awsapps.com/start" in done.out
    assert "assumed-role/AWSReservedSSO_AdministratorAccess_" in done.out
    assert "\n111122223333\n" in done.out
    assert not (Path(home.environment["HOME"]) / ".aws").exists()


OTHERS = """
"$AWS" sso login --use-device-code --no-browser > /dev/null || exit 10
for words in "s3 ls" "s3 ls --no-sign-request" "ec2 describe-instances" "dynamodb list-tables" \\
    "lambda list-functions" "iam list-users"
do
    "$AWS" $words && exit 11
done
exit 0
"""


@pytest.mark.timeout(180)
def test_the_aws_cli_is_told_that_other_services_are_not_simulated_and_asks_nobody_else(
    home: Home,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        home.environment |= {
            "AWS": os.environ["OIDC_SIM_AWS_CLI"],
            "AWS_PAGER": "",
            "HTTP_PROXY": url,
            "HTTPS_PROXY": url,
        }
        server = home.serve("--auto-approve", "--output", "text")
        done = run_patiently(home, "--", "sh", "-c", OTHERS)
        assert done.code == 0, done.err
        with pytest.raises(BlockingIOError):
            proxy.accept()
    names = ["s3 ListBuckets", "s3 ListBuckets", "ec2 DescribeInstances", "dynamodb ListTables"]
    names += ["lambda list-functions", "iam ListUsers"]
    said = [it for it in done.err.splitlines() if it]
    for name, line in zip(names, said, strict=True):
        assert "This is oidc-sim, which serves AWS's sign-in" in line
        assert f"it does not simulate {name}, and nothing was sent to AWS" in line
        assert server.out.count(f"refused {name}: 501 not simulated") == names.count(name)
