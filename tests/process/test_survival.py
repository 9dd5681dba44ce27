"""What real clients hold is good after the server was killed and started again."""

import shutil
import signal
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from oidc_sim.cli.running import open_direct
from tests.process.serving import Home, Server
from tests.process.sso_client import Client, call
from tests.waiting import PATIENCE_S, wait_until


def state_of(home: Home) -> Path:
    return Path(home.environment["HOME"]) / ".local/state/oidc-sim"


def files_below(path: Path) -> list[Path]:
    return [it for it in path.rglob("*") if it.is_file()]


def caller_identity(server: Server, credentials: dict[str, Any]) -> str:
    """What STS says to a request that botocore signed."""
    body = "Action=GetCallerIdentity&Version=2011-06-15"
    url = f"{server.running.url}/"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", url, data=body, headers=headers)
    names = ("accessKeyId", "secretAccessKey", "sessionToken")
    keys = Credentials(*(credentials[name] for name in names))
    SigV4Auth(keys, "sts", "us-east-1").add_auth(request)
    sent = urllib.request.Request(url, body.encode(), dict(request.headers.items()))
    with open_direct(sent, PATIENCE_S) as response:
        return response.read().decode()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_registration_tokens_and_credentials_outlive_the_server(home: Home, number: int) -> None:
    client, server = Client(), home.serve()
    client.register(server)
    client.sign_in(server)
    credentials = client.role_credentials(server)
    server.end(number)
    server = home.serve()
    assert client.accounts(server)["accountList"]
    assert "AWSReservedSSO_AdministratorAccess" in caller_identity(server, credentials)
    old = client.tokens["accessToken"]
    client.refresh(server)
    assert client.tokens["accessToken"] != old
    assert client.accounts(server)["accountList"]
    client.sign_in(server)
    assert client.accounts(server)["accountList"]


def test_a_code_that_waits_can_be_approved_after_a_restart(home: Home) -> None:
    client, server = Client(), home.serve()
    client.register(server)
    client.authorize(server)
    server.end(signal.SIGKILL)
    server = home.serve()
    (device,) = server.ask("/_sim/state")["devices"]
    assert device["user_code"] == client.device["userCode"]
    assert device["state"] == "pending"
    client.approve(server)
    client.poll(server)
    assert client.accounts(server)["accountList"]


def test_a_sign_out_outlives_the_server_too(home: Home) -> None:
    client, server = Client(), home.serve()
    client.register(server)
    client.sign_in(server)
    call(server, "/logout", {}, client.bearer)
    server.end()
    server = home.serve()
    assert client.accounts(server)["message"] == "Session token not found or invalid"


def test_an_ephemeral_server_forgets_and_leaves_no_file(home: Home) -> None:
    client, server = Client(), home.serve("--ephemeral")
    client.register(server)
    client.sign_in(server)
    assert server.ask("/_sim/state")["journal"] is None
    server.end()
    assert files_below(Path(home.environment["HOME"])) == []
    assert files_below(Path(home.environment["XDG_RUNTIME_DIR"])) == []
    assert "error" in call(home.serve("--ephemeral"), "/device_authorization", client.credentials)


def test_a_second_server_in_one_home_runs_and_says_that_it_keeps_nothing(home: Home) -> None:
    server = home.serve()
    second = home.serve()
    stopped_because = second.ask("/_sim/state")["journal"]["stopped_because"]
    assert stopped_because == f"process {server.process.pid} uses {state_of(home)}"
    assert server.ask("/_sim/state")["journal"]["stopped_because"] is None


def test_a_second_server_on_a_state_that_was_named_says_why_it_does_not_start(home: Home) -> None:
    server = home.serve()
    second = home.run("serve", "--port", "0", "--state-dir", str(state_of(home)))
    assert second.code == 2
    assert second.error_line == (
        f"oidc-sim: --state-dir: process {server.process.pid} uses {state_of(home)}; "
        "use another --state-dir, or --ephemeral"
    )
    other = home.serve("--state-dir", str(home.path / "other"))
    assert other.ask("/_sim/state")["journal"]["path"].endswith("other/journal.jsonl")


@pytest.mark.parametrize("name", ["journal.jsonl", "signing.key", "lock"])
def test_a_planted_link_ends_the_start_with_one_line(home: Home, name: str) -> None:
    state_of(home).mkdir(parents=True, mode=0o700)
    (state_of(home) / name).symlink_to(home.path / "elsewhere")
    run = home.run("serve", "--port", "0")
    assert run.code == 2
    assert f"{name} is a symbolic link" in run.error_line
    assert not (home.path / "elsewhere").exists()


def test_a_torn_journal_opens_and_says_what_was_lost(home: Home) -> None:
    client, server = Client(), home.serve()
    client.register(server)
    client.authorize(server)
    server.end()
    journal = state_of(home) / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    server = home.serve()
    state = server.ask("/_sim/state")
    assert (len(state["clients"]), len(state["devices"])) == (1, 0)
    server.wait_for_err("journal: the last row was cut off, and is lost")


def test_a_vanished_directory_is_told_of_and_the_server_goes_on(home: Home) -> None:
    client, server = Client(), home.serve()
    client.register(server)
    shutil.rmtree(state_of(home))
    client.sign_in(server)
    wait_until(lambda: server.ask("/_sim/state")["journal"]["stopped_because"])
    assert client.accounts(server)["accountList"]
    assert server.end() == 128 + signal.SIGTERM
    assert "THE JOURNAL STOPPED at row" in server.err
    assert "the journal is incomplete" in server.err
    assert not state_of(home).exists()


def test_files_are_for_the_owner_alone_under_any_umask(home: Home) -> None:
    server = home.serve(umask=0)
    Client().register(server)
    mine = state_of(home).parents[1]
    written = [*files_below(mine), *files_below(Path(home.environment["XDG_RUNTIME_DIR"]))]
    assert len(written) == 4
    assert {it.stat().st_mode & 0o777 for it in (*written, server.ready_file)} == {0o600}
    assert {it.stat().st_mode & 0o777 for it in (mine, *state_of(home).parents[:1])} == {0o700}


def test_a_directory_above_the_state_in_which_others_may_write_is_told_at_the_start(
    home: Home,
) -> None:
    shared = home.path / "shared"
    shared.mkdir()
    shared.chmod(0o775)
    state = shared / "a" / "state"
    server = home.serve("--state-dir", str(state))
    server.wait_for_err(
        f"oidc-sim: others may write in {shared}, and replace {state}: chmod go-w {shared}, or use "
        "another --state-dir\n"
    )
    assert server.err.count("\n") == 1
    assert server.ask("/_sim/state")["journal"]["stopped_because"] is None
    assert server.end() == 143
    shared.chmod(0o755)
    again = home.serve("--state-dir", str(state))
    assert (again.end(), again.err) == (143, "")
