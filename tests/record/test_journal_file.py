"""The file: whole rows or nothing, whatever the disk does."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from oidc_sim.engine.events import ClientForgotten, DecisionMade, Event
from oidc_sim.engine.model import Actor, Decision, State
from oidc_sim.files.private_folder import PrivateFolder, UnsafeError
from oidc_sim.record.journal.file import NAME, JournalFile
from oidc_sim.record.journal.journal import DAMAGED_KEPT, DAMAGED_NAME, MAX_BYTES, load
from oidc_sim.record.journal.rows import encode_row
from tests.record.busy_world import FULL, POLICY, run
from tests.record.journals import kept, lines, long_journal, read, without_polls

ROOT = Path(__file__).parents[2]
EVENTS = kept(run(FULL).events)
WITH_A_LIMIT = """
import resource, sys
from pathlib import Path
from oidc_sim.files.private_folder import PrivateFolder
from oidc_sim.record.journal.file import JournalFile
from tests.record.test_journal_file import EVENTS
file = JournalFile(PrivateFolder.open(Path(sys.argv[1])))
file.rewrite([])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    while True:
        file.append(EVENTS[:3])
except OSError as error:
    print(error.errno, file.rows)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[PrivateFolder]:
    opened = PrivateFolder.open(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
def file(folder: PrivateFolder) -> Iterator[JournalFile]:
    opened = JournalFile(folder)
    opened.rewrite([])
    yield opened
    opened.close()


def content(file: JournalFile) -> bytes:
    return file.path.read_bytes()


def test_what_is_appended_is_in_the_file_row_by_row(file: JournalFile) -> None:
    file.append(EVENTS[:5])
    file.append(EVENTS[5:])
    file.sync()
    assert content(file) == b"".join(lines(EVENTS))
    assert file.rows == len(EVENTS)


def test_a_rewrite_leaves_only_what_is_given(file: JournalFile) -> None:
    file.append(EVENTS)
    file.rewrite([encode_row(EVENTS[0])])
    file.append(EVENTS[1:2])
    assert content(file) == b"".join(lines(EVENTS[:2]))
    assert file.rows == 2
    assert [it.name for it in file.path.parent.iterdir()] == [NAME]


def break_writes(monkeypatch: pytest.MonkeyPatch, after: int, number: int) -> None:
    """Let the disk take this many bytes more, and then fail."""
    real_write = os.write
    left = after

    def write(descriptor: int, data: bytes | memoryview) -> int:
        nonlocal left
        if not left:
            raise OSError(number, os.strerror(number))
        written = real_write(descriptor, bytes(data[:left]))
        left -= written
        return written

    monkeypatch.setattr(os, "write", write)


@pytest.mark.parametrize("after", [0, 1, 100, 1000])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG])
def test_a_write_that_fails_leaves_no_half_row(
    file: JournalFile, monkeypatch: pytest.MonkeyPatch, after: int, number: int
) -> None:
    file.append(EVENTS[:3])
    whole = content(file)
    with monkeypatch.context() as broken:
        break_writes(broken, after, number)
        with pytest.raises(OSError, match=r".") as failure:
            file.append(EVENTS[3:])
    assert failure.value.errno == number
    assert content(file) == whole
    assert file.rows == 3
    with pytest.raises(OSError, match="closed"):
        file.append(EVENTS[3:])
    assert content(file) == whole
    file.rewrite(map(encode_row, EVENTS))
    file.append(EVENTS[:1])
    assert content(file) == b"".join(lines([*EVENTS, EVENTS[0]]))


def test_a_short_write_is_carried_on(file: JournalFile, monkeypatch: pytest.MonkeyPatch) -> None:
    real_write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real_write(fd, data[:7]))
    file.append(EVENTS)
    assert content(file) == b"".join(lines(EVENTS))


