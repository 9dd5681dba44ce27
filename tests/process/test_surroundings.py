"""Homes, environments and standard streams that are not as usual (T-04, T-05, T-54)."""

import json
import os
import pty
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.process.serving import PROGRAM, Home, Server
from tests.waiting import PATIENCE_S, wait_until

CANNOT_FIND = "ctl and env cannot find this server: "


def test_without_xdg_the_state_directory_is_used(home: Home) -> None:
    del home.environment["XDG_RUNTIME_DIR"]
    server = home.serve()
    place = home.path / "home" / ".local" / "state" / "oidc-sim" / "running"
    assert [it.name for it in place.iterdir()] == [f"{server.port}.json"]
    assert home.run("ctl", "state").code == 0


def test_a_chosen_state_directory_must_be_chosen_for_ctl_too(home: Home) -> None:
    del home.environment["XDG_RUNTIME_DIR"]
    server = home.serve("--state-dir", str(home.path / "state"))
    assert server.is_healthy()
    assert home.run("ctl", "state").code == 2
    assert home.run("ctl", "state", "--state-dir", str(home.path / "state")).code == 0


@pytest.mark.parametrize("place", ["a file", "/proc/nowhere"])
def test_a_home_that_cannot_be_written_is_said_and_no_obstacle(home: Home, place: str) -> None:
    (home.path / "a file").write_text("")
    del home.environment["XDG_RUNTIME_DIR"]
    home.environment["HOME"] = str(home.path / place)
    server = home.serve()
    assert server.is_healthy()
    server.wait_for_err(CANNOT_FIND)
    assert "NOTHING IS KEPT after this process ends" in server.err
    assert server.err.count("\n") == 2
    assert server.end() == 143


def test_no_home_at_all_is_no_obstacle(home: Home) -> None:
    del home.environment["HOME"]  # the password file has one, where a test must not write
    assert home.serve("--ephemeral").is_healthy()


def test_an_empty_environment_is_no_obstacle(home: Home) -> None:
    home.environment = {"PYTHONPATH": home.environment["PYTHONPATH"], "HOME": str(home.path)}
    server = home.serve()
    assert server.is_healthy()
    assert home.run("ctl", "state").code == 0


@pytest.mark.parametrize("name", ["LC_ALL", "PYTHONIOENCODING", "TERM"])
def test_no_locale_encoding_or_terminal_name_is_an_obstacle(home: Home, name: str) -> None:
    home.environment[name] = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "TERM": "dumb"}[name]
    server = home.serve()
    server.authorize("Zoë 漢")
    server.wait_for_out(' registered "Zoë 漢"\n')
    assert "Zo\\u00eb" in home.run("ctl", "state").out


def test_proxies_of_the_environment_are_not_asked(home: Home) -> None:
    server = home.serve()
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        home.environment[name] = "http://127.0.0.1:1"
    assert home.run("ctl", "state").code == 0
    assert f"={server.running.url}\n" in home.run("env").out


def imported(home: Home, *words: str) -> set[str]:
    """Every module that a run of the program imports, told by the interpreter itself."""
    program = (sys.executable, "-X", "importtime", "-m", "oidc_sim")
    if words == ("serve",):
        server = home.serve(program=program)
        server.authorize()
        server.ask("/_sim/state")
        server.end()
        told = server.err
    else:
        done = subprocess.run(
            [*program, *words], env=home.environment, capture_output=True, check=False
        )
        told = done.stderr.decode()
    return {it.rpartition("|")[2].strip() for it in told.splitlines() if "import time:" in it}


def test_serve_imports_no_screen(home: Home) -> None:
    modules = imported(home, "serve")
    assert "oidc_sim.headless.run" in modules
    assert not [it for it in modules if it.partition(".")[0] == "textual"]
    assert not [it for it in modules if it.startswith("oidc_sim.tui.start")]
    of_rich = {it for it in modules if it.startswith("rich.")}
    assert of_rich <= {"rich.cells", "rich._unicode_data", "rich._cell_widths"} | {
        it for it in of_rich if it.startswith("rich._unicode_data.")
    }


def test_ctl_imports_no_server(home: Home) -> None:
    home.serve()
    modules = imported(home, "ctl", "state")
    assert "oidc_sim.cli.ctl" in modules
    heavy = (
        "aiohttp",
        "asyncio",
        "textual",
        "rich",
        "oidc_sim.server",
        "oidc_sim.simulator.simulator",
    )
    assert not [it for it in modules if it in heavy or it.startswith(tuple(f"{h}." for h in heavy))]


def test_no_terminal_is_one_line_that_names_serve(home: Home) -> None:
    done = home.run()
    assert done.code == 2
    assert "oidc-sim serve" in done.error_line


@pytest.mark.parametrize("stdin", ["a terminal", "nothing"])
def test_a_terminal_that_is_dumb_or_half_there_is_one_line_that_names_serve(
    home: Home, stdin: str
) -> None:
    ours, theirs = pty.openpty()
    try:
        done = home.run(stdin=theirs if stdin == "a terminal" else subprocess.DEVNULL, TERM="dumb")
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.code == 2
    assert "oidc-sim serve" in done.error_line


@pytest.mark.parametrize("missing", ["stdin", "stdout"])
def test_the_screen_wants_a_terminal_to_read_from_and_one_to_write_to(
    home: Home, missing: str
) -> None:
    """Else Textual takes 86 % of a core for reading the end of a file, for ever."""
    ours, theirs = pty.openpty()
    try:
        streams = {"stdin": theirs, "stdout": theirs, missing: subprocess.DEVNULL}
        process = home.popen(
            PROGRAM,
            streams["stdout"],
            subprocess.PIPE,
            stdin=streams["stdin"],
            env={**home.environment, "TERM": "xterm"},
        )
        _, err = process.communicate(timeout=PATIENCE_S)
    finally:
        os.close(theirs)
        os.close(ours)
    said = b"oidc-sim: the screen needs a terminal; use 'oidc-sim serve' without one\n"
    assert (process.returncode, err) == (2, said)


