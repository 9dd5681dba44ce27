"""A folder that cannot be led elsewhere, whatever is planted in it."""

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.files.private_folder import InUseError, PrivateFolder, UnsafeError, danger_above

ROOT = Path(__file__).parents[2]
NAME = "file"
HOLD_LOCK = """
import sys
from pathlib import Path
from typing import Any
from oidc_sim.files.private_folder import PrivateFolder
folder = PrivateFolder.open(Path(sys.argv[1]))
folder.lock("lock")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def wide_umask() -> Iterator[None]:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[PrivateFolder]:
    opened = PrivateFolder.open(tmp_path / "state")
    yield opened
    opened.close()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("wide_umask")
def test_directories_and_files_are_for_the_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    folder = PrivateFolder.open(tmp_path / "a" / "b" / "state")
    folder.lock("lock")
    folder.replace(NAME, [b"x"])
    folder.close()
    assert [mode(tmp_path / it) for it in ("a", "a/b", "a/b/state")] == [0o700] * 3
    assert [mode(it) for it in (tmp_path / "a/b/state").iterdir()] == [0o600] * 2


def test_a_file_that_others_could_read_is_closed_to_them(folder: PrivateFolder) -> None:
    folder.replace(NAME, [b"x"])
    (folder.path / NAME).chmod(0o644)
    descriptor = folder.open_to_read(NAME)
    assert descriptor is not None
    os.close(descriptor)
    assert mode(folder.path / NAME) == 0o600


def plant_link(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(b"precious")
    path.symlink_to(target)


def plant_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def plant_hard_link(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(b"precious")
    path.hardlink_to(target)


def plant_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


PLANTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link": (plant_link, "is a symbolic link"),
    "a link to nothing": (plant_dangling_link, "is a symbolic link"),
    "a second name": (plant_hard_link, "has a second name"),
    "a FIFO": (os.mkfifo, "is no plain file"),
    "a directory": (Path.mkdir, "is (a directory|no plain file)"),
    "a socket": (plant_socket, "is no plain file"),
}
OPENINGS: dict[str, Callable[[PrivateFolder], object]] = {
    "to read": lambda folder: folder.open_to_read(NAME),
    "to lock": lambda folder: folder.lock(NAME),
}


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("plant", PLANTS)
def test_what_was_planted_is_refused_in_one_line_and_left_alone(
    folder: PrivateFolder, plant: str, opening: str
) -> None:
    make, reason = PLANTS[plant]
    make(folder.path / NAME)
    with pytest.raises(UnsafeError, match=f"^{folder.path / NAME} {reason}.*$"):
        OPENINGS[opening](folder)
    target = folder.path / "target"
    assert not target.exists() or target.read_bytes() == b"precious"
    assert not (folder.path / "nowhere").exists()


@pytest.mark.parametrize("plant", [plant_link, plant_dangling_link, plant_hard_link, os.mkfifo])
def test_a_plant_where_a_new_file_is_made_is_replaced_not_followed(
    folder: PrivateFolder, plant: Callable[[Path], None]
) -> None:
    plant(folder.path / f"{NAME}.new")
    folder.replace(NAME, [b"ours"])
    assert (folder.path / NAME).read_bytes() == b"ours"
    assert (folder.path / NAME).stat().st_nlink == 1
    target = folder.path / "target"
    assert not target.exists() or target.read_bytes() == b"precious"


def test_a_directory_where_a_new_file_is_made_stops_it(folder: PrivateFolder) -> None:
    (folder.path / f"{NAME}.new").mkdir()
    with pytest.raises(OSError, match=r"."):
        folder.replace(NAME, [b"ours"])
    assert not (folder.path / NAME).exists()


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").symlink_to("elsewhere")
    with pytest.raises(UnsafeError, match=r"state is a symbolic link; remove it$"):
        PrivateFolder.open(tmp_path / "state")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    with pytest.raises(UnsafeError, match=r"state is no directory; move it away$"):
        PrivateFolder.open(tmp_path / "state")


@pytest.mark.parametrize("others", [0o020, 0o002])
def test_a_folder_that_others_may_write_in_is_refused(tmp_path: Path, others: int) -> None:
    tmp_path.chmod(0o700 | others)
    with pytest.raises(UnsafeError, match="others may write in"):
        PrivateFolder.open(tmp_path)


def test_a_folder_and_a_file_of_another_user_are_refused(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.replace(NAME, [b"x"])
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    with pytest.raises(UnsafeError, match="belongs to another user"):
        folder.open_to_read(NAME)
    with pytest.raises(UnsafeError, match="belongs to another user"):
        PrivateFolder.open(folder.path)


def test_a_file_that_is_not_there_is_none(folder: PrivateFolder) -> None:
    assert folder.open_to_read(NAME) is None


def test_a_replacement_that_fails_leaves_the_old_file_and_nothing_else(
    folder: PrivateFolder,
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise OSError(errno.ENOSPC, "No space left on device")

    folder.replace(NAME, [b"old"])
    with pytest.raises(OSError, match="No space left"):
        folder.replace(NAME, pieces())
    assert [it.name for it in folder.path.iterdir()] == [NAME]
    assert (folder.path / NAME).read_bytes() == b"old"


def test_a_folder_moved_away_is_still_the_one_that_is_written_in(folder: PrivateFolder) -> None:
    """Whoever can put another in its place cannot lead us there."""
    moved = folder.path.rename(folder.path.with_name("moved"))
    folder.path.mkdir()
    folder.replace(NAME, [b"ours"])
    assert list(folder.path.iterdir()) == []
    assert (moved / NAME).read_bytes() == b"ours"


def test_a_deleted_folder_is_not_made_again(folder: PrivateFolder) -> None:
    folder.path.rmdir()
    with pytest.raises(FileNotFoundError):
        folder.replace(NAME, [b"ours"])
    assert not folder.path.exists()


def test_a_file_goes_by_its_name_until_it_is_moved_replaced_or_deleted(
    folder: PrivateFolder,
) -> None:
    folder.replace(NAME, [b"x"])
    descriptor = folder.open_to_read(NAME)
    assert descriptor is not None
    assert folder.names(NAME, descriptor)
    folder.replace(NAME, [b"y"])
    assert not folder.names(NAME, descriptor)
    (folder.path / NAME).unlink()
    assert not folder.names(NAME, descriptor)
    os.close(descriptor)


def test_a_lock_names_the_process_that_holds_it_and_goes_with_it(folder: PrivateFolder) -> None:
    command = [sys.executable, "-c", HOLD_LOCK, str(folder.path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT) as other:
        assert other.stdout
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(InUseError, match=f"^process {other.pid} uses {folder.path}$"):
            folder.lock("lock")
        other.kill()
    folder.lock("lock")
    assert (folder.path / "lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("text", [b"", b"none\n", b"\xff\n"])
def test_a_lock_without_a_readable_number_is_still_a_lock(
    folder: PrivateFolder, text: bytes
) -> None:
    folder.lock("lock")
    (folder.path / "lock").write_bytes(text)
    other = PrivateFolder.open(folder.path)
    with pytest.raises(InUseError, match=r"^another process uses"):
        other.lock("lock")
    other.close()


def test_closing_lets_go_of_the_lock(folder: PrivateFolder) -> None:
    other = PrivateFolder.open(folder.path)
    other.lock("lock")
    other.close()
    folder.lock("lock")


def test_what_is_put_in_place_of_a_file_is_on_the_disk_before_it(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut may leave an empty file where the old one was."""
    folder.replace(NAME, [b"old"])
    done: list[object] = []
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(descriptor: int) -> None:
        done.append(os.fstat(descriptor).st_size)
        real_fsync(descriptor)

    def rename(*args: Any, **named: Any) -> None:
        done.append("rename")
        real_rename(*args, **named)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    folder.replace(NAME, [b"a", b"bc"])
    assert done[:2] == [3, "rename"], "all of it, then its name"
    assert len(done) == 3, "and the directory"


