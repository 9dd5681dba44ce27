"""``oidc-sim ctl hold``, ``release`` and ``drop``."""

import json

import pytest

from oidc_sim import cli, exit_codes
from oidc_sim.ctl import run_action
from oidc_sim.ctl_hold import HOLD_WHAT_FITS
from tests.fake_server import answering

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("action", "word", "answer", "told"),
    [
        ("hold", "qfjwlzfb", {"id": 3}, "the next request of QFJW-LZFB is held: rule 3\n"),
        (
            HOLD_WHAT_FITS,
            "op:CreateToken",
            {"id": 3},
            "the next request that fits is held: rule 3\n",
        ),
        ("release", "7", {}, "request 7 released\n"),
        ("release", "all", {"released": 12}, "released 12\n"),
        ("drop", "7", {}, "request 7 dropped\n"),
    ],
)
def test_each_says_what_it_did(
    action: str, word: str, answer: dict[str, int], told: str, capsys: Capture
) -> None:
    with answering(json.dumps(answer).encode()) as running:
        assert run_action(running, action, word) == exit_codes.OK
    assert capsys.readouterr() == (told, "")


@pytest.mark.parametrize("word", ["x", "../state", ""])
def test_what_is_no_number_is_not_sent(word: str, capsys: Capture) -> None:
    with answering(b"{}") as running:
        assert run_action(running, "drop", word) == exit_codes.CANNOT_START
    assert "no number" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["QFJW-LZFB", "--filter", "x"]])
def test_hold_takes_a_code_or_a_condition(
    words: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_running", lambda _settings: object())
    assert cli.main(["ctl", "hold", *words]) == exit_codes.CANNOT_START
    assert "--filter" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["hold", "QFJW-LZFB"], ("hold", "QFJW-LZFB")),
        (["hold", "--filter", "op:x"], (HOLD_WHAT_FITS, "op:x")),
        (["release", "all"], ("release", "all")),
        (["drop", "7"], ("drop", "7")),
    ],
)
def test_the_command_line_says_which(
    words: list[str], wanted: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []

    def run(_running: object, action: str, word: str) -> int:
        done.append((action, word))
        return exit_codes.OK

    monkeypatch.setattr(cli, "_running", lambda _settings: object())
    monkeypatch.setattr("oidc_sim.ctl.run_action", run)
    assert cli.main(["ctl", *words]) == exit_codes.OK
    assert done == [wanted]


def test_a_condition_is_for_nothing_else(capsys: Capture) -> None:
    assert cli.main(["--filter", "op:x", "serve"]) == exit_codes.CANNOT_START
    assert "ctl hold" in capsys.readouterr().err
