"""``oidc-sim ctl fault``."""

from collections.abc import Mapping
from typing import Any

import pytest

from oidc_sim.arguments import parser
from oidc_sim.ctl_fault import fault, members_of


class Server:
    """Remembers what it was asked, and gives one answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, Mapping[str, Any] | None]] = []

    def __call__(self, method: str, path: str, members: Mapping[str, Any] | None = None) -> Any:
        self.asked.append((method, path, members))
        return self.answer


def test_a_name_and_words_make_a_rule() -> None:
    server = Server({"id": 7})
    words = ["delay", "code=WDJB-MJHT", "times=always", "skip=2", "seconds=5"]
    assert fault(server, words) == "delay lies in wait: rule 7"
    members = {"fault": "delay", "user_code": "WDJB-MJHT", "times": "always", "skip": 2}
    assert server.asked == [("POST", "/_sim/faults", {**members, "settings": {"seconds": 5}})]


def test_a_client_whose_id_looks_like_a_number_stays_a_text() -> None:
    assert members_of("delay", ["client=123"])["client_id"] == "123"


@pytest.mark.parametrize(
    ("words", "asked", "told"),
    [
        ("pause 3", ("POST", "/_sim/faults/3/pause", None), "rule 3 rests"),
        ("resume 3", ("POST", "/_sim/faults/3/resume", None), "rule 3 acts again"),
        ("remove 3", ("DELETE", "/_sim/faults/3", None), "rule 3 is removed"),
    ],
)
def test_a_rule_is_paused_and_removed(words: str, asked: Any, told: str) -> None:
    server = Server({})
    assert fault(server, words.split()) == told
    assert server.asked == [asked]


def test_rules_are_listed_with_what_they_have_done() -> None:
    rule = {"id": 1, "fault": "drop", "so_far": "matched 0 of 4 requests"}
    assert fault(Server({"faults": [rule]}), ["list"]) == "1  drop  matched 0 of 4 requests"
    assert fault(Server({"faults": []}), ["list"]) == "no fault lies in wait"


@pytest.mark.parametrize("words", ["pause", "pause x", "drop code", "a=b"])
def test_what_is_not_clear_is_told_so(words: str) -> None:
    with pytest.raises(ValueError, match=r"fault NAME|no number"):
        fault(Server({}), words.split())


def test_the_command_line_takes_it() -> None:
    asked = parser().parse_args(["ctl", "fault", "drop", "code=X", "times=2"])
    assert asked.words == ["drop", "code=X", "times=2"]
