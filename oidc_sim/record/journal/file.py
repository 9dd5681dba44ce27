"""The journal on the disk.

The file is only ever replaced as a whole or extended by whole rows: when a write fails, what came of
it is cut off again, and nothing more is written until the file was replaced.

``append`` is for the thread of the event loop, since no answer goes out before what it tells of is
written: a killed process loses nothing then, for the kernel has it. All else takes long and belongs in
other threads: ``sync``, against loss of power, and ``rewrite`` and ``compact``. Whatever they do, the
file that is there stays open and is written until the new one takes its place; rows that come
meanwhile follow in the new one, too. So the lock is held for short and bounded work only.
"""

import errno
import io
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from oidc_sim.engine.model import Policy, State
from oidc_sim.engine.records import records
from oidc_sim.files.private_folder import PrivateFolder
from oidc_sim.record.journal.replay import replay
from oidc_sim.record.journal.rows import VERSION, JournalHeader, Row, encode_row

NAME = "journal.jsonl"
COMPACTED_FROM_BYTES = 8 * 1024 * 1024
"""A file that grew beyond this while we run is compacted; and beyond four times what that leaves."""
MAX_TAIL_BYTES = 32 * 1024 * 1024
"""Rows that come while a new file is made; a disk that needs so long for it is taken for broken."""
SHORT_TAIL_BYTES = 64 * 1024
"""Bytes that may be left to write while the loop waits: less than a millisecond's work."""
CATCH_UPS = 10
"""Times that a tail is written while more of it comes; then the rest has to do as it is."""
READ_AT_ONCE = 4096
ENCODED_AT_ONCE = 16
"""Bytes and records between two pauses of compaction: a quarter of a millisecond's work."""
PAUSE_S = 0.0001
"""Long enough for a thread that waits for the interpreter to wake up and take it."""


@dataclass(slots=True, eq=False)
class Tail:
    """Rows that come while a new file is being made, and follow in it."""

    waiting: list[bytes] = field(default_factory=list)
    size: int = 0
    taken: int = 0
    """Rows that are in the new file."""
    is_cut: bool = False
    """More came than is kept, so the new file must not take the old one's place."""

    def add(self, rows: list[bytes], size: int) -> None:
        """Let rows follow."""
        self.is_cut |= self.size + size > MAX_TAIL_BYTES
        if self.is_cut:
            self.waiting.clear()
        else:
            self.waiting += rows
            self.size += size

    def take(self) -> list[bytes]:
        """Take the rows that are not in the new file yet.

        Raises:
            OSError: More rows came than are kept.
        """
        if self.is_cut:
            raise OSError(errno.EAGAIN, "the disk is too slow")
        rows, self.waiting, self.size = self.waiting, [], 0
        self.taken += len(rows)
        return rows


