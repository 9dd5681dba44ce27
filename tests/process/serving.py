"""``oidc-sim`` as processes of its own, in a home of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oidc_sim.cli.running import Running, open_direct
from tests.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-W", "default", "-m", "oidc_sim")
"""Warnings are shown, so that a test of what is on standard error sees them."""


@dataclass(frozen=True)
class Done:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def error_line(self) -> str:
        """The one line on standard error; there is nothing on standard output."""
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        return self.err.rstrip("\n")


@dataclass
class Server:
    """A ``serve`` that is running."""

    process: subprocess.Popen[bytes]
    running: Running
    ready_file: Path
    out_file: Path
    err_file: Path

    @property
    def port(self) -> int:
        return int(self.running.url.rpartition(":")[2])

    @property
    def out(self) -> str:
        """What has been printed so far; the ready file is there before the first line."""
        return self.out_file.read_text()

    @property
    def err(self) -> str:
        return self.err_file.read_text()

    def wait_for_out(self, text: str) -> None:
        wait_until(lambda: text in self.out)

    def wait_for_err(self, text: str) -> None:
        wait_until(lambda: text in self.err)

    def ask(self, path: str, members: Mapping[str, Any] | None = None) -> Any:
        """GET JSON, or POST it, with the control token."""
        data = None if members is None else json.dumps(members).encode()
        headers = {
            "Authorization": f"Bearer {self.running.control_token}",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(self.running.url + path, data, headers)
        with open_direct(request, PATIENCE_S) as response:
            return json.load(response)

    def is_healthy(self) -> bool:
        return bool(self.ask("/_sim/health") == {"status": "ok"})

    def authorize(self, name: str = "demo") -> dict[str, Any]:
        """What a new client is given: its registration and a device code."""
        client = self.ask("/client/register", {"clientName": name, "clientType": "public"})
        asked = {it: client[it] for it in ("clientId", "clientSecret")}
        asked["startUrl"] = "https://d-1234567890.awsapps.com/start"
        return {**client, **self.ask("/device_authorization", asked)}

    def device_states(self) -> list[str]:
        return [it["state"] for it in self.ask("/_sim/state")["devices"]]

    def end(self, number: int = signal.SIGTERM, within_s: float = PATIENCE_S) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(within_s)


@dataclass
class Home:
    """Where processes of one test live."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path / "home"),
            "XDG_RUNTIME_DIR": str(self.path / "run"),
            "PYTHONPATH": str(ROOT),
        }
        (self.path / "home").mkdir()

    def run(
        self,
        *words: str,
        stdin: Any = subprocess.DEVNULL,
        preexec_fn: Callable[[], object] | None = None,
        **environment: str,
    ) -> Done:
        """Run to the end."""
        done = subprocess.run(
            [*PROGRAM, *words],
            env={**self.environment, **environment},
            stdin=stdin,
            preexec_fn=preexec_fn,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def popen(
        self, words: tuple[str, ...], out: Any, err: Any, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start something that is ended with the test at the latest."""
        options = {"stdin": subprocess.DEVNULL, "env": self.environment, **options}
        process = subprocess.Popen(words, stdout=out, stderr=err, **options)
        self.started.append(process)
        return process

    def serve(self, *words: str, program: tuple[str, ...] = PROGRAM, **options: Any) -> Server:
        """Start a server and wait until it answers."""
        number = len(self.started)
        ready, out, err = (self.path / f"{it}-{number}" for it in ("ready", "out", "err"))
        command = (*program, "serve", "--port", "0", "--ready-file", str(ready), *words)
        with out.open("wb") as out_file, err.open("wb") as err_file:
            given = options.pop("stdout", out_file)
            process = self.popen(command, given, err_file, **options)
        wait_until(lambda: ready.exists() or process.poll() is not None)
        assert ready.exists(), err.read_text()
        running = Running.from_json(ready.read_bytes())
        assert running is not None
        return Server(process, running, ready, out, err)


@contextmanager
def open_home(path: Path) -> Iterator[Home]:
    """A home for the time of the block; what runs in it by then is killed."""
    home = Home(path)
    try:
        yield home
    finally:
        for process in home.started:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
