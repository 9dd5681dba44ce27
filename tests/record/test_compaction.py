"""A journal that is made smaller while it is written and synced: nothing is lost, whenever it ends."""

import asyncio
import errno
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.engine.commands import RegisterClient
from oidc_sim.engine.events import ClientRegistered
from oidc_sim.engine.model import Policy
from oidc_sim.files.private_folder import PrivateFolder
from oidc_sim.record.journal import journal as journal_module
from oidc_sim.record.journal.file import SHORT_TAIL_BYTES, JournalFile
from oidc_sim.settings.model import Settings
from oidc_sim.simulator import persistence
from oidc_sim.simulator.persistence import Kept, open_kept
from oidc_sim.simulator.simulator import Simulator
from tests.record.busy_world import AllIds
from tests.record.journals import read
from tests.waiting import PATIENCE_S, until

GROWN_BYTES = 20_000


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[PrivateFolder]:
    opened = PrivateFolder.open(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
def file(folder: PrivateFolder) -> Iterator[JournalFile]:
    """One with more in it than is true."""
    opened = JournalFile(folder, compacted_from_bytes=1000)
    opened.rewrite([])
    for number in range(10):
        opened.append([registered(number % 3)])
    yield opened
    opened.close()


def registered(number: int) -> ClientRegistered:
    return ClientRegistered(
        at=1.0,
        client_id=f"client-{number}",
        secret_digest="0" * 64,
        name="pc",
        scopes=(),
        grant_types=(),
        redirect_uris=(),
        expires_at=2.0,
    )


def clients(path: Path) -> list[str]:
    """Who is registered, by the file as it is now: what a kill would leave."""
    state, reading = read(path.read_bytes(), Policy())
    assert (reading.damages, reading.is_torn) == (0, False)
    return list(state.clients)


def register(simulator: Simulator) -> None:
    simulator.dispatch(RegisterClient(name="pc", client_type="public"))


async def test_while_it_is_compacted_it_can_be_synced_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is under way when a new file is as good as made: before, the sync took it for closed."""
    is_made, may_go_on = hold_compaction(monkeypatch)
    kept, simulator = process(tmp_path, monkeypatch)
    told: list[str] = []
    kept.start(simulator, told.append)
    assert kept.journal is not None
    while (tmp_path / "journal.jsonl").stat().st_size <= GROWN_BYTES:
        register(simulator)
        await asyncio.sleep(0)
    await until(is_made.is_set)
    await kept.journal._sync()
    assert (kept.journal.stopped_because, told) == (None, [])
    register(simulator)
    assert clients(tmp_path / "journal.jsonl") == list(simulator.state.clients)
    may_go_on.set()
    await kept.close()
    assert clients(tmp_path / "journal.jsonl") == list(simulator.state.clients)
    assert told == []


def hold_compaction(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Let a file that is made anew in a thread wait at its sync."""
    is_made, may_go_on = threading.Event(), threading.Event()
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        thread = threading.current_thread()
        if thread is not threading.main_thread() and "sync" not in thread.name:
            is_made.set()
            assert may_go_on.wait(PATIENCE_S)
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return is_made, may_go_on


def process(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Kept, Simulator]:
    """One whose journal is soon compacted, and synced when the test says so."""
    state_dir.chmod(0o700)
    file = partial(JournalFile, compacted_from_bytes=GROWN_BYTES)
    monkeypatch.setattr(persistence, "JournalFile", file)
    monkeypatch.setattr(journal_module, "SYNCED_AFTER_S", 3600)
    settings = Settings.model_validate({"state_dir": state_dir})
    kept = open_kept(settings, {})
    simulator = Simulator(settings.policy(), AllIds(), sink=kept.sink)
    kept.restore(simulator, simulator.now())
    return kept, simulator


@pytest.mark.parametrize("is_unreadable", [False, True])
async def test_rows_lost_on_the_disk_are_noticed_and_written_anew_from_what_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_unreadable: bool
) -> None:
    monkeypatch.setattr(journal_module, "TRIED_AGAIN_AFTER_S", (0.001,))
    kept, simulator = process(tmp_path, monkeypatch)
    told: list[str] = []
    kept.start(simulator, told.append)
    path = tmp_path / "journal.jsonl"
    register(simulator)
    if is_unreadable:
        fail(monkeypatch, "pread", errno.EIO)
    else:
        damage(path)
    while path.stat().st_size <= GROWN_BYTES:
        register(simulator)
    await until(lambda: len(told) == 2)
    assert f"{'Input/output error' if is_unreadable else 'rows of it are damaged'}. " in told[0]
    assert told[1] == "the journal is written again, and complete"
    assert clients(path) == list(simulator.state.clients)
    await kept.close()


