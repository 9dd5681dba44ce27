"""``oidc-sim serve`` as a process of its own, whose state outlives it; and a client of it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oidc_sim.running import Running

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30
START_URL = "https://d-1234567890.awsapps.com/start"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = ["sso:account:access"]


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.01)


@dataclass
class Server:
    """One run of the program."""

    process: "subprocess.Popen[bytes]"
    running: Running

    @property
    def port(self) -> int:
        return int(self.running.url.rpartition(":")[2])

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Any:
        """One request; the answer's JSON, whatever its status."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.running.url + path,
            data,
            {"Content-Type": "application/json", **headers},
            method=method,
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE_S) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            text = error.read()
        return json.loads(text) if text else None

    def control(self, method: str, path: str) -> Any:
        bearer = {"Authorization": f"Bearer {self.running.control_token}"}
        return self.ask(method, f"/_sim/{path}", bearer)

    def wait_for_rows(self, rows: int) -> None:
        """Until the journal has this many."""
        until(lambda: self.control("GET", "state")["journal"]["rows"] == rows, f"{rows} rows")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@dataclass
class Home:
    """Where the program lives; everything that it writes is below."""

    path: Path
    umask: int = 0o022
    output: list[bytes] = field(default_factory=list)
    """What each run printed, standard error included."""

    @property
    def state(self) -> Path:
        return self.path / ".local/state/oidc-sim"

    @property
    def journal(self) -> Path:
        return self.state / "journal.jsonl"

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.path),
            "XDG_RUNTIME_DIR": str(self.path / "run"),
        }

    def run(self, *options: str) -> "subprocess.CompletedProcess[bytes]":
        """Run the program to its end."""
        command = [sys.executable, "-m", "oidc_sim", *options]
        return subprocess.run(
            command,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )

    @contextmanager
    def serving(self, *options: str) -> Iterator[Server]:
        """A server that answers."""
        ready = self.path / "ready.json"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "oidc_sim", "serve", "--port", "0", *options]
        with subprocess.Popen(
            [*command, "--ready-file", str(ready)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            umask=self.umask,
        ) as process:
            try:
                until(lambda: ready.exists() or process.poll() is not None, "an answer")
                assert ready.exists(), process.stdout and process.stdout.read()
                running = Running.from_json(ready.read_bytes())
                assert running is not None
                yield Server(process, running)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                self.output.append(process.communicate()[0])


@dataclass
class Client:
    """A real client's state on its disk: what it still has when a server comes back."""

    registration: dict[str, Any] = field(default_factory=dict)
    device: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    """Every secret that it was ever given."""

    def register(self, server: Server) -> None:
        body = {"clientName": "pc", "clientType": "public", "scopes": SCOPES}
        self.registration = self._given(server.ask("POST", "/client/register", {}, body))

    def authorize(self, server: Server) -> None:
        body = {**self.credentials, "startUrl": START_URL}
        self.device = self._given(server.ask("POST", "/device_authorization", {}, body))

    def approve(self, server: Server) -> None:
        server.control("POST", f"devices/{self.device['userCode']}/approve")

    def poll(self, server: Server) -> None:
        body = {"grantType": DEVICE_GRANT, "deviceCode": self.device["deviceCode"]}
        self.tokens = self._given(server.ask("POST", "/token", {}, {**self.credentials, **body}))

    def refresh(self, server: Server) -> None:
        body = {"grantType": "refresh_token", "refreshToken": self.tokens["refreshToken"]}
        self.tokens = self._given(server.ask("POST", "/token", {}, {**self.credentials, **body}))

    def sign_in(self, server: Server) -> None:
        for step in (self.authorize, self.approve, self.poll):
            step(server)

    def accounts(self, server: Server) -> Any:
        return server.ask("GET", "/assignment/accounts", self.bearer)

    def role_credentials(self, server: Server) -> Any:
        path = "/federation/credentials?account_id=111122223333&role_name=AdministratorAccess"
        answer = server.ask("GET", path, self.bearer)
        return self._given(answer["roleCredentials"])

    @property
    def credentials(self) -> dict[str, str]:
        """How the client proves who it is."""
        return {name: self.registration[name] for name in ("clientId", "clientSecret")}

    @property
    def bearer(self) -> dict[str, str]:
        """How it proves that its user is signed in."""
        return {"x-amz-sso_bearer_token": self.tokens["accessToken"]}

    def _given(self, answer: dict[str, Any]) -> dict[str, Any]:
        assert "error" not in answer, answer
        names = (
            *("clientSecret", "deviceCode", "accessToken", "refreshToken"),
            *("secretAccessKey", "sessionToken"),
        )
        self.secrets += [answer[name] for name in names if answer.get(name)]
        return answer
