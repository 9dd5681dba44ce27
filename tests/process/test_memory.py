"""Memory of a real server under clients that begin and do not end (T-33, T-46)."""

import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.process.serving import Home, Server
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

CROWD = 600
MB = 1_000_000
TOP = b"POST /token HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WIDE = ("x" * 7_990 + "\N{GRINNING FACE}").encode()
"""As text it takes four bytes a letter."""
PARTS = {
    "heads of 64 KiB": TOP + b"".join(b"X-%d: %b\r\n" % (it, b"x" * 8_000) for it in range(8)),
    "heads of 64 KiB of wide text": TOP + b"".join(b"X-%d: %b\r\n" % (it, WIDE) for it in range(8)),
    "heads of 973 kB": TOP + b"".join(b"X-%d: %b\r\n" % (it, b"x" * 8_000) for it in range(121)),
    "bodies": TOP + b"Content-Length: 65536\r\n\r\n" + b"x" * 65_000,
}


def memory(server: Server, field: str) -> int:
    """Bytes, as /proc has them: ``VmRSS`` now, ``VmHWM`` at most."""
    lines = Path(f"/proc/{server.running.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(it.split()[1]) * 1024 for it in lines if it.startswith(f"{field}:"))


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_crowd_of_half_sent_requests_costs_little_and_nothing_once_it_is_gone(
    home: Home, part: bytes
) -> None:
    server = home.serve("--output", "none", "--ephemeral")
    assert server.is_healthy()
    before = memory(server, "VmRSS")
    with ExitStack() as crowd:
        for _ in range(CROWD):
            client = crowd.enter_context(socket.create_connection(("127.0.0.1", server.port), 20))
            with suppress(ConnectionError):  # those who began first had to go
                client.sendall(part)
        assert server.is_healthy()
    wait_until(lambda: memory(server, "VmRSS") < before + 20 * MB)
    assert memory(server, "VmHWM") < 150 * MB
    assert server.is_healthy()
    assert server.err == ""
