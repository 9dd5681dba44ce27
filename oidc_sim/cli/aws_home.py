"""A home for AWS clients that know nothing but this server, and what is left of such homes.

Clients keep tokens and credentials in ``~/.aws``, and find it by HOME, so theirs has to be another
one. All else in the home of the person is there too, as links: a command that is found or configured
through it (``~/.pyenv``, ``~/.npmrc``) works as ever, and what it writes goes where it always goes.

A home names the processes that live in it, so that what SIGKILL left can be told from what is in use.
"""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from pathlib import Path

from oidc_sim.cli.aws_environment import Sso, config
from oidc_sim.cli.processes import Process
from oidc_sim.files.private_file import OWNER_ONLY, OWNER_ONLY_DIRECTORY, write_private_file

PREFIX = "oidc-sim-home-"
MARKER = ".oidc-sim-home"
"""Says who lives here; a home that is to stay has none."""
_MARKER_BYTES = 1000
_NEVER_ELSEWHERE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def aws_home(sso: Sso, real_home: str | None, *, keeps: bool = False) -> Iterator[Path]:
    """Make the home, for the owner alone, and take it away again.

    Args:
        sso: What its profiles are for.
        real_home: The person's own, if there is one.
        keeps: Leave it for the person to look at.

    Raises:
        OSError: There is no room for it.
    """
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        if not keeps:
            mark(home, [Process.of(os.getpid())])
        if real_home:
            _link_all_but_ours(Path(real_home), home)
        (home / ".aws").mkdir(OWNER_ONLY_DIRECTORY)
        for name, text in (("config", config(sso)), ("credentials", "")):
            descriptor = os.open(
                home / ".aws" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY
            )
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        yield home
    finally:
        if not keeps:
            shutil.rmtree(home, ignore_errors=True)  # links go, what they lead to stays


def mark(home: Path, dwellers: Sequence[Process]) -> None:
    """Name the processes that live in a home; it is in use while one of them lives.

    Raises:
        OSError: There is no room.
    """
    write_private_file(home / MARKER, json.dumps([astuple(it) for it in dwellers]).encode())


def has_signed_in(home: Path) -> bool:
    """Whether an AWS client left a sign-in's token, or a registration for one, in a home (wire.md#75)."""
    return any((home / ".aws" / "sso" / "cache").glob("*.json"))


def sweep_homes() -> None:
    """Remove the homes that SIGKILL left: this user's, and of those the ones where nobody lives."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_left(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)  # never goes through a link


def _is_left(home: str) -> bool:
    """Whether a home of ours is there whose marker names nobody who lives."""
    try:
        directory = os.open(home, _NEVER_ELSEWHERE | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        dwellers = _dwellers(directory)
    except (OSError, ValueError, TypeError, RecursionError):
        return False
    finally:
        os.close(directory)
    return bool(dwellers) and not any(it.lives for it in dwellers)


def _dwellers(directory: int) -> list[Process]:
    if not _is_private(directory, stat.S_IFDIR | OWNER_ONLY_DIRECTORY):
        return []
    with os.fdopen(os.open(MARKER, _NEVER_ELSEWHERE, dir_fd=directory), "rb") as file:
        if not _is_private(file.fileno(), stat.S_IFREG | OWNER_ONLY):
            return []
        return [Process(int(pid), began) for pid, began in json.loads(file.read(_MARKER_BYTES))]


def _is_private(descriptor: int, mode: int) -> bool:
    found = os.fstat(descriptor)
    return (found.st_uid, found.st_mode) == (os.getuid(), mode)


def _link_all_but_ours(real_home: Path, home: Path) -> None:
    with suppress(OSError):  # a home that cannot be read has nothing that a command could find
        for entry in real_home.iterdir():
            if entry.name not in {".aws", MARKER}:  # an exec within an exec has a marker, too
                (home / entry.name).symlink_to(entry.absolute())