def cpu_s(server: Server) -> float:
    """Processor time that the server has taken."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("stdin", ["nothing", "an ended pipe", "a closed descriptor"])
def test_a_server_that_nobody_can_type_at_lives_and_rests(home: Home, stdin: str) -> None:
    if stdin == "a closed descriptor":
        server = home.serve(stdin=None, preexec_fn=lambda: os.close(0))
    else:
        server = home.serve(stdin=subprocess.PIPE if "pipe" in stdin else subprocess.DEVNULL)
    if server.process.stdin is not None:
        server.process.stdin.close()
    assert server.is_healthy()
    before = cpu_s(server)
    # Time must pass here: what is measured is how little is done in it. A loop takes all of it.
    time.sleep(1)
    assert cpu_s(server) - before <= 0.1
    assert server.is_healthy()
    assert server.err == ""


def test_a_server_whose_standard_streams_are_closed_serves(home: Home) -> None:
    """Else the next sockets would take their numbers, and be printed to and read from."""

    def close_all() -> None:
        os.closerange(0, 3)

    server = home.serve(preexec_fn=close_all)
    server.authorize()
    assert server.is_healthy()
    assert (server.out, server.err) == ("", "")
    assert server.ready_file.read_bytes() == server.running.to_json()
    assert server.end() == 143


def test_commands_come_in_by_a_pipe(home: Home) -> None:
    server = home.serve(stdin=subprocess.PIPE)
    code = server.authorize()["userCode"]
    assert server.process.stdin is not None
    server.process.stdin.write(f"approve {code}\nnonsense\n".encode())
    server.process.stdin.flush()
    server.wait_for_out(f" approved {code} by the script\n")
    server.wait_for_err("oidc-sim: commands are approve, deny, ")
    assert server.device_states() == ["approved"]


def test_nobody_has_to_read_what_is_printed(home: Home) -> None:
    reader, writer = os.pipe()
    server = home.serve(stdout=writer)
    os.close(writer)
    for _ in range(30):  # far more than a pipe and the printer hold
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as sock:
            request = f"GET /{'x' * 50} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
            sock.sendall(request.encode() * 100)
            answers = b""
            while answers.count(b"HTTP/1.1 404 ") < 100:
                answers += sock.recv(65536)
    assert server.is_healthy()
    assert server.ask("/_sim/state")["counters"]["requests"] == 3000
    assert server.end() == 143
    os.close(reader)


def test_a_reader_that_leaves_is_not_missed(home: Home) -> None:
    reader, writer = os.pipe()
    server = home.serve(stdout=writer)
    os.close(writer)
    os.close(reader)
    server.authorize()
    assert server.is_healthy()
    assert server.end() == 143


def test_one_request_is_one_line_without_control_characters(home: Home) -> None:
    server = home.serve()
    agent = b"\xc2\x9b2J\xe2\x80\xae\xc3\xa9"
    head = b"GET /a%%0a%%1b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: %s\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as sock:
        sock.sendall(head % (server.port, agent))
        sock.recv(1000)
    server.authorize("\x1b]52;c;T1dORUQ=\x07\u202e\nname")
    server.wait_for_out(" issued ")
    lines = server.out.splitlines()
    assert len(lines) == 4, lines
    assert all(line.isprintable() for line in lines)
    assert lines[1].endswith(" refused GET /a%0a%1b: 404 invalid_request")


def test_with_json_every_line_on_standard_output_is_json(home: Home) -> None:
    server = home.serve("--output", "json", "--seed", "1")
    server.authorize("\x1b\u202e")
    server.wait_for_out('"type": "device_authorized"')
    wait_until(lambda: server.out.endswith("\n"))
    types = [json.loads(line)["type"] for line in server.out.splitlines()]
    assert types[:4] == ["listening", "client_registered", "exchange", "device_authorized"]


def run_into(home: Home, words: tuple[str, ...], out: Any) -> tuple[int, str]:
    done = subprocess.run(
        [*PROGRAM, *words],
        env=home.environment,
        stdout=out,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode, done.stderr.decode()


WRITERS = [("ctl", "state"), ("env",), ("--help",), ("ctl", "events")]


@pytest.mark.parametrize("words", WRITERS)
def test_a_reader_that_has_seen_enough_is_no_error(home: Home, words: tuple[str, ...]) -> None:
    home.serve().authorize()
    reader, writer = os.pipe()
    os.close(reader)
    assert run_into(home, words, writer) == (0, "")
    os.close(writer)


@pytest.mark.parametrize("words", WRITERS)
def test_a_full_disk_is_one_line(home: Home, words: tuple[str, ...]) -> None:
    home.serve().authorize()
    with Path("/dev/full").open("w") as full:
        code, err = run_into(home, words, full)
    assert (code, err) == (2, "oidc-sim: [Errno 28] No space left on device\n")


def test_a_reader_of_events_ends_with_the_server(home: Home) -> None:
    server = home.serve()
    server.authorize()
    out = home.path / "events"
    with out.open("wb") as file:
        reader = home.popen((*PROGRAM, "ctl", "events"), file, subprocess.PIPE)
    wait_until(lambda: b'"device_authorized"' in out.read_bytes())
    server.end()
    assert reader.wait(20) == 0
    assert reader.stderr is not None
    assert reader.stderr.read() == b""
