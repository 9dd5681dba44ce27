"""A demo client that cannot go on ends with one sentence."""

from oidc_sim.demo.clients import perform
from oidc_sim.demo.performance import PERFORMANCES


async def no_sleep(_seconds: float) -> None:
    """Waits for nothing."""


async def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    told = await perform(PERFORMANCES["device"], "http://127.0.0.1:9", no_sleep)
    assert told is not None
    assert told.startswith("demo-device ended: ")
    assert "\n" not in told
