"""``oidc-sim ctl auto-approve on|off``, and what a browser sign-in's decisions are told as."""

import json

import pytest

from oidc_sim.cli import outcome
from tests.fake_server import answering, closed_port, run_words

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("wish", "now", "told"),
    [
        ("on", True, "AUTO-APPROVE ON: every sign-in is approved by itself\n"),
        ("off", False, "auto-approve off\n"),
    ],
)
def test_a_switch_says_what_is_so_now(wish: str, now: bool, told: str, capsys: Capture) -> None:  # noqa: FBT001
    with answering(json.dumps({"auto_approve": now}).encode()) as running:
        assert run_words(running, ["auto-approve", wish]) == outcome.OK
    assert capsys.readouterr() == (told, "")


@pytest.mark.parametrize("words", [["auto-approve"], ["auto-approve", "maybe"]])
def test_a_switch_wants_on_or_off(words: list[str], capsys: Capture) -> None:
    assert run_words(closed_port(), words) == outcome.CANNOT_START
    assert capsys.readouterr().err.endswith(": say auto-approve on|off\n")


def test_of_a_browser_s_sign_in_it_says_what_the_client_gets(capsys: Capture) -> None:
    device = json.dumps({"kind": "browser", "state": "approved", "next": "token"}).encode()
    with answering(device) as running:
        assert run_words(running, ["approve", "BCDF-GHJK"]) == outcome.OK
    assert capsys.readouterr().out == "BCDF-GHJK approved: now approved, its client gets token\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"started": "demo-device", "running": 2}, "demo-device signs in now; 2 running\n"),
        ({"stopped": 3, "running": 0}, "stopped 3; 0 running\n"),
    ],
)
def test_a_demo_says_what_runs_now(said: dict[str, object], told: str, capsys: Capture) -> None:
    with answering(json.dumps(said).encode()) as running:
        assert run_words(running, ["demo", "device"]) == outcome.OK
    assert capsys.readouterr() == (told, "")