def test_a_path_of_ours_is_in_no_danger(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "loop").symlink_to("loop")
    sticky = tmp_path / "sticky"
    sticky.mkdir()
    sticky.chmod(0o1777)
    for path in ("a/state", "link/state", "loop/state", "missing/state", "sticky/x/state"):
        assert danger_above(tmp_path / path) is None


@pytest.mark.parametrize("bits", [0o775, 0o757, 0o777])
@pytest.mark.parametrize(
    "path", ["open/state", "open/a/b/state", "open/missing/state", "link/state", "open/../a/state"]
)
def test_others_who_may_write_above_can_replace_it(tmp_path: Path, path: str, bits: int) -> None:
    place = tmp_path / "open"
    (place / "a" / "b").mkdir(parents=True)
    (tmp_path / "a").mkdir()
    (place / "to").symlink_to("a")
    (tmp_path / "link").symlink_to("open/to")
    place.chmod(bits)
    state = tmp_path / path
    assert danger_above(state) == (
        f"others may write in {place}, and replace {state}: chmod go-w {place}"
    )


def test_a_directory_above_that_is_another_users_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, uid = tmp_path / "theirs", os.getuid()
    theirs.mkdir()
    if uid == 0:
        os.chown(theirs, 65534, -1)
    else:
        monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    state = theirs / "state"
    assert danger_above(state) == f"{theirs} belongs to another user, who can replace {state}"
