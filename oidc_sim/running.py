"""Finding the server that runs: it writes a file when it answers, ``ctl`` and ``env`` read it."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPResponse as Response
from pathlib import Path

from oidc_sim.private_file import make_private_directory, write_private_file

ANSWERS_WITHIN_S = 2.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opens without any proxy: the server is on this machine (threats.md T-54)."""


@dataclass(frozen=True, slots=True)
class Running:
    """What the file says (design.md §10)."""

    url: str
    """Base URL, without a slash at its end."""
    control_token: str
    pid: int

    def to_json(self) -> bytes:
        """The file's content."""
        return json.dumps(asdict(self)).encode() + b"\n"


def state_directory(environment: Mapping[str, str], chosen: Path | None) -> Path:
    """Where the journal lives: as chosen, else by the XDG base directory rules."""
    if chosen is not None:
        return chosen
    base = environment.get("XDG_STATE_HOME") or _home(environment) / ".local" / "state"
    return Path(base) / "oidc-sim"


def runtime_directory(environment: Mapping[str, str], chosen_state: Path | None) -> Path:
    """Where running servers say that they run: XDG_RUNTIME_DIR, else the state directory."""
    if base := environment.get("XDG_RUNTIME_DIR"):
        return Path(base) / "oidc-sim"
    return state_directory(environment, chosen_state) / "running"


def announce(running: Running, directory: Path, port: int) -> Path:
    """Write the file of this server; returns its path.

    Raises:
        OSError: The directory cannot be made or written.
    """
    make_private_directory(directory)
    path = directory / f"{port}.json"
    write_private_file(path, running.to_json())
    return path


def find_running(directory: Path, port: int | None) -> Running | None:
    """The server on ``port``, else the newest one that answers; None when none does."""
    name = "*.json" if port is None else f"{port}.json"
    with suppress(OSError):
        paths = sorted(directory.glob(name), key=lambda path: path.stat().st_mtime, reverse=True)
        for running in _readable(paths):
            if _answers(running):
                return running
    return None


def open_direct(request: urllib.request.Request | str, timeout_s: float | None) -> Response:
    """Open a URL of this machine, by no proxy.

    Raises:
        OSError: Nothing answers there, or the answer is an error (``urllib.error.HTTPError``).
    """
    response: Response = _DIRECT.open(request, timeout=timeout_s)
    return response


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment["HOME"]) if environment.get("HOME") else Path.home()


def _readable(paths: list[Path]) -> Iterator[Running]:
    for path in paths:
        with suppress(OSError, ValueError, TypeError):
            yield Running(**json.loads(path.read_bytes()))


def _answers(running: Running) -> bool:
    with suppress(OSError, ValueError), open_direct(f"{running.url}/_sim/health", ANSWERS_WITHIN_S):
        return True
    return False
