"""Servers to be measured, each a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.terminal import Reader
from tests.tui.pty_run import PtyRun, python

ROOT = Path(__file__).parents[2]
COLUMNS, ROWS = 120, 40
FIRST_FRAME = "1 Clients"
"""In the first whole frame of the screen."""
_STARTS_WITHIN_S = 20.0
_ENDS_WITHIN_S = 10.0
_LOOK_EVERY_S = 0.005
_JSON = {"Content-Type": "application/json"}
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class BrokenError(Exception):
    """Something that is measured does not work."""


@dataclass(frozen=True, slots=True)
class Process:
    """A server that listens on 127.0.0.1."""

    pid: int
    port: int

    def cpu_s(self) -> float:
        """Processor time that it took so far, in seconds."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _TICK_S

    def memory_mb(self) -> float:
        """Resident memory, in 10^6 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        line = next(it for it in status.splitlines() if it.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6


@dataclass(frozen=True, slots=True)
class Simulated(Process):
    """An ``oidc-sim`` that answers."""

    control_token: str
    terminal: Reader | None = None
    """Where its screen is shown."""

    def post(self, path: str, members: dict[str, Any]) -> dict[str, Any]:
        """Ask the service something; returns the members of the answer."""
        return self._open(path, _JSON, json.dumps(members).encode())

    def state(self) -> dict[str, Any]:
        """What the control API says."""
        return self.control("/_sim/state")

    def control(self, path: str, members: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the control API something, or with members have it do something."""
        headers = {"Authorization": f"Bearer {self.control_token}"}
        if members is None:
            return self._open(path, headers)
        return self._open(path, {**headers, **_JSON}, json.dumps(members).encode())

    def _open(
        self, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, body, headers)
        with urllib.request.urlopen(request, timeout=_STARTS_WITHIN_S) as response:
            members: dict[str, Any] = json.load(response)
        return members


@contextmanager
def yardstick(name: str) -> Iterator[Process]:
    """One of the servers beside this file: ``bare`` or ``echo``."""
    command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Process(process.pid, int(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(_ENDS_WITHIN_S)


@contextmanager
def headless(*options: str) -> Iterator[Simulated]:
    """``oidc-sim serve`` as anybody starts it; what it prints goes nowhere."""
    with tempfile.TemporaryDirectory() as directory:
        process = subprocess.Popen(
            command("serve", Path(directory), *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(Path(directory)),
        )
        try:
            wait_until((Path(directory) / "ready").exists, "the server answers", process.poll)
            yield _announced(process.pid, Path(directory))
        finally:
            process.terminate()
            process.wait(_ENDS_WITHIN_S)


@contextmanager
def on_screen(*options: str) -> Iterator[Simulated]:
    """``oidc-sim`` in a terminal of its own, which shows its first frame."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        run = stack.enter_context(
            PtyRun(
                command(None, directory, *options),
                columns=COLUMNS,
                rows=ROWS,
                env=environment(directory),
            )
        )
        stack.callback(run.process.wait, _ENDS_WITHIN_S)
        stack.callback(run.process.terminate)
        terminal = stack.enter_context(Reader(run.master))
        terminal.expect(FIRST_FRAME)
        wait_until((directory / "ready").exists, "the server answers", run.process.poll)
        terminal.shown_at()
        yield _announced(run.process.pid, directory, terminal)


def command(action: str | None, directory: Path, *options: str) -> list[str]:
    """The command line that is measured. Codes outlive the run; nothing else differs from default."""
    where = ["--ready-file", str(directory / "ready"), "--state-dir", str(directory)]
    life = ["--port", "0", "--ephemeral", "--lifetime", "86400"]
    actions = [] if action is None else [action]
    return [*python("oidc_sim", *actions), *where, *life, *options]


def environment(directory: Path) -> dict[str, str]:
    """The environment without settings of ours, and with a runtime directory that goes away."""
    kept = {name: it for name, it in os.environ.items() if not name.startswith("OIDC_SIM")}
    return {**kept, "XDG_RUNTIME_DIR": str(directory)}


def wait_until(
    claim: Callable[[], bool], what: str, ended: Callable[[], int | None] = lambda: None
) -> None:
    """Return when the claim holds.

    Raises:
        BrokenError: it does not in time, or the process ended.
    """
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while not claim():
        if time.monotonic() > deadline or ended() is not None:
            raise BrokenError(f"waited in vain until {what}; exit code {ended()}")
        time.sleep(_LOOK_EVERY_S)


def _announced(pid: int, directory: Path, terminal: Reader | None = None) -> Simulated:
    said = json.loads((directory / "ready").read_bytes())
    return Simulated(pid, int(said["url"].rpartition(":")[2]), said["control_token"], terminal)
