"""A picture of the screen, by the palette."""

from pathlib import Path

import pytest

from oidc_sim.testing.scenario import Scenario
from tests.tui.showing import NARROW, Shown, showing


def pictures(where: Path) -> list[tuple[str, str]]:
    """The name and the beginning of each."""
    return [(it.name, it.read_text(encoding="utf-8")[:4]) for it in where.iterdir()]


async def take(shown: Shown) -> str:
    """Have one taken; returns what a toast says."""
    commands = shown.app.get_system_commands(shown.screen)
    next(it for it in commands if it.title == "Screenshot").callback()
    for _ in range(20):
        await shown.pilot.pause(0.02)
        if shown.app._notifications:
            break
    return next(iter(shown.app._notifications)).message


async def test_it_is_written_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with showing(Scenario(), NARROW) as shown:
        told = await take(shown)
    assert pictures(tmp_path) == [(told.removeprefix("wrote "), "<svg")]


async def test_where_nothing_can_be_written_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    async with showing(Scenario(), NARROW) as shown:
        assert "No such file or directory" in await take(shown)
