"""What the screen made for good is not looked through by the garbage collector."""

import asyncio
import gc

import pytest

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui import start
from oidc_sim.tui.app import OperatorApp


@pytest.mark.parametrize(("lasts_s", "frozen"), [(0.05, 1), (0.0, 0)])
async def test_its_objects_are_frozen_once_they_are_there(
    lasts_s: float, frozen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[None] = []

    async def last(_app: OperatorApp) -> None:
        await asyncio.sleep(lasts_s)

    monkeypatch.setattr(OperatorApp, "run_async", last)
    monkeypatch.setattr(gc, "freeze", lambda: times.append(None))
    monkeypatch.setattr(start, "SETTLED_AFTER_S", 0.01)
    assert await start.run(Scenario().running_server()) == 0
    assert len(times) == frozen
