"""A signal does not wait for evidence that is being written (T-50)."""

import os
import signal
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.process.serving import Home

ENDLESS = """
import sys
import time
from oidc_sim.evidence import evidence

def endless(taken, go_on=lambda: None):
    print("oidc-sim: evidence has begun", file=sys.stderr, flush=True)
    while True:
        go_on()
        time.sleep(0.01)

evidence.evidence_of = endless
from oidc_sim.cli.main import main
sys.exit(main())
"""


@pytest.mark.parametrize("asked", ["ctl", "stdin"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_server_that_gathers_evidence(
    asked: str, number: int, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.path)
    reader, writer = os.pipe()
    server = home.serve("--ephemeral", program=(sys.executable, "-c", ENDLESS), stdin=reader)
    connection = HTTPConnection("127.0.0.1", server.port)
    if asked == "ctl":
        token = {"Authorization": f"Bearer {server.running.control_token}"}
        connection.request("GET", "/_sim/evidence", headers=token)
    else:
        os.write(writer, b"evidence\n")
    server.wait_for_err("evidence has begun")
    assert server.end(number) == 128 + number
    connection.close()
    os.close(reader)
    os.close(writer)
    assert not list(Path().glob("oidc-sim-evidence-*"))
