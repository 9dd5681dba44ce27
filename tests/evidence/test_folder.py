"""Evidence on the disk: new, private, and never over anything."""

import stat
from pathlib import Path

import pytest

from oidc_sim.evidence.folder import reason, write_folder
from oidc_sim.evidence.writing import write_taken
from tests.evidence.world import seen
from tests.tui.showing import in_utc

AT = 1795522272.0
NAME = "oidc-sim-evidence-20261124-121112"


@pytest.fixture(autouse=True)
def _in_utc() -> object:
    with in_utc():
        yield


def test_the_owner_alone_may_read_it(tmp_path: Path) -> None:
    folder = write_folder({"a": b"1"}, AT, tmp_path)
    assert folder == tmp_path / NAME
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o600
    assert (folder / "a").read_bytes() == b"1"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    folders = [write_folder({"a": b"%d" % n}, AT, tmp_path) for n in range(2)]
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
