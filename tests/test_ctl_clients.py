"""``oidc-sim ctl expire-client ID`` and ``restore-client ID``."""

import json

import pytest

from oidc_sim import exit_codes
from oidc_sim.arguments import parser
from oidc_sim.ctl import run_action
from tests.fake_server import answering

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
        assert run_action(running, action, "Xa81") == exit_codes.OK
    assert capsys.readouterr() == (told, "")


def test_a_refusal_names_the_client(capsys: Capture) -> None:
    refusal = json.dumps({"error": "unknown", "reason": "no such client id here"}).encode()
    with answering(refusal, 404) as running:
        assert run_action(running, "expire-client", "a/\x1b") == exit_codes.REFUSED
    assert capsys.readouterr() == ("", "oidc-sim ctl: a/\\x1b: no such client id here\n")


def test_the_client_id_is_wanted(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["ctl", "expire-client"])
    assert capsys.readouterr().err.count("\n") == 1
    assert parser().parse_args(["ctl", "expire-client", "Xa81"]).client_id == "Xa81"
