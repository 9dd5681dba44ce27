"""How a server starts, says where it is, and ends (T-50)."""

import json
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.process.serving import PROGRAM, Home, Server
from tests.waiting import wait_until

ENDS_WITHIN_S = 4.0
"""Two seconds are promised; a machine that runs other tests besides gets twice that."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM)
"""Of those that end a process; ``tests/cli/test_runtime.py`` has all."""


def announced_in(home: Home) -> list[Path]:
    return sorted((home.path / "run" / "oidc-sim").iterdir())


def test_the_ready_file_says_how_to_reach_the_server(home: Home) -> None:
    server = home.serve()
    members = json.loads(server.ready_file.read_bytes())
    assert members == {
        "url": f"http://127.0.0.1:{server.port}",
        "control_token": members["control_token"],
        "pid": server.process.pid,
    }
    assert len(members["control_token"]) >= 40
    assert stat.S_IMODE(server.ready_file.stat().st_mode) == 0o600
    assert server.is_healthy()
    assert [it.name for it in announced_in(home)] == [f"{server.port}.json"]
    announced = json.loads(announced_in(home)[0].read_bytes())
    assert announced.items() >= members.items(), "and, for ctl, when the process began"


def test_each_server_has_a_token_of_its_own(home: Home) -> None:
    first, second = home.serve(), home.serve("--ephemeral")
    assert first.running.control_token != second.running.control_token


@contextmanager
def crowd(server: Server) -> Iterator[list[socket.socket]]:
    """A hundred connections that stay open, and a reader of events."""
    poll = f"POST /token HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 2\r\n\r\n{{}}"
    half = f"POST /token HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 99\r\n\r\n{{"
    events = (
        f"GET /_sim/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Bearer {server.running.control_token}\r\n\r\n"
    )
    with ExitStack() as sockets:
        opened: list[socket.socket] = []
        for request in [*[poll] * 50, *[half] * 50, events]:
            sock = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            opened.append(sockets.enter_context(sock))
            sock.sendall(request.encode())
        for sock in [*opened[:50], opened[-1]]:
            assert sock.recv(1000).startswith(b"HTTP/1.1 ")
        yield opened


@pytest.mark.parametrize("number", SIGNALS, ids=lambda it: it.name)
def test_a_signal_ends_a_busy_server_cleanly_and_soon(home: Home, number: signal.Signals) -> None:
    server = home.serve("--output", "none")
    with crowd(server):
        assert server.end(number, ENDS_WITHIN_S) == 128 + number
    assert server.err == ""
    assert server.out == f"oidc-sim serves on {server.running.url}\n"
    assert not server.ready_file.exists()
    assert announced_in(home) == []


def test_two_signals_end_it_as_the_first_one_does(home: Home) -> None:
    server = home.serve()
    with crowd(server):
        server.process.send_signal(signal.SIGTERM)
        server.process.send_signal(signal.SIGTERM)
        assert server.end(signal.SIGTERM, ENDS_WITHIN_S) == 128 + signal.SIGTERM
    assert server.err == ""


def test_what_nohup_started_outlives_its_terminal(home: Home) -> None:
    server = home.serve(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    server.process.send_signal(signal.SIGHUP)
    assert server.is_healthy()
    assert server.end() == 128 + signal.SIGTERM


def test_a_stop_and_a_continue_are_survived(home: Home) -> None:
    server = home.serve()
    server.process.send_signal(signal.SIGSTOP)
    server.process.send_signal(signal.SIGCONT)
    assert server.is_healthy()


def test_after_a_kill_the_left_file_misleads_nobody(home: Home) -> None:
    alive = home.serve()
    killed = home.serve("--ephemeral")
    killed.end(signal.SIGKILL)
    assert len(announced_in(home)) == 2
    assert home.run("ctl", "state").code == 0
    assert f"={alive.running.url}\n" in home.run("env").out
    gone = home.run("ctl", "--port", str(killed.port), "state")
    assert gone.code == 2
    assert "no running server" in gone.error_line


def test_the_file_that_a_killed_server_left_is_replaced(home: Home) -> None:
    killed = home.serve()
    killed.end(signal.SIGKILL)
    ready = killed.ready_file
    words = (*PROGRAM, "serve", "--port", "0", "--ready-file", str(ready))
    again = home.popen(words, subprocess.DEVNULL, subprocess.DEVNULL)
    wait_until(lambda: json.loads(ready.read_bytes())["pid"] == again.pid)


@pytest.mark.parametrize("place", ["missing/ready", "directory", "link", "pipe", "file"])
def test_a_ready_file_that_cannot_be_is_one_line_and_exit_2(home: Home, place: str) -> None:
    path = home.path / place
    (home.path / "directory").mkdir()
    (home.path / "link").symlink_to("target")
    (home.path / "file").write_text("precious")
    subprocess.run(["mkfifo", home.path / "pipe"], check=True)
    done = home.run("serve", "--port", "0", "--ready-file", str(path))
    assert done.code == 2
    assert done.error_line.startswith(f"oidc-sim: --ready-file: cannot write {path}: ")
    assert (home.path / "file").read_text() == "precious"
    assert not (home.path / "target").exists()
    assert announced_in(home) == []


def test_a_killed_server_is_not_looked_for_where_another_process_has_its_number(
    home: Home,
) -> None:
    server = home.serve()
    assert home.run("ctl", "state").code == 0
    (file,) = announced_in(home)
    said = json.loads(file.read_bytes())
    assert said.pop("began"), "Linux tells when a process began"
    file.write_text(json.dumps({**said, "began": "of another"}))
    assert "was killed" in home.run("ctl", "state").error_line
    file.write_text(json.dumps(said))
    assert home.run("ctl", "state").code == 0, "older servers do not say it"
    assert server.is_healthy()
