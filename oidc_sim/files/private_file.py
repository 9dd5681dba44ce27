"""Files that only their owner may read, written whole or not at all (T-41, T-42)."""

import os
import stat
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_ONLY_DIRECTORY = 0o700
OTHERS = 0o077
SMALL_BYTES = 65_536


def make_private_directory(path: Path) -> None:
    """Make the directory, and those above it that are missing, for the owner alone.

    Raises:
        OSError: It cannot be made, or belongs to somebody else.
    """
    make_directories(path)
    if not is_own(path):
        raise PermissionError(1, "belongs to another user", str(path))
    if path.stat().st_mode & OTHERS:
        path.chmod(OWNER_ONLY_DIRECTORY)


def make_directories(path: Path) -> None:
    """Make what is missing of the path for the owner alone, and leave the rest as it is.

    One by one, because ``mkdir(parents=True)`` gives its mode to the last of them only.
    """
    for directory in (*reversed(path.parents), path):
        try:
            directory.mkdir(OWNER_ONLY_DIRECTORY)
        except OSError:
            if not directory.is_dir():
                raise


def is_own(path: Path) -> bool:
    """Whether what is there, and the link that leads to it if it is one, belong to this user."""
    return {path.lstat().st_uid, path.stat().st_uid} == {os.getuid()}


def read_small_file(path: Path) -> bytes:
    """Read a file that we could have written: of a larger one its beginning.

    Raises:
        OSError: It cannot be read, or is no plain file, such as a FIFO, which would keep us waiting.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileExistsError(17, "is no regular file", str(path))
        return file.read(SMALL_BYTES)


def open_to_append(path: Path, first_line: bytes) -> int:
    """Open a file of the owner's alone to append to: a new one, or one with this first line.

    A link is not followed.

    Raises:
        OSError: Its directory is missing, it cannot be opened, or something else is there.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    flags |= os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    if path.is_symlink():
        raise FileExistsError(17, "is a symbolic link", str(path))
    descriptor = os.open(path, flags, OWNER_ONLY)
    try:
        _check_ours(descriptor, path, first_line)
        os.fchmod(descriptor, OWNER_ONLY)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_ours(descriptor: int, path: Path, first_line: bytes) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid() or found.st_nlink != 1:
        raise FileExistsError(17, "is no plain file of this user's", str(path))
    if found.st_size and os.pread(descriptor, len(first_line), 0) != first_line:
        raise FileExistsError(17, "exists, and no oidc-sim wrote it", str(path))


def write_private_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step; readers see the old file or the new one.

    A link at ``path`` is never followed: it is refused, or replaced if it comes at the last moment.

    Raises:
        OSError: The directory is missing, not writable, or full; or at ``path`` is something that
            is no regular file.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise FileExistsError(17, "is no regular file", str(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
