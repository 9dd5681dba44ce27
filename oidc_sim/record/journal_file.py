"""The journal on the disk. Everything here blocks, so ``journal`` runs it in threads.

The file is only ever replaced as a whole or extended by whole rows: when a write fails, what came of
it is cut off again, and nothing more is written until the file was replaced.
"""

import errno
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress

from oidc_sim.engine.model import Policy, State
from oidc_sim.engine.records import records
from oidc_sim.private_folder import PrivateFolder, UnsafeError
from oidc_sim.record.journal_rows import VERSION, Journal, Row, encode_row
from oidc_sim.record.replay import Reading, replay

NAME = "journal.jsonl"
DAMAGED_NAME = "journal.damaged.jsonl"
DAMAGED_KEPT = 10
"""Damaged journals that are kept beside it; the last one makes way for a newer one."""
"""A copy of a journal that could not be read in full: compaction would lose what we cannot read."""
MAX_BYTES = 1 << 30
"""What is larger is no journal of ours: those are compacted long before."""
COMPACTED_FROM_BYTES = 8 * 1024 * 1024
"""A file that grew beyond this while we run is compacted; and beyond four times what that leaves."""


def load(folder: PrivateFolder, state: State) -> Reading:
    """Bring the folder's journal into a state.

    Raises:
        UnsafeError: It is too large, or not a file of ours.
        OSError: It cannot be read.
    """
    descriptor = folder.open_to_read(NAME)
    if descriptor is None:
        return Reading()
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > MAX_BYTES:
            raise UnsafeError(f"{folder.path / NAME} is too large to be a journal; move it away")
        reading = replay(file, state)
        if reading.is_partial:
            file.seek(0)
            reading.kept_as = _free_name(folder)
            folder.replace(reading.kept_as, iter(lambda: file.read(1 << 16), b""))
    return reading


def _free_name(folder: PrivateFolder) -> str:
    """Where to keep a damaged journal: an earlier one is not overwritten, up to a bound."""
    names = [DAMAGED_NAME, *(f"journal.damaged-{n}.jsonl" for n in range(2, DAMAGED_KEPT + 1))]
    return next((name for name in names if not folder.has(name)), names[-1])


def journal_size(folder: PrivateFolder) -> int:
    """Bytes of the folder's journal, 0 where there is none.

    Raises:
        UnsafeError: It is not a file of ours.
        OSError: It cannot be looked at.
    """
    descriptor = folder.open_to_read(NAME)
    if descriptor is None:
        return 0
    try:
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


class JournalFile:
    """The file of one process, which holds the folder's lock. It is open after ``rewrite``."""

    def __init__(
        self, folder: PrivateFolder, compacted_from_bytes: int = COMPACTED_FROM_BYTES
    ) -> None:
        self._folder = folder
        self._compacted_from_bytes = compacted_from_bytes
        self._compact_at = compacted_from_bytes
        self._descriptor: int | None = None
        self._swapping = threading.Lock()
        """Held while the descriptor is synced or exchanged, which happens in two threads."""
        self._size = 0
        self.path = folder.path / NAME
        self.rows = 0
        """Rows in the file."""

    def rewrite(self, rows: Iterable[bytes]) -> None:
        """Replace the file by one with these encoded rows; it is on the disk when this returns.

        Raises:
            OSError: There is no room, or the folder is gone; the file is as it was, and closed.
        """
        self.close()
        count = 0

        def pieces() -> Iterator[bytes]:
            nonlocal count
            yield encode_row(Journal(version=VERSION))
            for row in rows:
                count += 1
                yield row

        size = self._folder.replace(NAME, pieces())
        with self._swapping:
            self._descriptor = self._folder.open_to_append(NAME)
        self._size = size
        self._compact_at = max(self._compacted_from_bytes, 4 * size)
        self.rows = count

    def append(self, rows: Iterable[Row]) -> None:
        """Write rows at the end, whole ones only; compact the file when it has grown much.

        Raises:
            OSError: They could not be written, or the file not be compacted; it has whole rows only,
                and is closed.
        """
        encoded = [encode_row(row) for row in rows]
        descriptor = self._open_descriptor()
        data = b"".join(encoded)
        try:
            _write(descriptor, data)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
            self.close()
            raise
        self._size += len(data)
        self.rows += len(encoded)
        if self._size > self._compact_at:
            self._compact()

    def sync(self) -> None:
        """Have on the disk what was written.

        Raises:
            OSError: It may not be there; or the file was moved or deleted. It is closed.
        """
        with self._swapping:
            descriptor = self._open_descriptor()
            try:
                os.fsync(descriptor)
                if not self._folder.names(NAME, descriptor):
                    raise FileNotFoundError(errno.ENOENT, "the file was moved or deleted")
            except OSError:
                self._close()
                raise

    def close(self) -> None:
        """Close the file; ``rewrite`` opens it again."""
        with self._swapping:
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EBADF, "the file is closed")
        return self._descriptor

    def _compact(self) -> None:
        """By reading the file, not the live state, which belongs to another thread."""
        state = State(policy=Policy())
        load(self._folder, state)
        self.rewrite(map(encode_row, records(state)))


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
