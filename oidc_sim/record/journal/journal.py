"""Writes events to the disk before they are answered, and reads what an earlier process left.

``note`` is called with the events of every command, inside ``dispatch``, and writes those that matter
before it returns: so what anybody was answered is true after SIGKILL, too. A task has them on the disk
within a second, against loss of power. That, and making the file anew, is done in threads; only a disk
on which the kernel does not even take a few hundred bytes into its memory holds answers up.

When writing fails, the server goes on without a journal, says so, and tries again with everything that
is true by then; so nothing has to be kept in memory meanwhile. Until that has worked, what happened
since is for this process alone, and a kill loses it.

Polls are not kept, except those that pay an operator's slow_down: nothing else that they change
means anything to another process. A journal that cannot be read in full is kept as it was.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, get_args

from oidc_sim.engine.events import Event, KeptEvent, Polled, PollOutcome
from oidc_sim.engine.model import State
from oidc_sim.engine.records import Record
from oidc_sim.files.private_folder import PrivateFolder, UnsafeError
from oidc_sim.record.debug_log import report_failure
from oidc_sim.record.journal.file import NAME, JournalFile
from oidc_sim.record.journal.replay import Reading, replay
from oidc_sim.record.journal.rows import encode_row

SYNCED_AFTER_S = 0.5
"""After a write; with the sync itself that is within a second."""
TRIED_AGAIN_AFTER_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""The last one again and again."""
_KEPT = frozenset(get_args(KeptEvent))
_PAID = PollOutcome.SLOW_DOWN

Snapshot = Callable[[], Iterable[Record]]
"""Everything that is true now."""


class Journal:
    """Writes events to a file for as long as that works."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self.stopped_because: str | None = None
        """Why what happens is not kept; None while all is well."""
        self._failures = 0
        self._snapshot: Snapshot = tuple
        self._tell: Callable[[str], object] = lambda _: None
        self._unsynced = asyncio.Event()
        self._has_grown = asyncio.Event()
        self._trouble = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._renewing = ThreadPoolExecutor(1, "journal-renew")
        self._syncing = ThreadPoolExecutor(1, "journal-sync")

    def view(self) -> dict[str, Any]:
        """Give the members of the control API."""
        return {
            "path": str(self._file.path),
            "rows": self._file.rows,
            "stopped_because": self.stopped_because,
        }

    def note(self, events: Sequence[Event]) -> None:
        """Write those events of one command that matter after a restart, in one piece."""
        kept: list[Event] = []
        for event in events:
            if type(event) is Polled:  # first, because nearly all are
                if event.outcome is _PAID:
                    kept.append(event)
            elif type(event) in _KEPT:
                kept.append(event)
        if not kept or not self._file.takes_rows:
            return
        if (why := _failure_of(partial(self._file.append, kept))) is not None:
            self._stop(why)
            return
        self._unsynced.set()
        if self._file.has_grown:
            self._has_grown.set()

    def begin(self, records: Iterable[Record]) -> None:
        """Make the file anew from what was read; before ``start``, and in the caller's thread."""
        try:
            self._file.rewrite(map(encode_row, records))
        except OSError as error:
            self.stopped_because = error.strerror or str(error)

    def start(self, snapshot: Snapshot, tell: Callable[[str], object]) -> None:
        """Begin to write, in the running loop.

        ``snapshot`` is called when the file has to be made anew; ``tell`` takes a sentence for a person when
        writing stops and when it works again.
        """
        self._snapshot = snapshot
        self._tell = tell
        if self.stopped_because is not None:
            self._announce_stop()
        for work in (self._sync_writes, self._compact_when_grown, self._try_again):
            self._tasks.append(asyncio.ensure_future(work()))

    async def close(self) -> None:
        """Have everything on the disk; one last try when writing had stopped."""
        if self._tasks:
            await self._finish()
        self._renewing.shutdown()
        self._syncing.shutdown()
        self._file.close()

    async def _finish(self) -> None:
        self._file.hurry()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self.stopped_because is None:
            await self._sync()
        if self.stopped_because is not None:
            await self._rewrite()
        if self.stopped_because is not None:
            self._tell(f"the journal is incomplete: it ends at row {self._file.rows}")

    async def _sync_writes(self) -> None:
        while True:
            await self._unsynced.wait()
            await asyncio.sleep(SYNCED_AFTER_S)
            await self._sync()

    async def _sync(self) -> None:
        self._unsynced.clear()
        if (why := await _failure_in(self._syncing, self._file.sync)) is not None:
            self._stop(why)

    async def _compact_when_grown(self) -> None:
        while True:
            await self._has_grown.wait()
            self._has_grown.clear()
            if self._file.has_grown:
                await self._compact()

    async def _compact(self) -> None:
        why = await _failure_in(self._renewing, self._file.compact)
        if why is not None and self._file.is_open:
            self._tell(f"the journal is complete, but could not be made smaller: {why}")
        elif why is not None:
            self._stop(why)

    async def _try_again(self) -> None:
        while True:
            await self._trouble.wait()
            tries = 0
            while self.stopped_because is not None:
                await asyncio.sleep(TRIED_AGAIN_AFTER_S[min(tries, len(TRIED_AGAIN_AFTER_S) - 1)])
                await self._rewrite()
                tries += 1

    async def _rewrite(self) -> None:
        """Make the file anew from what is true now, and what happens from now on."""
        failures = self._failures
        tail = self._file.follow()
        snapshot = [encode_row(record) for record in self._snapshot()]
        why = await _failure_in(self._renewing, partial(self._file.rewrite, snapshot, tail))
        if why is not None:
            self._stop(why)
        elif failures == self._failures:  # nothing else failed in between
            self.stopped_because = None
            self._trouble.clear()
            self._tell("the journal is written again, and complete")

    def _stop(self, why: str) -> None:
        self._failures += 1
        self._trouble.set()
        if self.stopped_because is None:
            self.stopped_because = why
            self._announce_stop()

    def _announce_stop(self) -> None:
        self._trouble.set()
        self._tell(
            f"THE JOURNAL STOPPED at row {self._file.rows}: {self.stopped_because}. The server goes "
            "on; what happens until it is written again will be forgotten"
        )


async def _failure_in(where: ThreadPoolExecutor, work: Callable[[], None]) -> str | None:
    """Do work in a thread; gives the reason if it failed."""
    return await asyncio.get_running_loop().run_in_executor(where, _failure_of, work)


def _failure_of(work: Callable[[], None]) -> str | None:
    """Do work; gives the reason if it failed."""
    try:
        work()
    except OSError as error:
        return error.strerror or str(error)
    except UnsafeError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told too, and harms no client
        return report_failure("the journal failed", error)
    return None


DAMAGED_NAME = "journal.damaged.jsonl"
"""A copy of a journal that could not be read in full: compaction would lose what we cannot read."""
DAMAGED_KEPT = 10
"""Damaged journals that are kept beside it; the last one makes way for a newer one."""
MAX_BYTES = 1 << 30
"""Size beyond which a file is no journal of ours: those are compacted long before."""


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
    """Find a name for a damaged journal: an earlier one is not overwritten, up to a bound."""
    names = [DAMAGED_NAME, *(f"journal.damaged-{n}.jsonl" for n in range(2, DAMAGED_KEPT + 1))]
    return next((name for name in names if not folder.has(name)), names[-1])


def journal_size(folder: PrivateFolder) -> int:
    """Count the bytes of the folder's journal, 0 where there is none; raises as ``load`` does."""
    descriptor = folder.open_to_read(NAME)
    if descriptor is None:
        return 0
    try:
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)
