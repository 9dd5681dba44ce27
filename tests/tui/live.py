"""The real program in a terminal, and a client that talks HTTP to it."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.tui.pty_run import PtyRun

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Live:
    """One running ``oidc-sim``."""

    def __init__(self, run: PtyRun, ready: Path) -> None:
        self.run = run
        run.wait_for(lambda _: ready.exists(), "the ready file")
        running = json.loads(ready.read_text(encoding="utf-8"))
        self._token = running["control_token"]
        where = urlsplit(running["url"])
        assert where.hostname
        assert where.port
        self.address = (where.hostname, where.port)
        self._http = HTTPConnection(*self.address, timeout=20)

    def close(self) -> None:
        """The client goes; the program is not asked."""
        self._http.close()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One request on a connection that stays."""
        self._http.request(
            "POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        reply: dict[str, Any] = json.loads(self._http.getresponse().read())
        return reply

    def send_raw(self, request: bytes) -> bytes:
        """Any bytes at all, on a connection of their own; what came back."""
        with socket.create_connection(self.address, timeout=20) as connection:
            connection.sendall(request)
            return connection.recv(65536)

    def state(self) -> dict[str, Any]:
        """What the control API says."""
        self._http.request("GET", "/_sim/state", headers={"Authorization": f"Bearer {self._token}"})
        state: dict[str, Any] = json.loads(self._http.getresponse().read())
        return state

    def device(self, user_code: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            device for device in self.state()["devices"] if device["user_code"] == user_code
        )
        return found

    def sign_in(self, name: str = "aws-cli") -> tuple[str, dict[str, Any]]:
        """A user code, and the body of the poll for it."""
        client = self.post("/client/register", {"clientName": name, "clientType": "public"})
        who = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
        device = self.post("/device_authorization", {**who, "startUrl": "https://x.example/start"})
        poll = {**who, "deviceCode": device["deviceCode"], "grantType": DEVICE_GRANT}
        return device["userCode"], poll


@contextmanager
def live(
    folder: Path,
    *,
    columns: int = 120,
    rows: int = 40,
    stdin: int | None = None,
    complaints: Path | None = None,
) -> Iterator[Live]:
    """The program, from its ready file on; ``complaints`` takes its standard error."""
    ready = folder / "ready.json"
    options = ["--port", "0", "--ready-file", str(ready), "--state-dir", str(folder / "state")]
    argv = [sys.executable, "-m", "oidc_sim", *options]
    if complaints is not None:
        argv = ["sh", "-c", 'exec "$@" 2>"$0"', str(complaints), *argv]
    env = {"XDG_RUNTIME_DIR": str(folder)}
    with PtyRun(argv, columns=columns, rows=rows, env=env, stdin=stdin) as run:
        program = Live(run, ready)
        try:
            yield program
        finally:
            program.close()
