import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from oidc_sim.files.private_file import (
    SMALL_BYTES,
    make_private_directory,
    open_to_append,
    read_small_file,
    write_private_file,
)


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.usefixtures("no_umask")
def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_private_file(tmp_path / "f", b"secret")
    assert mode(tmp_path / "f") == 0o600
    assert (tmp_path / "f").read_bytes() == b"secret"


@pytest.mark.usefixtures("no_umask")
def test_an_open_file_that_was_there_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    path.chmod(0o666)
    write_private_file(path, b"new")
    assert (mode(path), path.read_bytes()) == (0o600, b"new")


@pytest.mark.usefixtures("no_umask")
def test_a_directory_and_those_above_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    make_private_directory(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / it) for it in ("a", "a/b", "a/b/c")] == [0o700] * 3


@pytest.mark.parametrize("was", [0o777, 0o770, 0o740, 0o710, 0o704, 0o701])
def test_a_directory_that_others_can_enter_is_closed_to_them(tmp_path: Path, was: int) -> None:
    tmp_path.chmod(0o777)
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(was)
    make_private_directory(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o700
    assert mode(tmp_path) == 0o777, "what is above it is not ours to change"


def test_a_directory_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="belongs to another user"):
        make_private_directory(tmp_path)


def test_a_link_of_another_user_is_refused_though_it_leads_to_a_directory_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever made it can let it lead elsewhere next."""
    (tmp_path / "link").symlink_to(tmp_path)
    theirs = SimpleNamespace(st_uid=os.getuid() + 1)
    monkeypatch.setattr(Path, "lstat", lambda _path: theirs)
    with pytest.raises(PermissionError, match="belongs to another user"):
        make_private_directory(tmp_path / "link")


def test_a_file_in_the_place_of_a_directory_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(FileExistsError):
        make_private_directory(tmp_path / "a")
    with pytest.raises(FileExistsError):
        make_private_directory(tmp_path / "a" / "b")


def test_a_planted_link_is_refused_and_never_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "f").symlink_to(target)
    with pytest.raises(FileExistsError, match="no regular file"):
        write_private_file(tmp_path / "f", b"secret")
    assert target.read_bytes() == b"precious"


def test_a_planted_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").symlink_to(tmp_path / "nothing")
    with pytest.raises(FileExistsError):
        write_private_file(tmp_path / "f", b"secret")
    assert not (tmp_path / "nothing").exists()


def test_a_planted_pipe_or_directory_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    for name in ("pipe", "directory"):
        with pytest.raises(FileExistsError, match="no regular file"):
            write_private_file(tmp_path / name, b"secret")
    assert sorted(os.listdir(tmp_path)) == ["directory", "pipe"]  # noqa: PTH208 - names alone


def test_a_device_is_not_replaced_by_a_file() -> None:
    with pytest.raises(FileExistsError, match="no regular file"):
        write_private_file(Path(os.devnull), b"secret")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)  # noqa: PTH116


def test_the_other_name_of_a_linked_file_keeps_its_content(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"old")
    os.link(tmp_path / "other", tmp_path / "f")
    write_private_file(tmp_path / "f", b"secret")
    assert (tmp_path / "other").read_bytes() == b"old"
    assert (tmp_path / "f").read_bytes() == b"secret"


def test_a_link_planted_under_the_temporary_name_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / f".f.{os.getpid()}").symlink_to(target)
    write_private_file(tmp_path / "f", b"secret")
    assert target.read_bytes() == b"precious"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["f", "target"]


def test_a_file_planted_at_the_last_moment_is_not_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / f".f.{os.getpid()}"
    real = os.open

    def open_after_plant(path: Path, flags: int, mode: int = 0o777) -> int:
        os.close(real(planted, os.O_CREAT, 0o666))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", open_after_plant)
    with pytest.raises(FileExistsError):
        write_private_file(tmp_path / "f", b"secret")
    assert planted.read_bytes() == b""


def test_a_file_that_cannot_be_written_whole_is_not_there_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", is_full)
    (tmp_path / "f").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        write_private_file(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "f"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    path = tmp_path / "f"
    path.write_bytes(b"old")
    real = os.fsync

    def look(descriptor: int) -> None:
        seen.append(path.read_bytes())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    write_private_file(path, b"new")
    assert seen == [b"old"]
    assert path.read_bytes() == b"new"


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_private_file(tmp_path / "no" / "f", b"")


def test_a_small_file_is_read_and_nothing_keeps_its_reader_waiting(tmp_path: Path) -> None:
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.write_bytes(b"x" * 2 * SMALL_BYTES)
    assert read_small_file(file) == b"x" * SMALL_BYTES
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(FileExistsError, match="is no regular file"):
            read_small_file(path)


@pytest.mark.usefixtures("no_umask")
def test_what_is_appended_to_becomes_private_and_is_begun_by_us_alone(tmp_path: Path) -> None:
    path, stranger = tmp_path / "ours", tmp_path / "stranger"
    for number, mode_before in enumerate((0o666, 0o644)):
        descriptor = open_to_append(path, b"ours")
        assert mode(path) == 0o600
        os.write(descriptor, b"ours %d\n" % number)
        os.close(descriptor)
        path.chmod(mode_before)
    assert path.read_bytes() == b"ours 0\nours 1\n"
    stranger.write_bytes(b"our")
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "other name").hardlink_to(path)
    for refused in (stranger, path, tmp_path / "link", tmp_path / "none" / "x"):
        with pytest.raises(OSError, match=r"wrote it|no plain file|symbolic|No such"):
            open_to_append(refused, b"ours")
    assert mode(path) == 0o644
