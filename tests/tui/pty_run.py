"""Runs a program in a real terminal, and looks at every byte that it writes there.

`run_test` renders nothing, so it cannot see an escape sequence; this can (T-01). Nothing
here sleeps: a test waits for a claim about the screen with a deadline.
"""

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROOT = Path(__file__).parents[2]

_TAKE_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(2, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Runs first in the child, which leads a new session: the pty becomes its controlling terminal.
A fork in the test process instead would be one with threads in it."""

_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=][0-9;]*[a-zA-Z]")
_WHOLE_SEQUENCE = re.compile(
    rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[^\[\]])", re.DOTALL
)
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_LOOK_EVERY_S = 0.05


class PtyRun:
    """A program in a terminal of its own, which goes with the `with` block."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        stdin: int | None = None,
    ) -> None:
        self.raw = b""
        """All that it wrote so far."""
        self.master, slave = os.openpty()
        self._is_open = True
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._held_back = b""
        _set_size(self.master, columns, rows)
        self.flags_before = self.tty_flags()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_THE_TERMINAL, *argv],
            stdin=slave if stdin is None else stdin,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=ROOT,
            env={**_environment(), **(env or {})},
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.close_terminal()
        self.process.wait()

    # What it shows.

    def lines(self) -> list[str]:
        """The screen as a terminal shows it by now."""
        # Not pyte's `display`, which trips over half a wide character after a resize.
        screen = self._screen
        return [
            "".join(screen.buffer[row][column].data for column in range(screen.columns))
            for row in range(screen.lines)
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.lines())

    def place_of(self, text: str) -> tuple[int, int]:
        """Column and row, from 0, where the screen shows a text."""
        for row, line in enumerate(self.lines()):
            if text in line:
                return line.index(text), row
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text}")

    def tty_flags(self) -> object:
        """The terminal's own settings: echo, line mode, signals by key."""
        return termios.tcgetattr(self.master)[:4]

    # What is done to it.

    def send(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def click(self, column: int, row: int) -> None:
        """A press and a release of the left button, as xterm's mode 1006 reports them."""
        for final in "Mm":
            self.send(f"\x1b[<0;{column + 1};{row + 1}{final}")

    def resize(self, columns: int, rows: int) -> None:
        """The kernel sends SIGWINCH."""
        self._screen.resize(max(1, rows), max(1, columns))
        _set_size(self.master, columns, rows)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def close_terminal(self) -> None:
        """What closing the terminal's window does."""
        if self._is_open:
            os.close(self.master)
            self._is_open = False

    # Waiting.

    def pump(self, timeout_s: float = 0.0) -> bool:
        """Reads what there is, or comes within the time; whether there was anything."""
        if not self._is_open or not select.select([self.master], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux says so when nobody has the other end any more
            return False
        self.raw += data
        self._show(data)
        return True

    def wait_for(
        self, claim: Callable[["PtyRun"], bool], what: str = "", timeout_s: float = 20
    ) -> None:
        """Returns when the claim holds; fails with the screen when it does not in time."""
        deadline = time.monotonic() + timeout_s
        while not claim(self):
            is_over = self.process.poll() is not None and not self.pump()
            if is_over or time.monotonic() > deadline:
                assert claim(self), self._report(what)
                return
            self.pump(_LOOK_EVERY_S)

    def wait_for_text(self, text: str, timeout_s: float = 20) -> None:
        self.wait_for(lambda run: text in run.text, f"{text!r} on the screen", timeout_s)

    def wait(self, timeout_s: float = 20) -> int:
        """The exit status; reads on meanwhile. Negative is the signal that killed it."""
        self.wait_for(lambda run: run.process.poll() is not None, "an exit", timeout_s)
        while self.pump():
            pass
        return self.process.wait()

    def cpu_s(self) -> float:
        """Seconds of processor that it took so far."""
        fields = self._stat()
        return (int(fields[11]) + int(fields[12])) * _TICK_S

    def is_stopped(self) -> bool:
        """Whether a signal stopped it, as Ctrl-Z does."""
        return self._stat()[0] == "T"

    def _stat(self) -> list[str]:
        """What /proc tells, from the state on (proc(5), /proc/PID/stat)."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        return stat.rpartition(")")[2].split()

    def _show(self, data: bytes) -> None:
        """Feeds pyte whole sequences only, without those that it would draw as text."""
        data = self._held_back + data
        last = data.rfind(b"\x1b")
        is_whole = last < 0 or _WHOLE_SEQUENCE.match(data, last)
        self._held_back = b"" if is_whole else data[last:]
        shown = data if is_whole else data[:last]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", shown))

    def _report(self, what: str) -> str:
        status = self.process.poll()
        return f"waited in vain for {what}; exit status {status}; the screen:\n{self.text}"


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this project."""
    return [sys.executable, "-m", module, *arguments]


def _environment() -> dict[str, str]:
    """The test's environment without what would change colours, signs, speed or signals."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(
            ("TEXTUAL", "OIDC_SIM", "NO_COLOR", "COLUMNS", "LINES", "LC_", "LANG")
        )
    }
    path = os.pathsep.join([str(ROOT), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": path}


def _set_size(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
