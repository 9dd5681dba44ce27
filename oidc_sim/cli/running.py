"""Finds the server that runs: it writes a file when it answers, and ``ctl`` and ``env`` read the file.

The file names the process. A number alone does not identify one, since the system gives it to another
process later; so the time when it began is in the file too, where the system says it.
"""

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError

from oidc_sim.files.private_file import (
    is_own,
    make_private_directory,
    read_small_file,
    write_private_file,
)

PROC = Path("/proc")
"""Linux's; where it is missing, as on macOS, a process is known by its number alone."""
_TICK = 19
"""Field 22 of ``/proc/PID/stat`` (proc(5)), counted from behind the name, which may contain blanks."""
_DEAD_STATES = (b"Z", b"X")
_ENDED = "ended"
_BOOT_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this user's."""

    pid: int
    began: str | None = None
    """Boot and tick, unlike those of any other process with this number; None where they are unknown."""

    @classmethod
    def of(cls, pid: int) -> Self:
        """Look up a process that lives now."""
        return cls(pid, _began(pid))

    @property
    def lives(self) -> bool:
        """True if it is there still, and is this user's."""
        if self.pid <= 0:
            return False  # to the system, a whole group of processes
        try:
            os.kill(self.pid, 0)
        except (OSError, OverflowError):
            return False
        now = _began(self.pid)
        return now != _ENDED and (None in {self.began, now} or now == self.began)


def _began(pid: int) -> str | None:
    """Return boot and tick at which a process began; ``_ENDED`` if only its exit code is left."""
    try:
        fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        boot = (PROC / "sys/kernel/random/boot_id").read_text("ascii")[:_BOOT_CHARACTERS]
        return _ENDED if fields[0] in _DEAD_STATES else f"{boot}-{int(fields[_TICK])}"
    except (OSError, ValueError, IndexError):
        return None


ANSWERS_WITHIN_S = 2.0
_HEALTHY = {"status": "ok"}
_HEALTH_BYTES = 1000
"""More than that is somebody else's answer."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: our server sends none here, and the control token is for nobody else."""

    def redirect_request(self, *_: Any) -> None:
        """Give no next request, so that the answer is an ``HTTPError``."""


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)
"""Opens without any proxy: the server is on this machine (T-54)."""


@dataclass(frozen=True, slots=True)
class Running:
    """The content of the file about a running server."""

    url: str
    """Base URL, without a slash at its end."""
    control_token: str
    pid: int
    began: str | None = None
    """As in ``Process``; older files and those for others to read do not have it."""

    @property
    def process(self) -> Process:
        """The process that wrote the file."""
        return Process(self.pid, self.began)

    def to_json(self) -> bytes:
        """The file's content."""
        members = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(members).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> Self | None:
        """Read the content of such a file; None if it is another's."""
        try:
            running = cls(**json.loads(data))
        except (ValueError, TypeError, RecursionError):
            return None
        types = (type(running.url), type(running.control_token), type(running.pid))
        is_sound = types == (str, str, int) and isinstance(running.began, str | None)
        return running if is_sound else None


@contextmanager
def announced(running: Running, directory: Path, port: int) -> Iterator[None]:
    """Keep the file that ``find_running`` looks for while the block runs.

    Files of servers that were killed are removed.

    Raises:
        OSError: The directory cannot be made or written.
    """
    make_private_directory(directory)
    _remove_stale(directory)
    with ready_file(running, directory / f"{port}.json"):
        yield


@contextmanager
def ready_file(running: Running, path: Path) -> Iterator[None]:
    """Keep a file that says how to reach the server while the block runs.

    A file of somebody else's at ``path`` is left alone; an empty one, as ``mktemp`` makes it, and one
    that an earlier server left are replaced.

    Raises:
        OSError: It cannot be written, or is in use for something else.
    """
    with suppress(FileNotFoundError):
        if path.is_file() and (found := read_small_file(path)) and Running.from_json(found) is None:
            raise FileExistsError(17, "exists, and no oidc-sim wrote it", str(path))
    content = running.to_json()
    write_private_file(path, content)
    try:
        yield
    finally:
        with suppress(OSError):
            if read_small_file(path) == content:  # not the file of a server that started since
                path.unlink()


def find_running(directory: Path, port: int | None) -> Running | None:
    """Return the newest server that answers, on this port unless that is None; None if none does.

    Another user's directory does not count, since its writer could lead us anywhere, nor does a file
    whose writer has ended: another program may answer on its port.
    """
    living = (running for running in _announced(directory, port) if running.process.lives)
    return next(filter(_answers, living), None)


def find_silent(directory: Path, port: int | None) -> Running | None:
    """Return the newest server with a file, for when none answers; living processes come first."""
    announced = list(_announced(directory, port))
    living = (running for running in announced if running.process.lives)
    return next(living, next(iter(announced), None))


def _announced(directory: Path, port: int | None) -> Iterator[Running]:
    pattern = f"{'*' if port is None else port}.json"
    return (running for _, running in _files(directory, pattern))


def _remove_stale(directory: Path) -> None:
    for path, running in _files(directory, "*.json"):
        with suppress(OSError):
            if not running.process.lives and read_small_file(path) == running.to_json():
                path.unlink()


def _files(directory: Path, pattern: str) -> Iterator[tuple[Path, Running]]:
    with suppress(OSError):
        if is_own(directory):
            yield from _readable(_newest_first(directory, pattern))


def open_direct(request: urllib.request.Request | str, timeout_s: float | None) -> HTTPResponse:
    """Open a URL of this machine, by no proxy and following no redirect.

    Raises:
        OSError: Nothing answers there, or the answer is an error (``urllib.error.HTTPError``).
    """
    response: HTTPResponse = _DIRECT.open(request, timeout=timeout_s)
    return response


def _newest_first(directory: Path, pattern: str) -> list[Path]:
    """Sort files by age. One may vanish meanwhile: its server has just ended."""
    written: list[tuple[int, Path]] = []
    for path in directory.glob(pattern):
        with suppress(OSError):
            written.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(written, reverse=True)]


def _readable(paths: list[Path]) -> Iterator[tuple[Path, Running]]:
    for path in paths:
        with suppress(OSError):
            if running := Running.from_json(read_small_file(path)):
                yield path, running


def _answers(running: Running) -> bool:
    """Say whether an oidc-sim answers: another program may have taken the port of one that was killed."""
    try:
        with open_direct(f"{running.url}/_sim/health", ANSWERS_WITHIN_S) as response:
            return bool(json.loads(response.read(_HEALTH_BYTES)) == _HEALTHY)
    except HTTPError as error:
        error.close()
        return False
    except (OSError, HTTPException, ValueError, RecursionError):
        return False
