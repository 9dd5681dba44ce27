"""A directory for the owner alone, held open: what is done in it cannot be led elsewhere.

Every file is reached through the directory's descriptor and without following links, so neither a link
planted in it nor a directory moved under it changes where we read or write (T-41, T-42). If the
directory is deleted, that descriptor leads nowhere, and nothing is made in its place.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from oidc_sim.files.private_file import OWNER_ONLY, make_directories

_NEVER_ELSEWHERE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link is refused, and a FIFO does not block, before its kind can be looked at."""
_DOES_NOT_OPEN = {
    errno.ELOOP: "is a symbolic link; remove it",
    errno.EISDIR: "is a directory; move it away",
    errno.ENXIO: "is no plain file; move it away",
}


class UnsafeError(Exception):
    """Something in the way that we did not put there; the text is one line for a person."""


class InUseError(Exception):
    """Another process holds the lock; the text names it, if it said who it is."""


class PrivateFolder:
    """One open directory that belongs to us."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._lock: int | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the directory; it and those above it are made where they are missing.

        Raises:
            UnsafeError: It is no directory, belongs to another user, or others may write in it.
            OSError: It cannot be made or opened.
        """
        try:
            make_directories(path)
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _NEVER_ELSEWHERE)
        except OSError:
            if path.is_symlink():
                raise UnsafeError(f"{path} is a symbolic link; remove it") from None
            if path.exists():
                raise UnsafeError(f"{path} is no directory; move it away") from None
            raise
        folder = cls(path, descriptor)
        try:
            folder._check()
        except UnsafeError:
            folder.close()
            raise
        return folder

    def _check(self) -> None:
        found = os.fstat(self._descriptor)
        if found.st_uid != os.getuid():
            raise UnsafeError(f"{self.path} belongs to another user; chown it")
        if found.st_mode & 0o022:
            raise UnsafeError(f"others may write in {self.path}; chmod 700 it")

    def close(self) -> None:
        """Let go of the directory and of its lock."""
        for descriptor in (self._lock, self._descriptor):
            if descriptor is not None:
                os.close(descriptor)
        self._lock = None

    def lock(self, name: str) -> None:
        """Be the only process here until ``close`` or death.

        Raises:
            InUseError: Another process is.
            UnsafeError: The lock's file is not ours.
            OSError: It cannot be made.
        """
        descriptor = self._open(name, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(descriptor, 20).strip()
            os.close(descriptor)
            who = f"process {int(pid)}" if pid.isdigit() else "another process"
            raise InUseError(f"{who} uses {self.path}") from None
        self._lock = descriptor
        with suppress(OSError):  # the lock holds whether or not there is room for a number
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)

    def open_to_read(self, name: str) -> int | None:
        """Open one of our files to read; None when it is not there.

        Raises:
            UnsafeError: It is a link, no plain file, has a second name, or is another user's.
            OSError: It cannot be opened.
        """
        try:
            return self._open(name, os.O_RDONLY)
        except FileNotFoundError:
            return None

    def replace(self, name: str, pieces: Iterable[bytes]) -> int:
        """Put a new file at ``name`` in one step, on the disk when this returns; returns its size.

        Raises:
            OSError: There is no room, or the directory is gone; the old file is as it was.
        """
        with self.successor(name) as descriptor:
            with open(descriptor, "ab", closefd=False) as file:
                file.writelines(pieces)
                size = file.tell()
            os.fsync(descriptor)
            self.put_successor(name)
        os.close(descriptor)
        self.sync()
        return size

    @contextmanager
    def successor(self, name: str) -> Iterator[int]:
        """Make a new file to take the place of ``name``, open for reading and appending.

        When the block fails, it is closed and gone; else it is the caller's.
        """
        new = f"{name}.new"
        with suppress(FileNotFoundError):
            os.unlink(new, dir_fd=self._descriptor)
        descriptor = self._open(new, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        try:
            yield descriptor
        except BaseException:
            os.close(descriptor)
            with suppress(OSError):
                os.unlink(new, dir_fd=self._descriptor)
            raise

    def put_successor(self, name: str) -> None:
        """Let the new file take its place, in one step.

        Raises:
            OSError: The directory is gone, or cannot be written; the old file is as it was.
        """
        os.rename(f"{name}.new", name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def sync(self) -> None:
        """Have on the disk which names there are, where the file system can do that."""
        with suppress(OSError):
            os.fsync(self._descriptor)

    def has(self, name: str) -> bool:
        """Whether anything is there by this name."""
        try:
            os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def names(self, name: str, descriptor: int) -> bool:
        """Whether this open file still goes by this name: nobody moved, replaced or deleted it."""
        try:
            found = os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(found, os.fstat(descriptor))

    def _open(self, name: str, flags: int) -> int:
        try:
            descriptor = os.open(
                name, flags | _NEVER_ELSEWHERE, OWNER_ONLY, dir_fd=self._descriptor
            )
        except OSError as error:
            if reason := _DOES_NOT_OPEN.get(error.errno or 0):
                raise UnsafeError(f"{self.path / name} {reason}") from None
            raise
        try:
            self._check_file(name, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _check_file(self, name: str, descriptor: int) -> None:
        found = os.fstat(descriptor)
        path = self.path / name
        if not stat.S_ISREG(found.st_mode):
            raise UnsafeError(f"{path} is no plain file; move it away")
        if found.st_uid != os.getuid():
            raise UnsafeError(f"{path} belongs to another user; move it away")
        if found.st_nlink > 1:
            raise UnsafeError(f"{path} has a second name (a hard link); move it away")
        if stat.S_IMODE(found.st_mode) != OWNER_ONLY:
            os.fchmod(descriptor, OWNER_ONLY)


def danger_above(path: Path) -> str | None:
    """Describe a directory on the way to this one where others could put theirs in its place; None for none.

    What is open already stays ours; a next start would be led elsewhere (T-41). A directory with the sticky
    bit, such as /tmp, is safe for what is in it.
    """
    trusted = {0, os.getuid(), Path("/").stat().st_uid}
    for directory in _leading_to(path):
        found = directory.stat()
        if found.st_uid not in trusted:
            return f"{directory} belongs to another user, who can replace {path}"
        if found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX:
            return f"others may write in {directory}, and replace {path}: chmod go-w {directory}"
    return None


def _leading_to(path: Path) -> Iterator[Path]:
    """Yield the directories above a path, nearest first, and those above whatever a link on the way names."""
    ways, seen = [path.absolute()], set[Path]()
    for way in ways:
        for directory in way.parents:
            if directory in seen or not directory.is_dir():
                continue
            seen.add(directory)
            yield directory
            if directory.is_symlink():
                ways.append(directory.parent / directory.readlink() / "x")
