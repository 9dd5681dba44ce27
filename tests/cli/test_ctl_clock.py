"""``oidc-sim ctl clock``."""

import json

import pytest

from oidc_sim.cli import outcome
from tests.fake_server import answering, run_words

Capture = pytest.CaptureFixture[str]


def test_a_step_says_what_lapsed(capsys: Capture) -> None:
    with answering(json.dumps({"lapsed": {"codes": 2, "tokens": 0}}).encode()) as running:
        assert run_words(running, ["clock", "8h"]) == outcome.OK
    assert capsys.readouterr() == ("advanced 8 h: 2 codes expired\n", "")


@pytest.mark.parametrize(
    ("wish", "told"), [("freeze", "the clock stands still\n"), ("unfreeze", "the clock goes on\n")]
)
def test_it_stands_still_and_goes_on(wish: str, told: str, capsys: Capture) -> None:
    with answering(b'{"lapsed": {}}') as running:
        assert run_words(running, ["clock", wish]) == outcome.OK
    assert capsys.readouterr() == (told, "")


def test_what_is_no_time_asks_for_one(capsys: Capture) -> None:
    with answering(b"{}") as running:
        assert run_words(running, ["clock", "soon"]) == outcome.CANNOT_START
    told = capsys.readouterr().err
    assert "1h30m" in told
    assert told.count("\n") == 1
