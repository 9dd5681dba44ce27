"""The harness itself: it sees what a terminal would, and no more."""

import signal
import sys

import pytest

from tests.tui.pty_run import PtyRun


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_it_sees_the_screen_and_every_byte() -> None:
    with PtyRun(program(r"print('\x1b[2;3Hhere\x1b[<u\x1b]0;title\x07', end='')")) as run:
        assert run.wait() == 0
        assert run.place_of("here") == (2, 1)
        assert run.raw == b"\x1b[2;3Hhere\x1b[<u\x1b]0;title\x07"


def test_sequences_cut_by_a_read_are_put_together() -> None:
    with PtyRun(program("pass")) as run:
        run.wait()
        for piece in (b"ab\x1b", b"[2", b";1H", b"cd\x1b]0;ti", b"tle\x07e"):
            run._show(piece)
        assert [line.strip() for line in run.lines()[:2]] == ["ab", "cde"]


def test_keys_arrive_and_the_size_is_what_was_asked() -> None:
    text = "import os; print(*os.get_terminal_size()); print('got', input())"
    with PtyRun(program(text), columns=61, rows=7) as run:
        run.wait_for_text("61 7")
        run.send("hello\r")
        run.wait_for_text("got hello")
        assert run.wait() == 0


def test_a_resize_is_signalled() -> None:
    text = (
        "import os, signal\n"
        "signal.signal(signal.SIGWINCH, lambda *_: print('now', *os.get_terminal_size()))\n"
        "print('ready'); input()"
    )
    with PtyRun(program(text)) as run:
        run.wait_for_text("ready")
        run.resize(33, 9)
        run.wait_for_text("now 33 9")
        run.send("\r")
        assert run.wait() == 0


def test_signals_and_a_closed_terminal_end_it() -> None:
    for end in (lambda run: run.signal(signal.SIGTERM), PtyRun.close_terminal):
        with PtyRun(program("import time; print('ready'); time.sleep(99)")) as run:
            run.wait_for_text("ready")
            end(run)
            assert run.wait() in {-signal.SIGTERM, -signal.SIGHUP}


def test_it_counts_processor_time() -> None:
    with PtyRun(program("print('ready')\nwhile True: pass")) as run:
        run.wait_for_text("ready")
        run.wait_for(lambda run: run.cpu_s() > 0.1, "some processor time")


def test_waiting_in_vain_shows_the_screen() -> None:
    with (
        PtyRun(program("print('something else')")) as run,
        pytest.raises(AssertionError, match="something else"),
    ):
        run.wait_for_text("never")