def test_a_limit_on_the_size_of_files_leaves_whole_rows(tmp_path: Path) -> None:
    """The kernel's own: it writes a part of a row before it refuses (T-43)."""
    command = [sys.executable, "-c", WITH_A_LIMIT, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    number, rows = map(int, told.split())
    assert number == errno.EFBIG
    data = (tmp_path / NAME).read_bytes()
    assert 3000 < len(data) <= 4096
    _, reading = read(data)
    assert (reading.rows, reading.is_torn, reading.damages) == (rows, False, 0)


def test_a_full_device_is_told_of(file: JournalFile) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    assert file._descriptor is not None
    os.dup2(full, file._descriptor)
    os.close(full)
    with pytest.raises(OSError, match="No space left"):
        file.append(EVENTS)


def test_a_deleted_or_moved_file_is_noticed_at_the_next_sync(file: JournalFile) -> None:
    for lose in (file.path.unlink, lambda: file.path.rename(file.path.with_name("moved"))):
        file.append(EVENTS[:1])
        file.sync()
        lose()
        with pytest.raises(OSError, match="moved or deleted"):
            file.sync()
        with pytest.raises(OSError, match="closed"):
            file.append(EVENTS[:1])
        file.rewrite([])


def test_a_failing_sync_closes_the_file(file: JournalFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what is on the disk after that: it is written anew."""

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="Input/output"):
            file.sync()
    with pytest.raises(OSError, match="closed"):
        file.append(EVENTS)


def test_a_rewrite_that_fails_leaves_the_old_file(file: JournalFile) -> None:
    file.append(EVENTS)

    def rows() -> Iterator[bytes]:
        yield encode_row(EVENTS[0])
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        file.rewrite(rows())
    assert content(file) == b"".join(lines(EVENTS))


def test_a_file_that_grew_is_compacted_to_what_is_true(folder: PrivateFolder) -> None:
    file = JournalFile(folder, compacted_from_bytes=20_000)
    file.rewrite([])
    events = [*EVENTS, *(decision(EVENTS) for _ in range(1000))]
    largest = 0
    for at in range(0, len(events), 10):
        file.append(events[at : at + 10])
        if file.has_grown:
            file.compact()
        largest = max(largest, file.path.stat().st_size)
    assert len(b"".join(lines(events))) > 20_000
    assert largest < 40_000
    state, reading = read(content(file))
    assert without_polls(state) == without_polls(read(b"".join(lines(events)))[0])
    assert reading.rows == file.rows
    file.close()


def decision(events: list[Event]) -> DecisionMade:
    """One that changes something each time, and whose history is bounded."""
    user_code = next(it.user_code for it in events if isinstance(it, DecisionMade))
    return DecisionMade(at=2.0, user_code=user_code, decision=Decision.APPROVE, by=Actor.SCRIPT)


def test_a_large_state_is_not_compacted_again_and_again(folder: PrivateFolder) -> None:
    file = JournalFile(folder, compacted_from_bytes=10)
    file.rewrite(map(encode_row, EVENTS))
    inode = file.path.stat().st_ino
    file.append(EVENTS[:3])
    assert not file.has_grown
    assert file.path.stat().st_ino == inode
    file.close()


def load_from(folder: PrivateFolder, data: bytes) -> State:
    folder.replace(NAME, [data])
    state = State(policy=POLICY)
    load(folder, state)
    return state


def test_without_a_journal_nothing_is_read(folder: PrivateFolder) -> None:
    state = State()
    assert load(folder, state).rows == 0
    assert state == State()


def test_a_journal_that_cannot_be_read_in_full_is_kept_aside(folder: PrivateFolder) -> None:
    data = b"".join(long_journal(50)).replace(b"at", b"ta", 1)
    load_from(folder, data)
    assert (folder.path / DAMAGED_NAME).read_bytes() == data
    assert (folder.path / DAMAGED_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [0, 10])
def test_a_journal_that_is_whole_or_torn_is_not_kept_aside(folder: PrivateFolder, cut: int) -> None:
    data = b"".join(long_journal(50))
    load_from(folder, data[: len(data) - cut])
    assert not (folder.path / DAMAGED_NAME).exists()


def test_a_huge_file_is_refused_before_it_is_read(folder: PrivateFolder) -> None:
    folder.replace(NAME, [b""])
    os.truncate(folder.path / NAME, MAX_BYTES + 1)
    with pytest.raises(UnsafeError, match="too large to be a journal"):
        load(folder, State())


def test_a_closed_file_takes_nothing(folder: PrivateFolder) -> None:
    file = JournalFile(folder)
    with pytest.raises(OSError, match="closed"):
        file.append([ClientForgotten(at=1, client_id="x")])
    file.sync()
    file.compact()
    file.close()
    assert not file.path.exists()


def test_an_earlier_damaged_journal_is_not_overwritten_up_to_a_bound(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    kept: list[str | None] = []
    for number in range(DAMAGED_KEPT + 2):
        (tmp_path / NAME).write_bytes(b"damage %d\n" % number)
        with closing(PrivateFolder.open(tmp_path)) as folder:
            kept.append(load(folder, State()).kept_as)
    assert kept[:3] == [DAMAGED_NAME, "journal.damaged-2.jsonl", "journal.damaged-3.jsonl"]
    assert kept[-2:] == [kept[DAMAGED_KEPT - 1]] * 2
    assert (tmp_path / DAMAGED_NAME).read_bytes() == b"damage 0\n"
