"""``evidence`` on standard input writes into the working directory."""

import threading
from pathlib import Path

import pytest

from oidc_sim.headless.commands import Commands
from oidc_sim.testing.scenario import URL
from tests.evidence.world import seen
from tests.headless.test_commands import Complaints


def obey(line: str) -> list[str]:
    printer = Complaints()
    Commands(seen().scenario.simulator, printer, url=URL).obey(line)
    for thread in threading.enumerate():
        if thread.name == "evidence":
            thread.join()
    return printer.lines


def test_it_writes_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (told,) = obey("evidence")
    assert told.startswith("wrote oidc-sim-evidence-")
    assert told.endswith("/")
    assert len(list(tmp_path.glob("oidc-sim-evidence-*/*"))) == 3


def test_of_a_code_that_nobody_has_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert obey("evidence bbbbbbbb") == ["BBBB-BBBB: nothing is kept about this user code"]
    assert not list(tmp_path.iterdir())


def test_so_many_are_written_at_once_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each keeps a copy of what happened until it is done."""
    monkeypatch.chdir(tmp_path)
    may_go_on = threading.Event()
    monkeypatch.setattr(Commands, "_write", lambda *_: may_go_on.wait(60))
    printer = Complaints()
    commands = Commands(seen().scenario.simulator, printer, url=URL)
    for _ in range(3):
        commands.obey("evidence")
    may_go_on.set()
    commands.abandon()
    assert printer.lines == ["evidence is still being written; ask again later"]
