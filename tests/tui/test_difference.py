"""What a fault changed in a response."""

from typing import Any

from oidc_sim.record.exchange import Exchange
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.inspector.exchange import response_lines
from tests.record.samples import EXCHANGE

TRUE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"accessToken":"0123456789abcdef","a":1}'


def faulty(fault: str | None, true: bytes, **changes: Any) -> Exchange:
    """An exchange with what a fault leaves behind."""
    return EXCHANGE._replace(fault=fault, true_response=true, **changes)


def shown(exchange: Exchange) -> list[str]:
    return [line.text for line in response_lines(exchange)]


def test_the_response_is_shown_against_the_true_one() -> None:
    lines = shown(
        faulty(
            "slow_down",
            TRUE,
            response_head=b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n",
            response_body=b'{"error":"slow_down","a":1}',
        )
    )
    assert lines == [
        "fault: slow_down",
        "- the true response, + what was sent instead",
        "@@ -1,7 +1,7 @@",
        "- HTTP/1.1 200 OK",
        "+ HTTP/1.1 400 Bad Request",
        "  Content-Type: application/json",
        "  ",
        "  {",
        '-   "accessToken": "0123...cdef",',
        '+   "error": "slow_down",',
        '    "a": 1',
        "  }",
        "",
        "as sent ",
        "HTTP/1.1 400 Bad Request",
        "Content-Type: application/json",
        "",
        "{",
        '  "error": "slow_down",',
        '  "a": 1',
        "}",
    ]


def test_marks_are_coloured_and_no_secret_is_in_full() -> None:
    exchange = faulty("x", TRUE)
    lines = response_lines(exchange)
    tones = {line.text[0]: line.spans[0].tone for line in lines[3:9] if line.text.strip()}
    assert (tones["-"], tones["+"]) == (Role.BAD, Role.GOOD)
    assert "0123456789abcdef" not in "".join(line.text for line in lines)


def test_an_answer_that_was_only_late_has_no_difference() -> None:
    true = EXCHANGE.response_head + EXCHANGE.response_body
    assert shown(faulty("delay", true))[2] == ("no difference: it was only late, or cut on its way")


def test_a_dropped_answer_says_that_nothing_came() -> None:
    lines = shown(faulty("reset", TRUE, response_head=b"", response_body=b""))
    assert lines[0] == "fault: reset"
    assert "- HTTP/1.1 200 OK" in lines
    assert lines[-1] == "The client got no response."


def test_a_fault_without_the_true_response_is_named() -> None:
    assert shown(faulty("reset", b""))[:2] == ["fault: reset", ""]


def test_an_answer_that_was_edited_is_shown_against_the_true_one() -> None:
    lines = shown(faulty(None, TRUE))
    assert lines[:2] == ["edited by hand", "- the true response, + what was sent instead"]
    assert "- HTTP/1.1 200 OK" in lines


def test_a_true_answer_has_no_word_of_faults() -> None:
    assert shown(EXCHANGE)[0] == "HTTP/1.1 400 Bad Request"
