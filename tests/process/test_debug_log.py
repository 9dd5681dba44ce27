"""``--debug-log``: what fails inside is one line for the person, and its traceback is in the file, without a secret."""

import json
import os
import re
import resource
import signal
import sys
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError

import pytest

from oidc_sim.cli.running import Running, open_direct
from tests.process.serving import Home
from tests.process.test_canary import leaks
from tests.tui.pty_run import PtyRun
from tests.waiting import PATIENCE_S, wait_until

BREAKING = """
import os, sys
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.engine.commands import Poll

usual = Simulator.dispatch

def dispatch(simulator, command):
    if isinstance(command, Poll):
        try:
            raise KeyError(command.device_code)
        except KeyError as error:
            raise RuntimeError(f"forced inside: {command!r}") from error
    return usual(simulator, command)

Simulator.dispatch = dispatch
if os.environ.get("BREAKS"):
    from oidc_sim.tui.operator.screen import OperatorScreen
    OperatorScreen.pull = lambda screen: os.path.exists(os.environ["BREAKS"]) and dispatch(
        screen, Poll(device_code=open(os.environ["BREAKS"]).read(), client_id="", client_secret="")
    )
from oidc_sim.__main__ import main
sys.exit(main())
"""
"""The program, in which every poll fails, and the screen as soon as a file is there."""
BROKEN = (sys.executable, "-W", "default", "-c", BREAKING)
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def ask(running: Running, path: str, members: Mapping[str, Any]) -> tuple[int, Any]:
    headers = {
        "Authorization": f"Bearer {running.control_token}",
        "Content-Type": "application/json",
    }
    request = urllib.request.Request(running.url + path, json.dumps(members).encode(), headers)
    try:
        with open_direct(request, PATIENCE_S) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def poll(running: Running) -> tuple[int, list[str]]:
    """The status of one poll of a new client, and the secrets that are in it."""
    client = ask(running, "/client/register", {"clientName": "x", "clientType": "public"})[1]
    asked = {name: client[name] for name in ("clientId", "clientSecret")}
    start = {**asked, "startUrl": "https://d-1234567890.awsapps.com/start"}
    device = ask(running, "/device_authorization", start)[1]
    sent = {**asked, "deviceCode": device["deviceCode"], "grantType": GRANT}
    status, _ = ask(running, "/token", sent)
    return status, [client["clientSecret"], device["deviceCode"], running.control_token]


def test_a_server_tells_a_failure_in_one_line_and_its_traceback_in_the_log(home: Home) -> None:
    path = home.path / "debug.log"
    server = home.serve("--ephemeral", "--debug-log", str(path), program=BROKEN)
    status, secrets = poll(server.running)
    assert status == 500
    server.wait_for_err("our fault")
    assert server.end() == 128 + signal.SIGTERM
    (line,) = server.err.splitlines()[:1]
    assert "answered a request with 500, our fault: RuntimeError(" in line
    assert line.endswith(f"; see {path}")
    written = path.read_text()
    assert "Traceback" not in server.err
    assert "in dispatch\n" in written
    assert re.search(r"\n  KeyError: .*\n  which led to:\n", written)
    assert "\n  RuntimeError: forced inside: Poll(" in written
    assert re.search(r"serve, Python .*; process \d+\n", written)
    assert re.search(r"the end of process \d+\n$", written)
    assert path.stat().st_mode & 0o777 == 0o600
    shown = {"log": written, "err": server.err, "out": server.out}
    assert leaks(secrets, {name: text.encode() for name, text in shown.items()}) == []


def test_without_a_log_the_line_says_how_to_get_one(home: Home) -> None:
    server = home.serve("--ephemeral", program=BROKEN)
    assert poll(server.running)[0] == 500
    server.wait_for_err("; run with --debug-log FILE to see where")
    assert "Traceback" not in server.err


def screen(home: Home, *words: str) -> PtyRun:
    ready, breaks = home.path / "ready", home.path / "breaks"
    command = (*BROKEN, "--port", "0", "--ephemeral", "--ready-file", str(ready), *words)
    environment = {**home.environment, "BREAKS": str(breaks)}
    return PtyRun(command, columns=160, rows=40, env=environment)


