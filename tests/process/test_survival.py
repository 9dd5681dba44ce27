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

from tests.process.kept_server import PATIENCE_S, Client, Home, Server, until

ROWS_OF_A_SIGN_IN = 4
"""Registered, authorized, approved, token issued."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


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
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(sent, timeout=PATIENCE_S) as response:
        return str(response.read().decode())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_registration_tokens_and_credentials_outlive_the_server(home: Home, number: int) -> None:
    client = Client()
    with home.serving() as server:
        client.register(server)
        client.sign_in(server)
        credentials = client.role_credentials(server)
        server.wait_for_rows(ROWS_OF_A_SIGN_IN + 1)
        server.end(number)
    with home.serving() as server:
        assert client.accounts(server)["accountList"]
        assert "assumed-role/AWSReservedSSO_AdministratorAccess" in caller_identity(
            server, credentials
        )
        old = client.tokens["accessToken"]
        client.refresh(server)
        assert client.tokens["accessToken"] != old
        assert client.accounts(server)["accountList"]
        client.sign_in(server)
        assert client.accounts(server)["accountList"]


def test_a_code_that_waits_can_be_approved_after_a_restart(home: Home) -> None:
    client = Client()
    with home.serving() as server:
        client.register(server)
        client.authorize(server)
        server.wait_for_rows(2)
        server.end(signal.SIGKILL)
    with home.serving() as server:
        (device,) = server.control("GET", "state")["devices"]
        assert device["user_code"] == client.device["userCode"]
        assert device["state"] == "pending"
        client.approve(server)
        client.poll(server)
        assert client.accounts(server)["accountList"]


def test_a_sign_out_outlives_the_server_too(home: Home) -> None:
    client = Client()
    with home.serving() as server:
        client.register(server)
        client.sign_in(server)
        server.ask("POST", "/logout", client.bearer)
        server.end(signal.SIGTERM)
    with home.serving() as server:
        assert client.accounts(server)["message"] == "Session token not found or invalid"


def test_an_ephemeral_server_forgets_and_leaves_no_file(home: Home) -> None:
    client = Client()
    with home.serving("--ephemeral") as server:
        client.register(server)
        client.sign_in(server)
        assert server.control("GET", "state")["journal"] is None
        server.end(signal.SIGTERM)
    assert [it for it in home.path.rglob("*") if it.is_file()] == []
    with home.serving("--ephemeral") as server:
        answer = server.ask("POST", "/device_authorization", {}, client.credentials)
        assert "error" in answer


def test_a_second_server_on_the_same_state_says_why_it_does_not_start(home: Home) -> None:
    with home.serving() as server:
        second = home.run("serve", "--port", "0")
        assert second.returncode == 2
        assert second.stdout == b""
        assert second.stderr.decode() == (
            f"oidc-sim: process {server.process.pid} uses {home.state}; "
            "use another --state-dir, or --ephemeral\n"
        )
        with home.serving("--state-dir", str(home.path / "other")) as other:
            assert other.control("GET", "state")["journal"]["path"].endswith("other/journal.jsonl")


@pytest.mark.parametrize("name", ["journal.jsonl", "signing.key", "lock"])
def test_a_planted_link_ends_the_start_with_one_line(home: Home, name: str) -> None:
    home.state.mkdir(parents=True, mode=0o700)
    (home.state / name).symlink_to(home.path / "elsewhere")
    run = home.run("serve", "--port", "0")
    assert run.returncode == 2
    assert run.stderr.count(b"\n") == 1
    assert f"{name} is a symbolic link".encode() in run.stderr
    assert not (home.path / "elsewhere").exists()


def test_a_torn_journal_opens_and_says_what_was_lost(home: Home) -> None:
    client = Client()
    with home.serving() as server:
        client.register(server)
        client.authorize(server)
        server.end(signal.SIGTERM)
    data = home.journal.read_bytes()
    home.journal.write_bytes(data[:-20])
    with home.serving() as server:
        state = server.control("GET", "state")
        assert (len(state["clients"]), len(state["devices"])) == (1, 0)
        server.end(signal.SIGTERM)
    assert b"journal: the last row was cut off, and is lost" in home.output[-1]


def test_a_vanished_directory_is_told_of_and_the_server_goes_on(home: Home) -> None:
    client = Client()
    with home.serving() as server:
        client.register(server)
        server.wait_for_rows(1)
        shutil.rmtree(home.state)
        client.sign_in(server)
        until(lambda: server.control("GET", "state")["journal"]["stopped_because"], "a mark")
        assert client.accounts(server)["accountList"]
        assert server.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert b"THE JOURNAL STOPPED at row" in home.output[-1]
    assert b"the journal is incomplete" in home.output[-1]
    assert not home.state.exists()


def test_files_are_for_the_owner_alone_under_any_umask(tmp_path: Path) -> None:
    home = Home(tmp_path, umask=0)
    with home.serving() as server:
        Client().register(server)
        modes = {it.stat().st_mode & 0o777 for it in home.path.rglob("*") if it.is_file()}
        assert modes == {0o600}
        assert {it.stat().st_mode & 0o077 for it in home.path.rglob("*") if it.is_dir()} == {0}
        server.end(signal.SIGTERM)
