"""A demo client that cannot go on ends with one sentence."""

from pathlib import Path

import pytest

from oidc_sim.demo.clients import perform
from oidc_sim.demo.performance import PERFORMANCES
from oidc_sim.record.debug_log import debug_log


async def no_sleep(_seconds: float) -> None:
    """Waits for nothing."""


async def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    told = await perform(PERFORMANCES["device"], "http://127.0.0.1:9", no_sleep)
    assert told is not None
    assert told.startswith("demo-device ended: ")
    assert "\n" not in told


async def test_what_fails_inside_has_a_traceback_in_the_debug_log(tmp_path: Path) -> None:
    async def fail(_stage: object) -> None:
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patch, debug_log(tmp_path / "log", "a test"):
        patch.setattr("oidc_sim.demo.clients.sign_in_by_device", fail)
        told = await perform(PERFORMANCES["device"], "http://127.0.0.1:9", no_sleep)
    assert told == "demo-device ended: ZeroDivisionError"
    assert "\n  ZeroDivisionError\n" in (tmp_path / "log").read_text()