def test_the_screen_names_the_log_which_has_the_tracebacks_and_no_secret(home: Home) -> None:
    path = home.path / "d.log"
    with screen(home, "--debug-log", str(path)) as run:
        run.wait_for(lambda _: (home.path / "ready").exists())
        running = Running.from_json((home.path / "ready").read_bytes())
        assert running is not None
        status, secrets = poll(running)
        assert status == 500
        run.wait_for_text("d.log", PATIENCE_S)
        first = path.read_text()
        (home.path / "breaks").write_text(secrets[1])
        assert run.wait() == 1
        last = run.text
    assert "RuntimeError: forced inside: Poll(" in first
    assert "oidc-sim: the screen failed, our fault: RuntimeError" in last
    assert re.sub(r"\s", "", f"; see {path}; ") in re.sub(r"\s", "", last)
    assert "the screen failed: RuntimeError(" in path.read_text().removeprefix(first)
    assert leaks(secrets, {"log": path.read_bytes(), "screen": run.raw}) == []


def test_each_step_of_a_request_through_gate_and_faults_is_a_line(home: Home) -> None:
    path = home.path / "debug.log"
    server = home.serve("--ephemeral", "--debug-log", str(path))
    ask(server.running, "/_sim/faults", {"fault": "duplicate", "operation": "CreateToken"})
    assert poll(server.running)[0] == 400
    ask(server.running, "/_sim/holds", {"all": True})
    target = "/token?aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, server.running, target, {})
        wait_until(lambda: "request 4 held" in path.read_text())
        ask(server.running, "/_sim/requests/4/fault", {"fault": "server-error"})
        assert answer.result()[0] == 500
    server.end()
    steps = re.findall(r"Z request (\d+ .*)\n", path.read_text())
    steps = [re.sub(r"\d\.\d{4} s", "N s", step) for step in steps]
    assert steps[4:] == [
        "3 arrived: CreateToken, POST /token",
        "3 matched rule 1",
        "3 gets fault duplicate",
        "3 spoilt by duplicate",
        "3 answered: 400, duplicate, after N s",
        "4 arrived: CreateToken, POST /token?aws_secret_access_key=wJal...EKEY",
        "4 matched rule 2",
        "4 held",
        "4 decided: fault, with server-error",
        "4 held no more: answered with a fault",
        "4 answered: 500, server-error, after N s",
    ]


@pytest.mark.parametrize("words", [(), ("serve",), ("keys",)])
def test_a_log_that_cannot_be_written_is_a_clear_line(home: Home, words: tuple[str, ...]) -> None:
    (home.path / "link").symlink_to(home.path / "elsewhere")
    (home.path / "mine").write_text("my letter\n")
    os.mkfifo(home.path / "fifo")
    for name, why in (
        ("missing/log", "No such file or directory"),
        ("link", "is a symbolic link"),
        ("mine", "exists, and no oidc-sim wrote it"),
        ("fifo", "is no plain file of this user's"),
        ("home", "Is a directory"),
    ):
        path = home.path / name
        done = home.run(*words, "--debug-log", str(path))
        assert done.code == 2
        assert done.error_line == f"oidc-sim: --debug-log: cannot write {path}: {why}"
    assert (home.path / "mine").read_text() == "my letter\n"
    assert not (home.path / "elsewhere").exists()


def test_a_full_disk_ends_the_log_and_nothing_else(home: Home) -> None:
    path = home.path / "debug.log"
    most = 2_000
    server = home.serve(
        "--ephemeral",
        "--debug-log",
        str(path),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    while path.stat().st_size < most:
        assert poll(server.running)[0] == 400
    assert poll(server.running)[0] == 400
    server.wait_for_err("the debug log ends, all else goes on")
    assert server.is_healthy()
    assert server.err.count("the debug log ends") == 1
    assert server.end() == 128 + signal.SIGTERM
