"""SIGKILL costs nothing that anybody was answered (T-23, T-44)."""

import signal

from tests.process.kills import count
from tests.process.serving import Home
from tests.process.sso_client import Client, call

KINDS = 8


def test_killed_under_load_it_forgets_nothing_and_issues_nothing_twice(home: Home) -> None:
    looked_for, lost = count(home, kills=4, seed=1)
    assert lost == {}
    assert len(looked_for) == KINDS, looked_for


def test_a_code_redeemed_right_before_the_kill_is_spent_after_it(home: Home) -> None:
    """And the refresh token that was exchanged for another is not good again."""
    client, server = Client(), home.serve("--refresh-rotation", "rotate")
    client.register(server)
    client.sign_in(server)
    old = client.tokens["refreshToken"]
    client.refresh(server)
    server.end(signal.SIGKILL)
    server = home.serve("--refresh-rotation", "rotate")
    assert client.accounts(server)["accountList"]
    exchange = {"grantType": "refresh_token", "refreshToken": old}
    assert call(server, "/token", {**client.credentials, **exchange})["error"] == "invalid_grant"
    client.authorize(server)
    client.approve(server)
    client.poll(server)
    server.end(signal.SIGKILL)
    server = home.serve()
    code = {
        "grantType": "urn:ietf:params:oauth:grant-type:device_code",
        "deviceCode": client.device["deviceCode"],
    }
    assert call(server, "/token", {**client.credentials, **code})["error"] == "invalid_grant"
