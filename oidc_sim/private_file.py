"""Files that only their owner may read, written whole or not at all (threats.md T-41, T-42)."""

import contextlib
import os
from pathlib import Path

OWNER_ONLY = 0o600


def make_private_directory(path: Path) -> None:
    """Make the directory, and those above it that are missing, for the owner alone.

    Raises:
        OSError: It cannot be made, or belongs to somebody else.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(1, "belongs to another user", str(path))


def write_private_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step; readers see the old file or the new one.

    A link at ``path`` is replaced, never followed.

    Raises:
        OSError: The directory is missing, not writable, or full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
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
