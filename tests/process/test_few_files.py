"""Where the system lets few files be open, as macOS does with 256 (T-33)."""

import resource
import socket
from contextlib import ExitStack
from functools import partial

import pytest

from tests.process.serving import PROGRAM, Home, Server
from tests.tui.live import Live
from tests.tui.pty_run import PtyRun
from tests.waiting import wait_until

MOST = {48: 16, 64: 32, 256: 192}
"""Clients at once, by open files."""


def few_files(home: Home, files: int) -> Server:
    limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (files, files))
    return home.serve("--hold", "300", preexec_fn=limit)


def connect(server: Server, crowd: ExitStack) -> socket.socket:
    return crowd.enter_context(socket.create_connection(("127.0.0.1", server.port), 20))


def warnings(server: Server) -> list[str]:
    return [it for it in server.err.splitlines() if "few files may be open" not in it]


@pytest.mark.parametrize("files", MOST)
def test_everything_goes_on_while_connections_are_full(home: Home, files: int) -> None:
    server = few_files(home, files)
    waiting = MOST[files] - min(16, MOST[files] // 4)
    server.wait_for_err(
        f"oidc-sim: few files may be open: at most {MOST[files]} clients are connected, of whose "
        f"requests {waiting} can be held; 'ulimit -n 4096' before it allows more\n"
    )
    with ExitStack() as crowd:
        for _ in range(3 * MOST[files]):
            connect(server, crowd)
        code = server.authorize()["userCode"]
        assert home.run("ctl", "approve", code).code == 0
        assert server.ask("/_sim/state")["journal"]["stopped_because"] is None
    assert home.run("ctl", "hold", "op:CreateToken", "times=always").code == 0
    poll = f"POST /token HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 2\r\n\r\n{{}}"
    with ExitStack() as crowd:
        clients = [connect(server, crowd) for _ in range(MOST[files])]
        for client in clients:
            client.sendall(poll.encode())
        wait_until(lambda: len(server.ask("/_sim/requests/held")["held"]) == waiting)
        assert home.run("ctl", "release", "all").code == 0
        wait_until(lambda: not server.ask("/_sim/requests/held")["held"])
        assert server.device_states() == ["approved"]
    assert server.end() == 143
    full, held = sorted(warnings(server))
    assert f"clients are connected as may be ({MOST[files]})" in full
    assert "requests are held as there is room for" in held


def test_too_few_to_do_anything_is_one_line(home: Home) -> None:
    done = home.run(
        "serve", preexec_fn=partial(resource.setrlimit, resource.RLIMIT_NOFILE, (32, 32))
    )
    assert done.code == 2
    assert done.error_line.startswith(
        "oidc-sim: only 32 files may be open, too few: 'ulimit -n 4096'"
    )


def test_the_screen_starts_and_says_so(home: Home) -> None:
    ready = home.path / "ready"
    command = f"ulimit -n 64; exec {' '.join(PROGRAM)} --port 0 --ready-file {ready}"
    with PtyRun(["sh", "-c", command], columns=120, rows=40, env=home.environment) as run:
        program = Live(run, ready)
        run.wait_for_text("few files may be open")
        code, _ = program.sign_in()
        run.wait_for_text(code)
        run.send("a")
        run.wait_for(lambda _: program.device(code)["state"] == "approved")
        program.close()
        run.send("q")
        assert run.wait() == 0