def damage(path: Path) -> None:
    """Change a byte of the last row where it is."""
    with path.open("r+b") as file:
        file.seek(-5, os.SEEK_END)
        file.write(b"?")


async def test_a_journal_that_cannot_be_made_smaller_is_written_on_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, simulator = process(tmp_path, monkeypatch)
    told: list[str] = []
    kept.start(simulator, told.append)
    path = tmp_path / "journal.jsonl"
    with monkeypatch.context() as broken:
        fail(broken, "rename", errno.ENOSPC)
        while path.stat().st_size <= GROWN_BYTES:
            register(simulator)
        await until(lambda: told)
    assert told == [
        "the journal is complete, but could not be made smaller: No space left on device"
    ]
    assert not kept.is_incomplete
    register(simulator)
    assert clients(path) == list(simulator.state.clients)
    await kept.close()
    assert not path.with_name("journal.jsonl.new").exists()


def fail(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """Let a call to the kernel end with this error."""

    def call(*_arguments: Any, **_options: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, call)


def test_what_could_not_be_made_smaller_is_tried_again_when_it_is_twice_as_large(
    file: JournalFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_due = [file.has_grown]
    with monkeypatch.context() as broken:
        fail(broken, "rename", errno.EIO)
        with pytest.raises(OSError, match="Input/output"):
            file.compact()
    is_due.append(file.has_grown)
    for number in range(11):
        file.append([registered(number)])
    is_due.append(file.has_grown)
    assert is_due == [True, False, True]


def test_killed_at_any_moment_of_it_nothing_that_was_written_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each call to the kernel; rows come whenever a sync takes its time."""
    moments = 0
    while is_killed(tmp_path / str(moments), moments, monkeypatch):
        moments += 1
    assert moments > 10


def is_killed(state_dir: Path, moment: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Compact a file, and end at this moment; False when it was over by then."""
    file = JournalFile(PrivateFolder.open(state_dir), compacted_from_bytes=1000)
    file.rewrite([])
    written: list[str] = []

    def append() -> None:
        number = len(written)
        file.append([registered(number)])
        written.append(f"client-{number}")

    for _ in range(10):
        append()
    with monkeypatch.context() as watched:
        kill_at(watched, moment, while_syncing=append)
        try:
            file.compact()
        except Killed:
            was_killed = True
        else:
            was_killed = False
    assert clients(file.path)[: len(written)] == written
    return was_killed


def kill_at(
    monkeypatch: pytest.MonkeyPatch, moment: int, while_syncing: Callable[[], None]
) -> None:
    """Be killed at the call of this number, from 0, and be dead from then on."""
    calls = 0

    def watch(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > moment:
                raise Killed
            if name == "fsync":
                while_syncing()
            return real(*arguments, **options)

        return call

    for name in ("open", "write", "fsync", "rename", "unlink", "close", "dup", "pread"):
        monkeypatch.setattr(os, name, watch(name, getattr(os, name)))


def test_of_what_comes_meanwhile_little_is_left_for_the_moment_of_exchange(
    file: JournalFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop may be waiting for that one."""
    busy = [registered(number) for number in range(1000)]
    sizes: list[int] = []
    real_write, real_fsync, real_rename = os.write, os.fsync, os.rename

    def write(descriptor: int, data: bytes | memoryview) -> int:
        sizes.append(len(data))
        return real_write(descriptor, data)

    def fsync(descriptor: int) -> None:
        """Two seconds of a flood, then less of it."""
        if busy:
            file.append(busy[-400:])
            del busy[-400:]
        real_fsync(descriptor)

    def rename(*arguments: Any, **options: Any) -> None:
        sizes.append(-1)
        real_rename(*arguments, **options)

    for name, call in (("write", write), ("fsync", fsync), ("rename", rename)):
        monkeypatch.setattr(os, name, call)
    file.compact()
    assert max(sizes) > SHORT_TAIL_BYTES
    assert 0 <= sizes[sizes.index(-1) - 1] <= SHORT_TAIL_BYTES
    assert sorted(clients(file.path)) == sorted(f"client-{number}" for number in range(1000))
    assert file.rows == 3 + 1000


def test_a_sync_of_the_old_file_that_fails_late_says_nothing_of_the_new_one(
    file: JournalFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", real_fsync)
        file.compact()
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    file.sync()
    file.append([registered(20)])
    assert clients(file.path) == ["client-0", "client-1", "client-2", "client-20"]


def test_who_waits_for_the_end_does_not_wait_for_it(file: JournalFile) -> None:
    file.hurry()
    with pytest.raises(OSError, match="the program ends"):
        file.compact()
    file.append([registered(20)])
    assert file.rows == 11
    assert clients(file.path)[-1] == "client-20"
