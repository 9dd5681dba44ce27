"""AWS CLI v2 signs in by its default, the authorization code with PKCE; a script plays its browser."""

import sys
from collections.abc import Callable

import pytest

from tests.clients.test_aws_cli import Login, start_login
from tests.process.serving import Home, Server
from tests.waiting import wait_until

pytestmark = [pytest.mark.needs("awscli"), pytest.mark.timeout(180)]

FOLLOW = "import sys, urllib.request as it; it.build_opener(it.ProxyHandler({})).open(sys.argv[1])"
"""No browser: it follows redirects and shows nothing, like ``curl -L``."""


@pytest.fixture
def start(home: Home) -> Callable[[Server], Login]:
    """Begins a login; the CLI goes on when its browser's command has returned."""
    script = home.path / "browser"
    script.write_text(f"#!/bin/sh\n{sys.executable} -c '{FOLLOW}' \"$1\" >/dev/null 2>&1 &\n")
    script.chmod(0o700)
    return lambda server: start_login(home, server, flow=(), BROWSER=str(script))


def row(server: Server) -> str:
    """The code of the sign-in, as soon as the operator sees its row."""
    wait_until(lambda: server.ask("/_sim/state")["devices"], 60)
    (device,) = server.ask("/_sim/state")["devices"]
    assert device["kind"] == "browser"
    return str(device["user_code"])


def assert_signed_in(server: Server, login: Login) -> None:
    assert login.exit_code() == 0, login.out
    assert "Successfully logged into Start URL" in login.out
    token = login.cached()
    assert token is not None
    assert token["refreshToken"].startswith("aor")
    assert server.device_states() == ["collected"]


def test_a_login_waits_for_the_operator_and_succeeds(
    home: Home, server: Server, start: Callable[[Server], Login]
) -> None:
    login = start(server)
    code = row(server)
    assert home.run("ctl", "approve", code).code == 0
    assert_signed_in(server, login)


def test_a_login_that_the_operator_denies_says_so_and_fails(
    home: Home, server: Server, start: Callable[[Server], Login]
) -> None:
    login = start(server)
    assert home.run("ctl", "deny", row(server)).code == 0
    assert login.exit_code() != 0
    assert "Failed to retrieve an authorization code" in login.out
    assert login.cached() is None


def test_a_login_needs_no_hand_when_sign_ins_are_approved_by_themselves(
    home: Home, start: Callable[[Server], Login]
) -> None:
    server = home.serve("--output", "none", "--auto-approve")
    assert_signed_in(server, start(server))


def test_a_device_login_needs_no_hand_either(home: Home) -> None:
    server = home.serve("--output", "none", "--auto-approve")
    assert_signed_in(server, start_login(home, server))
