"""A server that a shell started with ``&``, and its terminal (T-05, T-50)."""

import os
import pty
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process.serving import Home, Server
from tests.waiting import wait_until

SHELL = (sys.executable, str(Path(__file__).with_name("shell.py")))


@dataclass
class Terminal:
    """A terminal, in whose background a server runs."""

    ours: int
    server: Server
    shown: bytes = b""

    def type(self, line: str) -> None:
        os.write(self.ours, line.encode() + b"\n")

    def shows(self, text: str) -> bool:
        while select.select([self.ours], [], [], 0)[0]:
            self.shown += os.read(self.ours, 65536)
        return text.encode() in self.shown

    def bring_to_foreground(self) -> None:
        self.server.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: os.tcgetpgrp(self.ours) == self.server.running.pid)

    def close(self) -> None:
        if self.ours >= 0:
            os.close(self.ours)
            self.ours = -1


@pytest.fixture
def terminal(home: Home) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    server = home.serve(program=SHELL, stdin=theirs, start_new_session=True)
    os.close(theirs)
    terminal = Terminal(ours, server)
    yield terminal
    terminal.close()
    with suppress(ProcessLookupError):
        os.kill(server.running.pid, signal.SIGKILL)


def test_in_the_background_neither_typing_nor_printing_stops_the_server(
    terminal: Terminal,
) -> None:
    server = terminal.server
    wait_until(lambda: terminal.shows("oidc-sim serves on "))
    code = server.authorize()["userCode"]
    wait_until(lambda: terminal.shows(f" issued {code} "))
    terminal.type("this is for the shell")
    assert server.is_healthy()
    assert server.device_states() == ["pending"]


def test_brought_to_the_foreground_it_obeys(terminal: Terminal) -> None:
    server = terminal.server
    code = server.authorize()["userCode"]
    terminal.type("")
    assert server.is_healthy()
    terminal.bring_to_foreground()
    terminal.type(f"approve {code}")
    wait_until(lambda: server.device_states() == ["approved"])


def test_the_interrupt_key_ends_it(terminal: Terminal) -> None:
    terminal.bring_to_foreground()
    os.write(terminal.ours, b"\x03")
    assert terminal.server.process.wait(20) == 128 + signal.SIGINT
    assert not terminal.server.ready_file.exists()


def test_a_terminal_that_is_closed_ends_it_cleanly(terminal: Terminal) -> None:
    terminal.bring_to_foreground()
    terminal.close()
    wait_until(lambda: not terminal.server.ready_file.exists())
    assert terminal.server.err == ""
