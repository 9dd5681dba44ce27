"""A server that a fault has sent away: nobody can reach it but whoever sits before it."""

import signal
import subprocess
import urllib.error
from http.client import HTTPException

import pytest

from tests.process.serving import Home, Server
from tests.waiting import wait_until

QUICK_S = 2.0
"""For everything at the end (T-50)."""


def send_away(server: Server, fault: str) -> None:
    wish = {"fault": fault, "all": True, "settings": {"seconds": 600}}
    assert server.ask("/_sim/faults", wish)["id"] == 1
    with pytest.raises((OSError, HTTPException)):
        server.ask("/token", {})
    assert is_away(server)


def is_away(server: Server) -> bool:
    """Whether the system refuses a connection."""
    try:
        server.is_healthy()
    except urllib.error.URLError as error:
        return isinstance(error.reason, ConnectionRefusedError)
    return False


def test_a_line_brings_it_back_early(home: Home) -> None:
    server = home.serve(stdin=subprocess.PIPE)
    send_away(server, "refuse")
    server.wait_for_err("connections are refused for 600 s; removing rule 1 ends it")
    stdin = server.process.stdin
    assert stdin is not None
    stdin.write(b"remove 1\n")
    stdin.flush()
    wait_until(lambda: not is_away(server))
    assert server.is_healthy()
    server.wait_for_err("the server is back")


@pytest.mark.parametrize("fault", ["refuse", "crash"])
def test_it_ends_as_quickly_as_ever_and_its_ready_file_stays_until_then(
    home: Home, fault: str
) -> None:
    server = home.serve()
    send_away(server, fault)
    assert server.ready_file.exists()
    assert server.end(within_s=QUICK_S) == 128 + signal.SIGTERM
    assert not server.ready_file.exists()
