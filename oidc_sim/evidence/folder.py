"""Writes evidence on the disk: a new directory with new files, for the owner alone.

All of it is made through open directories, so that whoever swaps one for a link meanwhile leads nothing
elsewhere (T-42). Until the last file is whole, a file says that the directory is not.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from oidc_sim.evidence.allowance import GoOn, whatever
from oidc_sim.files.private_file import OTHERS, OWNER_ONLY, OWNER_ONLY_DIRECTORY

PREFIX = "oidc-sim-evidence-"
INCOMPLETE = "INCOMPLETE"
"""The file that is there until all others are whole: what a process that was killed left has it."""
_NAMESAKES = 100
"""Directories of one second: more than a person makes."""
_NEVER_ELSEWHERE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NEVER_ELSEWHERE
_DIRECTORY = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", os.O_RDONLY)
"""Where the system can, a directory that may be entered and not listed will do."""
_USED = {os.open, os.mkdir, os.unlink, os.rmdir}

Files = Mapping[str, Iterable[bytes]]
"""Content of files in pieces, by name."""


def write_folder(files: Files, at: float, where: Path, go_on: GoOn = whatever) -> Path:
    """Write the files into a directory that was not there before; gives its path.

    Args:
        files: Content in pieces, by name.
        at: The instant that names the directory, seconds since 1970, in local time.
        where: The directory to make it in.
        go_on: Called between pieces; when it raises, nothing stays.

    Raises:
        OSError: There is no room, or nobody may write there, or somebody is in the way.
    """
    name = PREFIX + time.strftime("%Y%m%d-%H%M%S", time.localtime(at))
    with _Directory.open(where) as parent:
        folder = parent.make(name)
        with folder:
            try:
                folder.write(INCOMPLETE, [])
                for file, pieces in files.items():
                    folder.write(file, _each(pieces, go_on))
                folder.remove(INCOMPLETE)
            except BaseException:
                folder.clear()
                with suppress(OSError):
                    parent.remove_directory(folder.path.name)
                raise
        return folder.path


def _each(pieces: Iterable[bytes], go_on: GoOn) -> Iterator[bytes]:
    for piece in pieces:
        go_on()
        yield piece


def files_of(members: Mapping[str, Any]) -> dict[str, Iterable[bytes]]:
    """Make the files of evidence that came as JSON; all in ASCII but the report, which is UTF-8."""
    har, lines = members["har"], members["lines"]
    if not (isinstance(har, dict) and isinstance(lines, list)):
        raise TypeError("no evidence")
    return {
        "report.md": [members["report"].encode("utf-8", "backslashreplace")],
        "evidence.har": json_pieces(har, "\n"),
        "evidence.jsonl": (json.dumps(line).encode("ascii") + b"\n" for line in lines),
    }


def json_pieces(value: Any, between: str = "") -> Iterator[bytes]:
    """Write JSON in pieces, with ``between`` before each item of a list.

    So neither a thread nor the memory is taken up by all of it at once.
    """
    if isinstance(value, dict):
        yield b"{"
        for number, (name, member) in enumerate(value.items()):
            yield f"{', ' if number else ''}{json.dumps(name)}: ".encode("ascii")
            yield from json_pieces(member, between)
        yield b"}"
    elif isinstance(value, list):
        yield b"["
        for number, item in enumerate(value):
            yield f"{',' if number else ''}{between}{json.dumps(item)}".encode("ascii")
        yield f"{between}]".encode("ascii")
    else:
        yield json.dumps(value).encode("ascii")


def reason(error: OSError) -> str:
    """Say in a few words for a person why nothing was written."""
    return f"cannot write evidence: {error.strerror or error}"


class _Directory:
    """Holds a directory open and acts in it by its descriptor; by its path, where the system cannot."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor
        self._written: list[str] = []

    @classmethod
    def open(cls, path: Path) -> Self:
        return cls(path, os.open(path, _DIRECTORY) if _can_stay() else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def make(self, name: str) -> "_Directory":
        """Make a directory in it, with a number after its name where one is there: that is not touched."""
        for number in range(1, _NAMESAKES):
            new = name if number == 1 else f"{name}-{number}"
            try:
                os.mkdir(self._to(new), OWNER_ONLY_DIRECTORY, **self._at)  # noqa: PTH102 - at a descriptor
            except FileExistsError:
                continue
            return self._enter(new)
        raise FileExistsError(17, "too many of this second", name)

    def _enter(self, name: str) -> "_Directory":
        """Open the directory that was just made, unless another is in its place."""
        path = self.path / name
        if self._descriptor is None:
            return _Directory(path, None)
        flags = os.O_RDONLY | os.O_DIRECTORY | _NEVER_ELSEWHERE
        descriptor = os.open(name, flags, **self._at)
        found = os.fstat(descriptor)
        if found.st_uid != os.getuid() or found.st_mode & OTHERS or os.listdir(descriptor):  # noqa: PTH208
            os.close(descriptor)
            raise PermissionError(1, "somebody put another directory there", str(path))
        return _Directory(path, descriptor)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Put a new file into it; a file or a link that is there is never written to."""
        descriptor = os.open(self._to(name), _NEW, OWNER_ONLY, **self._at)
        self._written.append(name)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)

    def remove(self, name: str) -> None:
        os.unlink(self._to(name), **self._at)
        self._written.remove(name)

    def clear(self) -> None:
        """Remove all files, as far as that can be done; the one that says they are no good, last."""
        for name in reversed(self._written[:]):
            with suppress(OSError):
                self.remove(name)

    def remove_directory(self, name: str) -> None:
        os.rmdir(self._to(name), **self._at)

    @property
    def _at(self) -> dict[str, int]:
        return {} if self._descriptor is None else {"dir_fd": self._descriptor}

    def _to(self, name: str) -> Path | str:
        return self.path / name if self._descriptor is None else name


def _can_stay() -> bool:
    """Whether the system acts in an open directory, whatever becomes of its path."""
    return os.supports_dir_fd >= _USED
