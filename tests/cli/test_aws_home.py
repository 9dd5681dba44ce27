"""The AWS home of a command: complete, private, gone afterwards, and the person's own untouched."""

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from oidc_sim.cli.exec import MARKER, Sso, aws_home, config, mark, sweep_homes
from oidc_sim.cli.running import Process

SSO = Sso(
    url="http://127.0.0.1:8990",
    region="eu-west-1",
    account_id="111122223333",
    role_name="ReadOnlyAccess",
)


@pytest.fixture(autouse=True)
def _temporary_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Homes that stay go with the test's own directory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def real_home(tmp_path: Path) -> Path:
    home = tmp_path / "real"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text("precious")
    (home / ".npmrc").write_text("registry")
    (home / ".pyenv").mkdir()
    (home / "dangling").symlink_to("nowhere")
    return home


def test_the_home_is_private_whatever_the_umask(real_home: Path) -> None:
    before = os.umask(0)
    try:
        with aws_home(SSO, str(real_home)) as home:
            modes = {it: stat.S_IMODE(it.stat().st_mode) for it in (home, *home.glob(".aws/*"))}
    finally:
        os.umask(before)
    assert modes == {
        home: 0o700,
        home / ".aws/config": 0o600,
        home / ".aws/credentials": 0o600,
    }


def test_the_home_goes_and_what_is_linked_stays(real_home: Path) -> None:
    with aws_home(SSO, str(real_home)) as home:
        (home / ".aws/sso").mkdir()
        (home / ".pyenv/new").write_text("kept")
        (home / "left").write_text("gone")
    assert not home.exists()
    assert (real_home / ".pyenv/new").read_text() == "kept"
    assert (real_home / ".aws/config").read_text() == "precious"
    assert list((real_home / ".aws").iterdir()) == [real_home / ".aws/config"]
    assert not (real_home / "left").exists()


def test_the_home_goes_when_the_work_fails(real_home: Path) -> None:
    with pytest.raises(KeyError), aws_home(SSO, str(real_home)) as home:
        raise KeyError
    assert not home.exists()


def test_the_home_stays_when_it_is_wanted(real_home: Path) -> None:
    with aws_home(SSO, str(real_home), keeps=True) as home:
        pass
    sweep_homes()
    assert (home / ".aws/config").read_text() == config(SSO)


def test_all_but_aws_is_there_as_links(real_home: Path) -> None:
    with aws_home(SSO, str(real_home)) as home:
        assert (home / ".npmrc").read_text() == "registry"
        assert sorted(it.name for it in home.iterdir() if it.is_symlink()) == [
            ".npmrc",
            ".pyenv",
            "dangling",
        ]
        assert not (home / ".aws").is_symlink()
        assert (home / ".aws/config").read_text() == config(SSO)


@pytest.mark.parametrize("real", [None, "", "/nonexistent", "/dev/null"])
def test_without_a_home_of_the_persons_there_is_one_all_the_same(real: str | None) -> None:
    with aws_home(SSO, real) as home:
        assert sorted(it.name for it in home.iterdir()) == [".aws", MARKER]


@pytest.fixture
def dead() -> Process:
    """A process that has been and gone."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        return Process.of(child.pid)


def left_home(place: Path, name: str, *dwellers: Process) -> Path:
    """A home as SIGKILL leaves it."""
    home = place / f"oidc-sim-home-{name}"
    (home / ".aws/sso/cache").mkdir(parents=True)
    home.chmod(0o700)
    mark(home, dwellers)
    return home


def test_what_was_left_by_sigkill_goes_and_what_is_linked_stays(
    tmp_path: Path, real_home: Path, dead: Process
) -> None:
    left = left_home(tmp_path, "left", dead)
    (left / ".pyenv").symlink_to(real_home / ".pyenv")
    (left / ".npmrc").symlink_to(real_home / ".npmrc")
    (left / ".aws" / "up").symlink_to(real_home)
    again = left_home(tmp_path, "again", Process(os.getpid(), "another with this number"), dead)
    sweep_homes()
    assert not left.exists()
    assert not again.exists()
    assert (real_home / ".npmrc").read_text() == "registry"
    assert (real_home / ".aws/config").read_text() == "precious"
    assert (real_home / ".pyenv").is_dir()


def test_where_somebody_lives_nothing_is_swept(tmp_path: Path, dead: Process) -> None:
    """The command may live on when we are killed."""
    with aws_home(SSO, None) as ours:
        lived_in = left_home(tmp_path, "lived-in", dead, Process.of(os.getpid()))
        sweep_homes()
        assert (ours / MARKER).is_file()
        assert (lived_in / MARKER).is_file()


@pytest.mark.parametrize(
    "marker",
    [None, b"", b"{}", b"[]", b"[[", b"7", b'"ab"', b"[[1]]", b"[" * 900, b'[["x", null]]'],
)
def test_what_names_nobody_is_not_ours_to_remove(
    tmp_path: Path, dead: Process, marker: bytes | None
) -> None:
    home = left_home(tmp_path, "odd", dead)
    (home / MARKER).unlink()
    if marker is not None:
        (home / MARKER).write_bytes(marker)
        (home / MARKER).chmod(0o600)
    sweep_homes()
    assert home.is_dir()


def test_what_others_could_have_planted_is_left_alone(
    tmp_path: Path, dead: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = left_home(tmp_path, "open", dead)
    precious.chmod(0o755)
    elsewhere = tmp_path / "elsewhere"
    left_home(tmp_path, "moved", dead).rename(elsewhere)
    planted = tmp_path / "oidc-sim-home-planted"
    planted.symlink_to(elsewhere)
    linked = left_home(tmp_path, "linked", dead)
    (linked / MARKER).rename(tmp_path / "marker")
    (linked / MARKER).symlink_to(tmp_path / "marker")
    readable = left_home(tmp_path, "readable", dead)
    (readable / MARKER).chmod(0o644)
    (tmp_path / "oidc-sim-home-file").write_text("x")
    pipe = left_home(tmp_path, "pipe", dead)
    (pipe / MARKER).unlink()
    os.mkfifo(pipe / MARKER, 0o600)
    before = sorted(tmp_path.rglob("*"))
    sweep_homes()
    assert sorted(tmp_path.rglob("*")) == before
    anothers = left_home(tmp_path, "anothers", dead)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    sweep_homes()
    assert anothers.is_dir()


def test_an_exec_within_an_exec_has_a_marker_of_its_own() -> None:
    with aws_home(SSO, None) as outer, aws_home(SSO, str(outer)) as inner:
        assert not (inner / MARKER).is_symlink()
        assert json.loads((inner / MARKER).read_bytes())[0][0] == os.getpid()
