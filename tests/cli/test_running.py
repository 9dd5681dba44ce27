import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from oidc_sim.cli import running as processes
from oidc_sim.cli.running import Process, Running, announced, find_running, find_silent, ready_file
from tests.fake_server import HEALTH, answering, closed_port, redirecting


def write(directory: Path, name: str, running: Running | bytes, age_s: int = 0) -> None:
    path = directory / name
    path.write_bytes(running if isinstance(running, bytes) else running.to_json())
    os.utime(path, (1_000_000 - age_s, 1_000_000 - age_s))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path


def test_the_newest_server_that_answers_is_found(directory: Path) -> None:
    with answering() as old, answering() as new:
        write(directory, "1.json", old, age_s=20)
        write(directory, "2.json", new, age_s=10)
        write(directory, "3.json", closed_port(), age_s=0)
        assert find_running(directory, None) == new


def test_the_server_on_a_port_is_found_by_it(directory: Path) -> None:
    with answering() as old, answering() as new:
        write(directory, "1.json", old, age_s=20)
        write(directory, "2.json", new)
        assert find_running(directory, 1) == old
        assert find_running(directory, 3) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"hello", 200),
        (b'{"status":"bad"}', 200),
        (b"[]", 200),
        (HEALTH, 404),
        (b"", 200),
        pytest.param(b" " * 2000 + HEALTH, 200, id="endless"),
    ],
)
def test_another_program_on_the_port_of_a_killed_server_is_not_taken_for_it(
    directory: Path, body: bytes, status: int
) -> None:
    with answering(body, status) as other:
        write(directory, "1.json", other)
        assert find_running(directory, None) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"url":1,"control_token":"t","pid":1}',
        b'{"url":"http://127.0.0.1:1","control_token":"t","pid":1,"x":1}',
        b'{"url":"http://127.0.0.1:1","control_token":"t","pid":1,"began":1}',
        b"\xff",
        pytest.param(b"[" * 10_000, id="deep"),
    ],
)
def test_a_file_that_says_nothing_is_skipped(directory: Path, content: bytes) -> None:
    with answering() as running:
        write(directory, "1.json", content)
        write(directory, "2.json", running, age_s=10)
        assert find_running(directory, None) == running


@pytest.mark.parametrize("url", ["", "127.0.0.1", "http://", "http://[", "nonsense://x"])
def test_a_url_that_leads_nowhere_is_skipped(directory: Path, url: str) -> None:
    write(directory, "1.json", Running(url, "t", 1))
    assert find_running(directory, None) is None


def test_a_file_that_goes_while_we_look_hides_no_other(directory: Path) -> None:
    (directory / "gone.json").symlink_to(directory / "nothing")
    with answering() as running:
        write(directory, "1.json", running)
        assert find_running(directory, None) == running


def ended_process() -> int:
    """The number of a process that has been and gone."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_file_whose_writer_has_ended_is_not_believed_whoever_answers_there(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering() as other:
        ours = Process.of(other.pid)
        for killed in (
            replace(other, pid=ended_process()),
            replace(other, pid=0),
            replace(other, pid=-1),
            replace(other, pid=2**80),
            replace(other, began="another process with this number"),
        ):
            write(directory, "1.json", killed)
            assert find_running(directory, None) is None, killed
            assert find_silent(directory, None) == killed
        for living in (other, replace(other, began=ours.began)):
            write(directory, "1.json", living)
            assert find_running(directory, None) == living
        monkeypatch.setattr(processes, "PROC", directory / "no such place, as on macOS")
        assert find_running(directory, None) == living
        write(directory, "1.json", replace(other, pid=ended_process()))
        assert find_running(directory, None) is None


@pytest.mark.skipif(not processes.PROC.exists(), reason="needs Linux's /proc")
def test_a_process_that_is_dead_and_not_yet_buried_lives_no_more() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    began = Process.of(child.pid)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not began.lives
    child.wait()
    assert not began.lives


def test_a_process_of_another_user_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int, _number: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "kill", refuse)
    assert not Process.of(os.getpid()).lives


def test_a_server_that_starts_removes_the_files_of_those_that_were_killed(directory: Path) -> None:
    place = directory / "oidc-sim"
    place.mkdir(0o700)
    living = Running("http://127.0.0.1:3", "token", os.getpid(), Process.of(os.getpid()).began)
    write(place, "1.json", Running("http://127.0.0.1:1", "token", ended_process()))
    write(place, "2.json", replace(living, began="another process with this number"))
    write(place, "3.json", living)
    write(place, "4.json", b"not ours")
    with announced(living, place, 5):
        assert sorted(it.name for it in place.iterdir()) == ["3.json", "4.json", "5.json"]


def test_a_redirect_is_not_followed(directory: Path) -> None:
    """Neither to the health of another, nor with the token in hand."""
    with answering() as other, redirecting(f"{other.url}/_sim/health") as impostor:
        write(directory, "1.json", impostor)
        assert find_running(directory, None) is None


def test_a_directory_of_another_user_is_not_believed(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering() as running:
        write(directory, "1.json", running)
        monkeypatch.setattr(os, "getuid", lambda: directory.stat().st_uid + 1)
        assert find_running(directory, None) is None


def test_no_directory_means_no_server(directory: Path) -> None:
    assert find_running(directory / "no", None) is None


RUNNING = Running("http://127.0.0.1:1", "token", 1)


def test_an_announced_server_has_a_private_file_until_it_ends(directory: Path) -> None:
    place = directory / "oidc-sim"
    with announced(RUNNING, place, 8990):
        path = place / "8990.json"
        assert json.loads(path.read_bytes()) == {
            "url": "http://127.0.0.1:1",
            "control_token": "token",
            "pid": 1,
        }, "what is not known is left out"
        assert (place.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("left", [None, b"", RUNNING.to_json()], ids=["no", "empty", "ours"])
def test_a_ready_file_goes_where_none_an_empty_one_or_an_old_one_is(
    directory: Path, left: bytes | None
) -> None:
    path = directory / "ready"
    if left is not None:
        path.write_bytes(left)
    with ready_file(RUNNING, path):
        assert Running.from_json(path.read_bytes()) == RUNNING
    assert not path.exists()


def test_a_file_of_somebody_else_is_neither_replaced_nor_removed(directory: Path) -> None:
    path = directory / "passwd"
    path.write_bytes(b"root:x:0:0")
    with pytest.raises(FileExistsError, match="no oidc-sim wrote it"), ready_file(RUNNING, path):
        pytest.fail("it was taken")
    assert path.read_bytes() == b"root:x:0:0"


def test_the_file_of_a_server_that_started_since_stays(directory: Path) -> None:
    path = directory / "ready"
    later = Running("http://127.0.0.1:2", "another", 2)
    with ready_file(RUNNING, path):
        path.write_bytes(later.to_json())
    assert Running.from_json(path.read_bytes()) == later


def test_a_ready_file_that_was_removed_is_not_missed(directory: Path) -> None:
    with ready_file(RUNNING, directory / "ready"):
        (directory / "ready").unlink()


def test_a_pipe_in_place_of_a_ready_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Neither the server that ends nor ``ctl`` that looks for one."""
    path = tmp_path / "1.json"
    with ready_file(closed_port(), path):
        path.unlink()
        os.mkfifo(path)
        assert find_silent(tmp_path, 1) is None
    assert path.is_fifo()
