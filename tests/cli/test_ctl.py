import io
import json
from typing import Any

import pytest

from oidc_sim.cli import outcome
from oidc_sim.cli.running import Running
from tests.fake_server import answering, closed_port, redirecting, run_words

DECISIONS = [
    ("approve", "approved"),
    ("deny", "denied"),
    ("expire", "expired"),
    ("slow-down", "slowed down"),
    ("undo", "undone"),
]
Capture = pytest.CaptureFixture[str]


def control(body: Any, status: int, action: str, code: str | None = None) -> int:
    """Run an action against a server that answers so."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with answering(data, status) as running:
        return run_words(running, [action, *([code] if code else [])])


@pytest.mark.parametrize(("name", "done"), DECISIONS)
def test_a_decision_says_what_is_so_now_and_what_the_client_gets_next(
    name: str, done: str, capsys: Capture
) -> None:
    device = {"state": "pending", "next": "slow_down"}
    assert control(device, 200, name, "qfjwlzfb") == outcome.OK
    out, err = capsys.readouterr()
    assert out == f"QFJW-LZFB {done}: now pending, its next poll gets slow_down\n"
    assert err == ""


@pytest.mark.parametrize("status", [404, 409])
def test_a_refusal_is_told_in_the_servers_words(status: int, capsys: Capture) -> None:
    refusal = {"error": "conflict", "reason": "token already collected"}
    assert control(refusal, status, "approve", "QFJW-LZFB") == outcome.REFUSED
    out, err = capsys.readouterr()
    assert (out, err) == ("", "oidc-sim ctl: QFJW-LZFB: token already collected\n")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"<html>", b"\xff", b"[" * 100_000])
def test_a_refusal_without_words_is_told_by_its_status(body: bytes, capsys: Capture) -> None:
    assert control(body, 503, "reset") == outcome.REFUSED
    assert capsys.readouterr().err == "oidc-sim ctl: the server answered 503\n"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("words", [["state"], ["reset"], ["events"]])
def test_the_token_goes_nowhere_else(words: list[str], status: int, capsys: Capture) -> None:
    heads: list[str] = []
    with answering(heads=heads) as other, redirecting(f"{other.url}/x", status) as impostor:
        assert run_words(impostor, words) == outcome.CANNOT_START
    assert heads == []
    assert capsys.readouterr().err == (
        f"oidc-sim ctl: {impostor.url} answers with a redirect, which is not followed: "
        "no oidc-sim is there\n"
    )


def test_a_refusal_cannot_move_the_cursor(capsys: Capture) -> None:
    control({"reason": "\x1b[2J\nno"}, 409, "reset")
    assert capsys.readouterr().err == "oidc-sim ctl: \\x1b[2J\\nno\n"


def test_the_state_is_printed_as_json(capsys: Capture) -> None:
    state = {"clients": [{"name": "\u202e\x1b"}]}
    assert control(state, 200, "state") == outcome.OK
    out = capsys.readouterr().out
    assert json.loads(out) == state
    assert out.isascii()
    assert "\x1b" not in out


HOSTILE = "\x1b]52;c;eA==\x07\u202e\x7f"


@pytest.mark.parametrize(
    "words", ["held", "rules", "approve BCDF-GHJK", "fault drop", "demo device"]
)
def test_no_answer_writes_to_the_terminal_but_ink(words: str, capsys: Capture) -> None:
    answer = {
        **dict.fromkeys(("state", "next", "fault", "id", "started", "running"), HOSTILE),
        "held": [
            {"number": HOSTILE, "operation": HOSTILE, "user_code": None, "client_id": HOSTILE}
            | {"held_s": 1, "left_s": 2}
        ],
        "rules": [
            dict.fromkeys(
                ("id", "fault", "so_far", "user_code", "client_id", "operation", "filter"), HOSTILE
            )
            | {"over_because": HOSTILE, "done": 0, "times": 1}
        ],
    }
    with answering(json.dumps(answer).encode()) as running:
        assert run_words(running, words.split()) == outcome.OK
    out = capsys.readouterr().out
    assert "52;c;eA==" in out
    assert out.count("\n") == 1
    assert out.removesuffix("\n").isprintable()


def test_a_terminal_that_cannot_show_a_name_gets_its_escape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", file)
    device = {"state": "pending", "next": "\u00e9"}
    assert control(device, 200, "approve", "QFJW-LZFB") == outcome.OK
    file.seek(0)
    assert "its next poll gets \\xe9" in file.read()


def test_events_stay_json_whatever_is_in_them(capsys: Capture) -> None:
    event = json.dumps({"name": HOSTILE})
    assert control(f"data: {event}\n\n".encode(), 200, "events") == outcome.OK
    out = capsys.readouterr().out
    assert out.removesuffix("\n").isprintable()
    assert json.loads(out) == {"name": HOSTILE}


def test_events_are_printed_as_lines_of_json_until_the_server_ends(capsys: Capture) -> None:
    stream = b': hello\n\nid: 1\nevent: x\ndata: {"seq": 1}\n\nid: 2\ndata: {"seq": 2}\n\n'
    assert control(stream, 200, "events") == outcome.OK
    assert capsys.readouterr().out == '{"seq": 1}\n{"seq": 2}\n'


@pytest.mark.parametrize("words", [["state"], ["events"], ["reset"], ["approve", "QFJW-LZFB"]])
def test_a_server_that_is_gone_is_told_of_in_one_line(words: list[str], capsys: Capture) -> None:
    running = closed_port()
    assert run_words(running, words) == outcome.CANNOT_START
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(f"{running.url} does not answer: Connection refused\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_none_of_ours_is_told_of_in_one_line(
    body: bytes, capsys: Capture
) -> None:
    assert control(body, 200, "state") == outcome.CANNOT_START
    assert capsys.readouterr().err.endswith("gave no answer of oidc-sim\n")


def test_a_url_that_is_none_is_told_of_in_one_line(capsys: Capture) -> None:
    assert run_words(Running("nonsense", "t", 1), ["state"]) == outcome.CANNOT_START
    assert capsys.readouterr().err.count("\n") == 1


def test_a_token_that_is_no_header_is_told_of_in_one_line(capsys: Capture) -> None:
    with answering() as running:
        odd = Running(running.url, "a\nb", 1)
        assert run_words(odd, ["state"]) == outcome.CANNOT_START
    assert capsys.readouterr().err.count("\n") == 1
