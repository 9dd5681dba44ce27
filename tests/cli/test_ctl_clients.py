"""``oidc-sim ctl expire-client ID`` and ``restore-client ID``."""

import json

import pytest

from oidc_sim.cli import outcome
from tests.fake_server import answering, closed_port, run_words

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("expire-client", "Xa81 expired: it is told invalid_client until it registers anew\n"),
        ("restore-client", "Xa81 restored: its registration is good again\n"),
    ],
)
def test_it_says_what_the_client_is_told_from_now_on(
    action: str, told: str, capsys: Capture
) -> None:
    with answering(b"{}") as running:
        assert run_words(running, [action, "Xa81"]) == outcome.OK
    assert capsys.readouterr() == (told, "")


def test_a_refusal_names_the_client(capsys: Capture) -> None:
    refusal = json.dumps({"error": "unknown", "reason": "no such client id here"}).encode()
    with answering(refusal, 404) as running:
        assert run_words(running, ["expire-client", "a/\x1b"]) == outcome.REFUSED
    assert capsys.readouterr() == ("", "oidc-sim ctl: a/\\x1b: no such client id here\n")


def test_the_client_id_is_wanted(capsys: Capture) -> None:
    assert run_words(closed_port(), ["expire-client"]) == outcome.CANNOT_START
    assert capsys.readouterr().err == "oidc-sim ctl: say expire-client ID\n"
