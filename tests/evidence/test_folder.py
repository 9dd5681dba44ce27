"""Evidence on the disk: new, private, and never over anything."""

import errno
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.actions.aside import AbandonedError
from oidc_sim.evidence.evidence import write_taken
from oidc_sim.evidence.folder import json_pieces, reason, write_folder
from tests.evidence.world import seen
from tests.tui.showing import in_utc

AT = 1795522272.0
NAME = "oidc-sim-evidence-20261124-121112"


@pytest.fixture(autouse=True)
def _in_utc() -> object:
    with in_utc():
        yield


def test_the_owner_alone_may_read_it(tmp_path: Path) -> None:
    folder = write_folder({"a": [b"1"]}, AT, tmp_path)
    assert folder == tmp_path / NAME
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o600
    assert (folder / "a").read_bytes() == b"1"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    folders = [write_folder({"a": [b"%d" % n]}, AT, tmp_path) for n in range(2)]
    assert [it.name for it in folders] == [f"{NAME}-2", f"{NAME}-3"]
    assert (folders[0] / "a").read_bytes() == b"0"
    assert not (tmp_path / "elsewhere").exists()


def test_after_very_many_of_one_second_it_gives_up(tmp_path: Path) -> None:
    for _ in range(99):
        write_folder({}, AT, tmp_path)
    with pytest.raises(FileExistsError):
        write_folder({}, AT, tmp_path)


def test_what_came_of_it_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = seen()
    taken = world.taken(number=4)
    told = write_taken(taken, Path())
    assert told == "wrote oidc-sim-evidence-20261124-121114/: request #4, 1 request, secrets cut"
    assert len(list(tmp_path.glob("oidc-sim-evidence-*/*"))) == 3


def test_where_nothing_can_be_written_the_reason_is_one_line(tmp_path: Path) -> None:
    told = write_taken(seen().taken(), tmp_path / "nowhere")
    assert told == "cannot write evidence: No such file or directory"
    assert reason(OSError("odd")) == "cannot write evidence: odd"


def left_in(path: Path) -> list[str]:
    return sorted(str(it.relative_to(path)) for it in path.rglob("*"))


class After:
    """Does something right after the first call of a function of ``os`` that a test picks."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, name: str, then: Callable[[Any], None], call: int = 1
    ) -> None:
        self._real, self._then, self._left = getattr(os, name), then, call
        monkeypatch.setattr(os, name, self)

    def __call__(self, *args: Any, **named: Any) -> Any:
        result = self._real(*args, **named)
        self._left -= 1
        if self._left == 0:
            self._then(result)
        return result


def swapped(where: Path, elsewhere: Path) -> Callable[[Any], None]:
    """Somebody puts a link in the place of the new directory."""

    def swap(_result: Any) -> None:
        (where / NAME).rename(where / "moved")
        (where / NAME).symlink_to(elsewhere)

    return swap


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere"
    path.mkdir(0o700)
    return path


def test_a_link_in_place_of_the_new_directory_leads_nowhere(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    After(monkeypatch, "mkdir", swapped(tmp_path, elsewhere))
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        write_folder({"a": [b"1"]}, AT, tmp_path)
    assert left_in(elsewhere) == []


def test_another_directory_in_its_place_is_not_written_to(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "ours").write_bytes(b"1")

    def swap(_result: Any) -> None:
        (tmp_path / NAME).rmdir()
        elsewhere.rename(tmp_path / NAME)

    After(monkeypatch, "mkdir", swap)
    with pytest.raises(PermissionError, match="another directory"):
        write_folder({"a": [b"1"]}, AT, tmp_path)
    assert left_in(tmp_path / NAME) == ["ours"]


def test_a_link_that_comes_later_changes_nothing(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    After(monkeypatch, "fstat", swapped(tmp_path, elsewhere))
    write_folder({"a": [b"1"]}, AT, tmp_path)
    assert left_in(elsewhere) == []
    assert left_in(tmp_path / "moved") == ["a"]


@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
def test_what_somebody_puts_into_it_is_not_written_to(
    kind: str, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = elsewhere / "target"
    if kind != "dangling link":
        target.write_bytes(b"theirs")

    def plant(_result: Any) -> None:
        planted = tmp_path / NAME / "a"
        if kind == "file":
            target.rename(planted)
        else:
            planted.symlink_to(target)

    After(monkeypatch, "listdir", plant)
    with pytest.raises(FileExistsError):
        write_folder({"a": [b"1"]}, AT, tmp_path)
    assert {it.read_bytes() for it in tmp_path.rglob("*") if it.is_file()} <= {b"theirs"}
    assert target.exists() == (kind == "link")


@pytest.mark.parametrize("has_descriptors", [True, False])
def test_where_the_disk_is_full_nothing_stays(
    *, has_descriptors: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_descriptors:
        monkeypatch.setattr(os, "supports_dir_fd", set())

    def full() -> Iterator[bytes]:
        yield b"1"
        assert {"INCOMPLETE", "a", "b"} == {it.name for it in (tmp_path / NAME).iterdir()}
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_folder({"a": [b"1"], "b": full()}, AT, tmp_path)
    assert left_in(tmp_path) == []


def test_what_cannot_be_taken_away_says_that_it_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> Iterator[bytes]:
        monkeypatch.setattr(os, "unlink", read_only)
        yield b"1"
        raise OSError(errno.ENOSPC, "No space left on device")

    def read_only(*_args: Any, **_named: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with pytest.raises(OSError, match="No space"):
        write_folder({"a": full()}, AT, tmp_path)
    assert left_in(tmp_path) == [NAME, f"{NAME}/INCOMPLETE", f"{NAME}/a"]


def test_work_that_is_abandoned_leaves_nothing(tmp_path: Path) -> None:
    steps = iter([None, None])

    def go_on() -> None:
        if next(steps, 1):
            raise AbandonedError

    with pytest.raises(AbandonedError):
        write_folder({"a": [b"1"], "b": [b"2", b"3"]}, AT, tmp_path, go_on)
    assert left_in(tmp_path) == []


def test_without_descriptors_it_writes_by_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set())
    folder = write_folder({"a": [b"1", b"2"]}, AT, tmp_path)
    assert (folder / "a").read_bytes() == b"12"
    assert left_in(folder) == ["a"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_json_in_pieces_is_the_same_json() -> None:
    value = {"a": [1, {"b": None}], "é": {"log": {"entries": [{"x": "\x7f"}], "y": []}}, "z": "t"}
    for between in ("", "\n"):
        pieces = list(json_pieces(value, between))
        assert json.loads(b"".join(pieces)) == value
        assert max(map(len, pieces)) < 30
