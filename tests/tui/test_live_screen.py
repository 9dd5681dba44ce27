"""The real program in a real terminal: its life, hostile traffic, a burst, a stuck terminal."""

import os
import signal
import termios
from pathlib import Path

import pytest

from oidc_sim.cli.event_loop import ENDING
from tests.hostile_text import PAYLOADS
from tests.tui.live import Live, live
from tests.tui.terminal_stream import foreign_controls

HUNG_UP = 128 + signal.SIGHUP
EMPTY = "No device codes yet"


def is_restored(program: Live) -> None:
    """The terminal is as it was, and nobody complained."""
    run = program.run
    assert run.tty_flags() == run.flags_before
    for off in (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?25h"):
        assert off in run.raw
    after = run.raw.rpartition(b"\x1b[?1049l")[2]
    assert b"rror" not in after
    assert b"Traceback" not in after


@pytest.mark.parametrize("key", ["q", "\x11"], ids=["q", "ctrl+q"])
def test_leaving_stops_the_server_and_restores_the_terminal(tmp_path: Path, key: str) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        program.run.send(key)
        assert program.run.wait() == 0
        is_restored(program)
        with pytest.raises(OSError, match="refused"):
            program.send_raw(b"")


CATCHABLE = [it for it in ENDING if it <= signal.NSIG // 2 and it != signal.SIGXFSZ]
"""Without the real-time ones between the first and the last, and the one that Python ignores."""


@pytest.mark.parametrize("number", [*CATCHABLE, ENDING[-1]])
def test_a_signal_ends_it_with_its_number_and_the_terminal_restored(
    tmp_path: Path, number: int
) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        program.run.send("?")
        program.run.wait_for_text("esc closes")
        program.run.signal(number)
        assert program.run.wait() == 128 + number
        is_restored(program)


def test_a_signal_before_the_first_frame_counts_too(tmp_path: Path) -> None:
    with live(tmp_path) as program:
        program.run.signal(signal.SIGTERM)
        assert program.run.wait() == 128 + signal.SIGTERM
        assert program.run.tty_flags() == program.run.flags_before


def test_a_closed_terminal_ends_it(tmp_path: Path) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        program.run.close_terminal()
        assert program.run.process.wait(10) == HUNG_UP


def test_keys_that_end_for_ever_end_it_instead_of_spinning(tmp_path: Path) -> None:
    keyboard, stdin = os.openpty()
    termios.tcsetwinsize(keyboard, (40, 120))
    try:
        with live(tmp_path, stdin=stdin) as program:
            program.run.wait_for_text(EMPTY)
            os.close(keyboard)
            assert program.run.wait() == HUNG_UP
    finally:
        os.close(stdin)


def test_the_screen_is_not_what_goes_to_standard_error(tmp_path: Path) -> None:
    complaints = tmp_path / "complaints"
    with live(tmp_path, complaints=complaints) as program:
        program.run.wait_for_text(EMPTY)
        program.run.send("q")
        assert program.run.wait() == 0
        assert complaints.read_bytes() == b""


def test_it_is_stopped_and_goes_on(tmp_path: Path) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        program.run.signal(signal.SIGTSTP)
        program.run.wait_for(lambda run: run.is_stopped() and not run.pump(), "a stop")
        assert b"\x1b[?1049l" in program.run.raw
        program.run.raw = b""
        program.run.signal(signal.SIGCONT)
        program.run.wait_for(lambda run: b"\x1b[?1049h" in run.raw, "the screen again")
        program.sign_in("after-the-stop")
        program.run.wait_for_text("after-the-stop")
        program.run.send("q")
        assert program.run.wait() == 0


def test_a_storm_of_sizes_is_survived(tmp_path: Path) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        for columns, rows in [(1, 1), (5, 2), (80, 24), (500, 500), (0, 0), (60, 16), (80, 24)]:
            program.run.resize(columns, rows)
            program.run.pump(0.05)
            program.sign_in(f"size-{columns}x{rows}")
        program.run.wait_for_text("size-80x24")
        program.run.send("q")
        assert program.run.wait() == 0


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24)])
def test_hostile_traffic_is_shown_and_tells_the_terminal_nothing(
    tmp_path: Path, columns: int, rows: int
) -> None:
    with live(tmp_path, columns=columns, rows=rows) as program:
        program.run.wait_for_text(EMPTY)
        for payload in PAYLOADS.values():
            attack(program, payload)
        code, poll = program.sign_in("the-last-one")
        program.run.wait_for_text("the-last-one")
        look_around(program, code)
        assert program.post("/token", poll)["error"] == "authorization_pending"
        assert all(device["undo"] is None for device in program.state()["devices"])
        program.run.send("q")
        assert program.run.wait() == 0
        assert foreign_controls(program.run.raw, columns=columns, rows=rows) == []
        is_restored(program)


