"""How a process ends whose journal did not work: it says so, and its exit code does."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.cli import outcome
from oidc_sim.cli.runtime import run_front
from oidc_sim.engine.commands import RegisterClient
from oidc_sim.settings.model import Settings


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    return {"HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def state_of(environment: Mapping[str, str]) -> Path:
    return Path(environment["HOME"]) / ".local/state/oidc-sim"


async def work(running_server: RunningServer) -> int:
    """A front that is left by ``q`` after something happened."""
    running_server.simulator.dispatch(RegisterClient(name="pc", client_type="public"))
    return outcome.OK


def test_a_front_that_is_left_ends_well_and_everything_is_kept(
    environment: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_front(Settings(port=0), environment, work) == outcome.OK
    assert (state_of(environment) / "journal.jsonl").read_bytes().count(b"\n") == 2
    assert capsys.readouterr() == ("", "")


def test_an_incomplete_journal_is_told_of_and_is_an_exit_code(
    environment: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    async def front(running_server: RunningServer) -> int:
        shutil.rmtree(state_of(environment))
        return await work(running_server)

    assert run_front(Settings(port=0), environment, front) == outcome.INCOMPLETE
    assert "oidc-sim: THE JOURNAL STOPPED at row 1" in capsys.readouterr().err


def test_another_exit_code_counts_more_than_an_incomplete_journal(
    environment: Mapping[str, str],
) -> None:
    async def front(running_server: RunningServer) -> int:
        shutil.rmtree(state_of(environment))
        await work(running_server)
        return outcome.SIGNALLED + 15

    assert run_front(Settings(port=0), environment, front) == 143


def test_a_front_sees_the_journal(environment: Mapping[str, str]) -> None:
    seen = []

    async def front(running_server: RunningServer) -> int:
        seen.append(running_server.journal())
        return outcome.OK

    run_front(Settings(port=0), environment, front)
    run_front(Settings(port=0, ephemeral=True), environment, front)
    path = str(state_of(environment) / "journal.jsonl")
    assert seen == [{"path": path, "rows": 0, "stopped_because": None}, None]
