"""What outlives the process: events on their way to the disk.

``note`` is called for every event, inside ``dispatch``, and only puts it in a list. A task writes
the list in one piece, at once or 50 ms after it wrote last; another has it on the disk within a second.
Both work in threads: a slow disk never holds an answer up. When writing fails, the server goes on without a journal, says so, and
tries again with everything that is true by then; so nothing has to be kept in memory meanwhile.

Polls are not kept, except those that pay an operator's slow_down: nothing else that they change
means anything to another process.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from oidc_sim.engine.events import Event, Polled, PollOutcome
from oidc_sim.engine.records import Record
from oidc_sim.engine.waiting_events import PassingEvent
from oidc_sim.private_folder import UnsafeError
from oidc_sim.record.journal_file import JournalFile
from oidc_sim.record.journal_rows import encode_row

WRITTEN_EVERY_S = 0.05
"""At most: what happens after a pause is written at once, so a killed process seldom loses a row."""
SYNCED_AFTER_S = 0.5
"""After a write; with the write and the sync itself that is within a second."""
TRIED_AGAIN_AFTER_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""The last one again and again."""
MAX_WAITING = 50_000
"""Events that wait for a write; a disk that is slower than that is taken for a broken one."""

Snapshot = Callable[[], Iterable[Record]]
"""Everything that is true now."""


class Journal:
    """Writes events to a file for as long as that works."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self.stopped_because: str | None = None
        """Why nothing is written now; None while all is well."""
        self._is_taking = True
        """Whether events are worth keeping: they are written, or follow a snapshot that is."""
        self._waiting: list[Event] = []
        self._news = asyncio.Event()
        self._unsynced = asyncio.Event()
        self._trouble = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._writing = ThreadPoolExecutor(1, "journal-write")
        self._syncing = ThreadPoolExecutor(1, "journal-sync")

    def view(self) -> dict[str, Any]:
        """What the control API shows of it."""
        return {
            "path": str(self._file.path),
            "rows": self._file.rows,
            "stopped_because": self.stopped_because,
        }

    def note(self, event: Event) -> None:
        """Keep an event, if it matters after a restart."""
        if type(event) is Polled and event.outcome is not PollOutcome.SLOW_DOWN:
            return
        if isinstance(event, PassingEvent) or not self._is_taking:
            return
        self._waiting.append(event)
        if len(self._waiting) == 1:
            self._news.set()
        elif len(self._waiting) > MAX_WAITING:
            self._stop("the disk is too slow")

    def begin(self, records: Iterable[Record]) -> None:
        """Make the file anew from what was read; before ``start``, and in the caller's thread."""
        try:
            self._file.rewrite(map(encode_row, records))
        except OSError as error:
            self._is_taking = False
            self.stopped_because = error.strerror or str(error)

    def start(self, snapshot: Snapshot, tell: Callable[[str], object]) -> None:
        """Begin to write, in the running loop.

        Args:
            snapshot: Called when the file has to be made anew.
            tell: Given a sentence for a person when writing stops and when it works again.
        """
        self._snapshot = snapshot
        self._tell = tell
        if self.stopped_because is not None:
            self._announce_stop()
        for work in (self._write_batches, self._sync_batches, self._try_again):
            self._tasks.append(asyncio.ensure_future(work()))

    async def close(self) -> None:
        """Write what is left and have it on the disk; one last try when writing had stopped."""
        if self._tasks:
            await self._finish()
        self._file.close()
        self._writing.shutdown()
        self._syncing.shutdown()

    async def _finish(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.stopped_because is None:
            await self._write_waiting()
            await self._sync()
        if self.stopped_because is not None:
            await self._rewrite()
        if self.stopped_because is not None:
            self._tell(f"the journal is incomplete: it ends at row {self._file.rows}")

    async def _write_batches(self) -> None:
        while True:
            await self._news.wait()
            await self._write_waiting()
            await asyncio.sleep(WRITTEN_EVERY_S)

    async def _write_waiting(self) -> None:
        self._news.clear()
        batch, self._waiting = self._waiting, []
        if batch and await self._done(self._writing, partial(self._file.append, batch)):
            self._unsynced.set()

    async def _sync_batches(self) -> None:
        while True:
            await self._unsynced.wait()
            await asyncio.sleep(SYNCED_AFTER_S)
            await self._sync()

    async def _sync(self) -> None:
        self._unsynced.clear()
        await self._done(self._syncing, self._file.sync)

    async def _try_again(self) -> None:
        while True:
            await self._trouble.wait()
            tries = 0
            while self.stopped_because is not None:
                await asyncio.sleep(TRIED_AGAIN_AFTER_S[min(tries, len(TRIED_AGAIN_AFTER_S) - 1)])
                await self._rewrite()
                tries += 1

    async def _rewrite(self) -> None:
        """Make the file anew from what is true, and take events from that instant on."""
        snapshot = [encode_row(record) for record in self._snapshot()]
        self._is_taking = True
        is_written = await self._done(self._writing, partial(self._file.rewrite, snapshot))
        if is_written and self._is_taking:  # no other failure was told of in between
            self.stopped_because = None
            self._trouble.clear()
            self._tell("the journal is written again, and complete")

    async def _done(self, where: ThreadPoolExecutor, work: Callable[[], None]) -> bool:
        """Do something in a thread; whether it worked. If not, the journal has stopped."""
        try:
            await asyncio.get_running_loop().run_in_executor(where, work)
        except OSError as error:
            self._stop(error.strerror or str(error))
        except UnsafeError as error:
            self._stop(str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours is told too, and harms no client
            self._stop(f"a fault of ours, {error!r}")
        else:
            return True
        return False

    def _stop(self, why: str) -> None:
        self._is_taking = False
        self._waiting.clear()
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