class JournalFile:
    """One process's file, whose folder's lock it holds. It is open after ``rewrite``."""

    def __init__(
        self, folder: PrivateFolder, compacted_from_bytes: int = COMPACTED_FROM_BYTES
    ) -> None:
        self._folder = folder
        self._compacted_from_bytes = compacted_from_bytes
        self._compact_at = compacted_from_bytes
        self._lock = threading.Lock()
        """Held while the descriptor is written, lent or exchanged, and while tails change."""
        self._descriptor: int | None = None
        self._tails: list[Tail] = []
        """Tails of the new files that are being made."""
        self._size = 0
        self._is_hurried = False
        self.path = folder.path / NAME
        self.rows = 0
        """Rows in the file."""

    @property
    def is_open(self) -> bool:
        """Whether there is a file to write to."""
        return self._descriptor is not None

    @property
    def takes_rows(self) -> bool:
        """Whether rows are written, or follow in a file that is being made."""
        return self.is_open or bool(self._tails)

    @property
    def has_grown(self) -> bool:
        """Whether compaction is due."""
        return self.is_open and self._size > self._compact_at

    def append(self, rows: Iterable[Row]) -> None:
        """Write rows at the end, whole ones only.

        Raises:
            OSError: They could not be written; the file has whole rows only, and is closed.
        """
        encoded = [encode_row(row) for row in rows]
        data = b"".join(encoded)
        with self._lock:
            if not self.takes_rows:
                raise OSError(errno.EBADF, "the file is closed")
            for tail in self._tails:
                tail.add(encoded, len(data))
            if self._descriptor is not None:
                self._extend(self._descriptor, data)
                self.rows += len(encoded)

    def _extend(self, descriptor: int, data: bytes) -> None:
        try:
            _write(descriptor, data)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
            self._close()
            raise
        self._size += len(data)

    def sync(self) -> None:
        """Have on the disk what was written; where no file is open, nothing.

        Raises:
            OSError: It may not be there; or the file was moved or deleted. It is closed.
        """
        with self._lock:
            if self._descriptor is None:
                return
            descriptor = os.dup(self._descriptor)
        try:
            os.fsync(descriptor)
            if not self._folder.names(NAME, descriptor):
                raise FileNotFoundError(errno.ENOENT, "the file was moved or deleted")
        except OSError:
            if self._close_same(descriptor):
                raise
        finally:
            os.close(descriptor)

    def _close_same(self, descriptor: int) -> bool:
        """Close the file, unless it is another by now, which is on the disk as a whole."""
        with self._lock:
            mine = self._descriptor
            is_same = mine is not None and os.path.samestat(os.fstat(mine), os.fstat(descriptor))
            if is_same:
                self._close()
        return is_same

    def close(self) -> None:
        """Close the file; ``rewrite`` opens it again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def hurry(self) -> None:
        """Let compaction fail now: somebody waits for the end."""
        self._is_hurried = True

    def follow(self) -> Tail:
        """Begin a tail: what is appended from here on follows in the file that ``rewrite`` will make."""
        tail = Tail()
        with self._lock:
            self._tails.append(tail)
        return tail

    def rewrite(self, rows: Iterable[bytes], tail: Tail | None = None) -> None:
        """Replace the file by one with these encoded rows, and behind them the tail; and sync it.

        Raises:
            OSError: There is no room, or the folder is gone; the file is as it was.
        """
        tail = tail or self.follow()
        try:
            with self._folder.successor(NAME) as descriptor:
                count = _fill(descriptor, rows)
                self._catch_up(descriptor, tail)
                replaced = self._put(descriptor, count, tail)
        finally:
            with self._lock:
                self._tails.remove(tail)
        if replaced is not None:
            os.close(replaced)
        self._folder.sync()
        self.sync()

    def _catch_up(self, descriptor: int, tail: Tail) -> None:
        """Write what came meanwhile, until what comes while that is synced is little."""
        for _ in range(CATCH_UPS):
            with self._lock:
                rows = tail.take()
            _write(descriptor, b"".join(rows))
            os.fsync(descriptor)
            if tail.size <= SHORT_TAIL_BYTES:
                break

    def _put(self, descriptor: int, count: int, tail: Tail) -> int | None:
        """Exchange the files; gives the old one's descriptor. The loop may be waiting."""
        with self._lock:
            _write(descriptor, b"".join(tail.take()))
            size = os.fstat(descriptor).st_size
            self._folder.put_successor(NAME)
            replaced, self._descriptor = self._descriptor, descriptor
            self._size = size
            self._compact_at = max(self._compacted_from_bytes, 4 * size)
            self.rows = count + tail.taken
        return replaced

    def compact(self) -> None:
        """Make the file anew from what it says: the live state belongs to another thread.

        Raises:
            OSError: That did not work, and is tried again when the file is twice as large; or rows
                of it are lost, and it is closed.
        """
        with self._lock:
            if self._descriptor is None:
                return
            source, size = os.dup(self._descriptor), self._size
            tail = Tail()
            self._tails.append(tail)
        self._compact_at = 2 * size
        try:
            self.rewrite(self._compacted(source, size), tail)
        finally:
            os.close(source)

    def _compacted(self, source: int, size: int) -> Iterator[bytes]:
        """Encode what is true by the beginning of a file.

        Raises:
            OSError: Rows are lost, and the file is closed; or time is up.
        """
        state = State(policy=Policy())
        slowly = io.BufferedReader(_Slowly(source, size, self._pause), READ_AT_ONCE)
        try:
            reading = replay(slowly, state)
            if reading.is_partial or reading.is_torn:
                raise OSError(errno.EIO, "rows of it are damaged")  # noqa: TRY301
        except OSError:
            if not self._is_hurried:
                self.close()
            raise
        for number, record in enumerate(records(state)):
            if not number % ENCODED_AT_ONCE:
                self._pause()
            yield encode_row(record)

    def _pause(self) -> None:
        """Let the loop have the interpreter: else it waits 5 ms for it, several times an answer."""
        if self._is_hurried:
            raise OSError(errno.ECANCELED, "the program ends")
        time.sleep(PAUSE_S)


class _Slowly(io.RawIOBase):
    """Reads the beginning of a file that may be growing, with a pause before each piece."""

    def __init__(self, descriptor: int, size: int, pause: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._at, self._end = 0, size
        self._pause = pause

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._pause()
        room = min(len(buffer), self._end - self._at)
        data = os.pread(self._descriptor, room, self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _fill(descriptor: int, rows: Iterable[bytes]) -> int:
    """Write the first row and these; gives the number of these."""
    count = 0
    with open(descriptor, "ab", closefd=False) as file:
        file.write(encode_row(JournalHeader(version=VERSION)))
        for row in rows:
            file.write(row)
            count += 1
    return count


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
