"""Events on their way to the disk: written at once, synced soon, and never lost without a word."""

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oidc_sim.engine.events import Event, Polled, PollOutcome
from oidc_sim.engine.records import records
from oidc_sim.files.private_folder import PrivateFolder, UnsafeError
from oidc_sim.record.debug_log import where_to_look
from oidc_sim.record.journal import file as journal_file_module
from oidc_sim.record.journal import journal as journal_module
from oidc_sim.record.journal.file import NAME, JournalFile, Tail
from oidc_sim.record.journal.journal import Journal
from oidc_sim.record.journal.rows import Row
from tests.engine.world import World
from tests.record.busy_world import FULL, run
from tests.record.journals import kept, lines, read, without_polls

PATIENCE_S = 20
EVENTS = kept(run(FULL).events)


@dataclass
class Disk(JournalFile):
    """A file whose writes can be made to fail, and whose renewal can be made to wait."""

    folder: PrivateFolder
    trouble: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    syncs: int = 0
    tries: int = 0
    """To make the file anew."""

    def __post_init__(self) -> None:
        super().__init__(self.folder)
        self.gate.set()

    def append(self, rows: Iterable[Row]) -> None:
        if self.trouble is not None and self.is_open:
            self.close()
            raise self.trouble
        super().append(rows)

    def rewrite(self, rows: Iterable[bytes], tail: Tail | None = None) -> None:
        assert self.gate.wait(PATIENCE_S)
        super().rewrite(self._failing(rows), tail)

    def sync(self) -> None:
        self.syncs += 1
        super().sync()

    def _failing(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        self.tries += 1
        if self.trouble is not None:
            raise self.trouble
        yield from rows


@dataclass
class RunningServer:
    """A journal at work on a world."""

    disk: Disk
    journal: Journal
    world: World = field(default_factory=World)
    told: list[str] = field(default_factory=list)

    def note(self, events: Sequence[Event]) -> None:
        self.journal.note(events)

    def live(self, events: int) -> None:
        """Let this many things happen in the world, and to the journal."""
        for _ in range(events):
            before = len(self.world.events)
            self.world.register()
            self.note(self.world.events[before:])

    @property
    def content(self) -> bytes:
        return self.disk.path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[PrivateFolder]:
    opened = PrivateFolder.open(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
async def running_server(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RunningServer]:
    """A journal that waits for nothing but the disk."""
    monkeypatch.setattr(journal_module, "SYNCED_AFTER_S", 0)
    monkeypatch.setattr(journal_module, "TRIED_AGAIN_AFTER_S", (0.001,))
    disk = Disk(folder)
    running_server = RunningServer(disk, Journal(disk))
    running_server.journal.begin([])
    running_server.journal.start(
        lambda: records(running_server.world.state), running_server.told.append
    )
    yield running_server
    disk.trouble = None
    disk.gate.set()
    await running_server.journal.close()


async def until(holds: Callable[[], object]) -> None:
    """Let others work until this holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - it holds by the work of threads, too
            await asyncio.sleep(0.001)


async def test_events_are_written_when_they_are_noted_and_synced_without_being_asked(
    running_server: RunningServer,
) -> None:
    running_server.note(EVENTS)
    assert running_server.content == b"".join(lines(EVENTS))
    await until(lambda: running_server.disk.syncs)
    assert running_server.told == []


async def test_events_of_a_command_are_one_write(
    running_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_write, written = os.write, list[bytes]()

    def write(descriptor: int, data: bytes | memoryview) -> int:
        written.append(bytes(data))
        return real_write(descriptor, data)

    with monkeypatch.context() as watched:
        watched.setattr(os, "write", write)
        running_server.note(EVENTS)
    assert written == [b"".join(lines(EVENTS)[1:])]


async def test_nobody_waits_for_a_sync(
    running_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which may take seconds: what is noted meanwhile is written all the same."""
    real_fsync, is_syncing = os.fsync, threading.Event()

    def fsync(descriptor: int) -> None:
        is_syncing.set()
        assert running_server.disk.gate.wait(PATIENCE_S)
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    running_server.disk.gate.clear()
    running_server.note(EVENTS[:1])
    await until(is_syncing.is_set)
    running_server.note(EVENTS[1:])
    assert running_server.content == b"".join(lines(EVENTS))
    running_server.disk.gate.set()


@pytest.mark.parametrize("outcome", [it for it in PollOutcome if it is not PollOutcome.SLOW_DOWN])
async def test_polls_are_not_written(running_server: RunningServer, outcome: PollOutcome) -> None:
    running_server.note([Polled(at=1, tick=1, user_code="x", outcome=outcome), EVENTS[0]])
    assert running_server.content == b"".join(lines(EVENTS[:1]))


async def test_a_poll_that_pays_a_slow_down_is_written(running_server: RunningServer) -> None:
    paid = Polled(at=1, tick=1, user_code="x", outcome=PollOutcome.SLOW_DOWN)
    running_server.note([paid])
    assert running_server.content == b"".join(lines([paid]))


async def test_closing_syncs(running_server: RunningServer) -> None:
    running_server.note(EVENTS)
    syncs = running_server.disk.syncs
    await running_server.journal.close()
    assert running_server.content == b"".join(lines(EVENTS))
    assert running_server.disk.syncs > syncs


async def test_the_view_says_where_it_is_and_how_far(running_server: RunningServer) -> None:
    running_server.note(EVENTS)
    assert running_server.journal.view() == {
        "path": str(running_server.disk.path),
        "rows": len(EVENTS),
        "stopped_because": None,
    }


FAILURES = [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
    (OSError(errno.EIO, os.strerror(errno.EIO)), "Input/output error"),
    (OSError("odd"), "odd"),
    (UnsafeError("x is a symbolic link"), "x is a symbolic link"),
    (ValueError("bug"), f"the journal failed, our fault: ValueError('bug'); {where_to_look()}"),
]


@pytest.mark.parametrize(("trouble", "why"), FAILURES)
async def test_a_failing_disk_is_told_of_once_and_loudly(
    running_server: RunningServer, trouble: Exception, why: str
) -> None:
    running_server.live(3)
    running_server.disk.trouble = trouble
    running_server.live(2)
    assert running_server.journal.stopped_because == why
    assert running_server.told[0].startswith(
        f"THE JOURNAL STOPPED at row 3: {why}. The server goes on"
    )
    running_server.live(2)
    await until(lambda: running_server.disk.tries > 2)
    assert len(running_server.told) == 1


async def test_when_the_disk_is_well_again_nothing_is_missing(
    running_server: RunningServer,
) -> None:
    running_server.live(3)
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.live(4)
    running_server.disk.trouble = None
    await until(lambda: running_server.journal.stopped_because is None)
    running_server.live(2)
    assert running_server.disk.rows == 9
    assert running_server.told[1:] == ["the journal is written again, and complete"]
    state, reading = read(running_server.content, running_server.world.policy)
    assert without_polls(state) == without_polls(running_server.world.state)
    assert reading.damages == 0


async def test_what_happens_while_the_file_is_made_anew_follows_in_it(
    running_server: RunningServer,
) -> None:
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.disk.gate.clear()
    running_server.live(2)
    running_server.disk.trouble = None
    await until(lambda: running_server.disk.takes_rows)
    running_server.live(3)
    assert running_server.journal.stopped_because, "it is not whole before the new file is there"
    running_server.disk.gate.set()
    await until(lambda: running_server.journal.stopped_because is None)
    assert running_server.disk.rows == 5
    state, _ = read(running_server.content, running_server.world.policy)
    assert without_polls(state) == without_polls(running_server.world.state)


async def test_a_failure_while_the_file_is_made_anew_means_another_try(
    running_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that could not be written then is in neither the snapshot nor what follows."""
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.disk.gate.clear()
    running_server.live(2)
    running_server.disk.trouble = None
    await until(lambda: running_server.disk.takes_rows)
    with monkeypatch.context() as broken:
        broken.setattr(journal_file_module, "encode_row", lambda _: 1 / 0)
        running_server.live(1)
    running_server.live(1)
    running_server.disk.gate.set()
    await until(lambda: running_server.journal.stopped_because is None)
    assert running_server.disk.rows == 4
    state, _ = read(running_server.content, running_server.world.policy)
    assert without_polls(state) == without_polls(running_server.world.state)


async def test_a_deleted_file_is_made_anew(running_server: RunningServer) -> None:
    running_server.live(2)
    await until(lambda: running_server.disk.syncs)
    running_server.disk.path.unlink()
    running_server.live(1)
    await until(lambda: running_server.told)
    await until(lambda: running_server.journal.stopped_because is None)
    state, _ = read(running_server.content, running_server.world.policy)
    assert without_polls(state) == without_polls(running_server.world.state)


async def test_a_deleted_folder_stops_the_journal_and_nothing_else(
    running_server: RunningServer,
) -> None:
    running_server.live(2)
    await until(lambda: running_server.disk.syncs)
    running_server.disk.path.unlink()
    running_server.disk.path.parent.rmdir()
    running_server.live(1)
    await until(lambda: running_server.told)
    assert running_server.journal.stopped_because is not None
    assert not running_server.disk.path.parent.exists()
    running_server.live(1)


async def test_what_follows_in_a_file_that_takes_too_long_is_bounded_and_the_file_tried_again(
    running_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file_module, "MAX_TAIL_BYTES", 1000)
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.disk.gate.clear()
    running_server.live(1)
    running_server.disk.trouble = None
    await until(lambda: running_server.disk.takes_rows)
    running_server.live(100)
    (tail,) = running_server.disk._tails
    assert tail.waiting == []
    running_server.disk.gate.set()
    await until(lambda: running_server.journal.stopped_because is None)
    assert running_server.disk.tries > 2
    state, _ = read(running_server.content, running_server.world.policy)
    assert without_polls(state) == without_polls(running_server.world.state)


async def test_while_stopped_nothing_is_kept_in_memory(
    running_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "TRIED_AGAIN_AFTER_S", (3600,))
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.live(1)
    running_server.live(100)
    assert running_server.disk._tails == []
    assert not running_server.disk.takes_rows


async def test_closing_tries_once_more(
    running_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "TRIED_AGAIN_AFTER_S", (3600,))
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.live(2)
    running_server.disk.trouble = None
    await running_server.journal.close()
    assert running_server.journal.stopped_because is None
    state, _ = read(running_server.content, running_server.world.policy)
    assert without_polls(state) == without_polls(running_server.world.state)


async def test_closing_in_vain_says_that_the_journal_is_incomplete(
    running_server: RunningServer,
) -> None:
    running_server.live(2)
    running_server.disk.trouble = OSError(errno.ENOSPC, "No space left on device")
    running_server.live(2)
    await running_server.journal.close()
    assert running_server.journal.stopped_because == "No space left on device"
    assert running_server.told[-1] == "the journal is incomplete: it ends at row 2"
    assert read(running_server.content, running_server.world.policy)[1].rows == 2


async def test_a_journal_that_cannot_begin_says_so_when_it_starts(folder: PrivateFolder) -> None:
    disk = Disk(folder, OSError(errno.EROFS, "Read-only file system"))
    journal, told = Journal(disk), list[str]()
    journal.begin([])
    journal.note(EVENTS)
    journal.start(list, told.append)
    assert told[0].startswith("THE JOURNAL STOPPED at row 0: Read-only file system")
    await journal.close()
    assert not disk.path.exists()


async def test_a_journal_that_never_started_leaves_the_file_as_it_is(folder: PrivateFolder) -> None:
    folder.replace(NAME, [b"precious"])
    journal = Journal(JournalFile(folder))
    await journal.close()
    assert (folder.path / NAME).read_bytes() == b"precious"