def attack(program: Live, payload: str) -> None:
    """A stranger's text wherever HTTP takes it."""
    body = {"clientName": payload, "clientType": "public", "scopes": [payload[:200]]}
    client = program.post("/client/register", body)
    if "clientId" in client:
        who = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
        program.post("/device_authorization", {**who, "startUrl": payload})
        device = program.post("/device_authorization", {**who, "startUrl": "https://x.example/"})
        program.post("/token", {**who, "deviceCode": device["deviceCode"], "grantType": payload})
    raw = payload.encode("utf-8", "surrogatepass")[:2000]
    host = f"{program.address[0]}:{program.address[1]}".encode()
    for target, agent in ((b"/" + raw, b"x"), (b"/token?" + raw, b"x"), (b"/token", raw)):
        program.send_raw(
            b"POST " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nUser-Agent: " + agent
            + b"\r\nContent-Length: " + str(len(raw)).encode() + b"\r\n\r\n" + raw
        )  # fmt: skip


def look_around(program: Live, code: str) -> None:
    """Every panel, every view, the help."""
    run = program.run
    for panel, name in (("1", "1 Clients"), ("2", "2 Device codes"), ("3", "3 Requests")):
        run.send(panel + "g")
        run.wait_for_text(f"\N{BOX DRAWINGS HEAVY HORIZONTAL} {name}")
        for _ in range(20):
            run.send("j\x1b[C")  # a row down, the next view
            run.pump(0.02)
        run.send("\r")
        run.wait_for_text("\N{BOX DRAWINGS HEAVY HORIZONTAL} 4 Inspector")
        run.send("Gg?")
        run.wait_for_text("esc closes")
        run.send("?")
        run.wait_for(lambda run: "esc closes" not in run.text, "the help gone")
    run.send("2g")
    run.wait_for_text(code)


def test_a_terminal_that_does_not_read_stops_no_client(tmp_path: Path) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        code, poll = program.sign_in()
        answered = sum(
            program.post("/token", poll)["error"] == "authorization_pending" for _ in range(6000)
        )
        assert answered == 6000
        program.run.wait_for_text("6,002 requests")
        assert code in program.run.text
        program.run.send("q")
        assert program.run.wait() == 0


def test_in_a_burst_of_five_thousand_requests_no_key_is_lost(tmp_path: Path) -> None:
    with live(tmp_path) as program:
        program.run.wait_for_text(EMPTY)
        code, poll = program.sign_in()
        program.run.wait_for_text(code)
        for number in range(5000):
            if number % 250 == 0:
                program.run.send("s")
            program.post("/token", poll)
            if number % 50 == 0:
                program.run.pump()
        program.run.wait_for_text("5,002 requests")
        assert program.device(code)["interval_s"] == 1 + 5 * 20
        program.run.send("a")
        program.run.wait_for_text(f"approved {code}")
        assert program.device(code)["state"] == "approved"


def test_keys_decide_what_the_next_poll_gets(tmp_path: Path) -> None:
    with live(tmp_path, columns=80, rows=24) as program:
        program.run.wait_for_text(EMPTY)
        code, poll = program.sign_in()
        program.run.wait_for_text(code)
        for key, said, error in [
            ("d", "denied", "access_denied"), ("u", "took back deny", "authorization_pending"),
            ("e", "expired", "expired_token"), ("u", "took back expire", "authorization_pending"),
            ("s", "slowed down", "slow_down"), ("u", "took back slow-down", "authorization_pending"),
        ]:  # fmt: skip
            program.run.send(key)
            program.run.wait_for_text(said)
            assert program.post("/token", poll)["error"] == error
        program.run.send("a")
        program.run.wait_for_text("✓ approved")
        assert "accessToken" in program.post("/token", poll)
        program.run.send("u")
        program.run.wait_for_text("token already collected")
