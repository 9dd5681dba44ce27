"""The control API's answers, to sentences."""

import json
from typing import Any

import pytest

from oidc_sim.actions.typed_answers import named, tell
from oidc_sim.actions.typed_lines import read


@pytest.mark.parametrize(
    ("line", "answer", "told"),
    [
        ("hold BCDF-GHJK", {"id": 3}, "the next request of BCDF-GHJK is held: rule 3"),
        ("hold op:x", {"id": 3, "times": 1}, "the next request that fits is held: rule 3"),
        ("hold op:x", {"id": 3, "times": None}, "every request that fits is held: rule 3"),
        ("release 7", {"decision": "release"}, "request 7 released"),
        ("approve all", {"approved": 3}, "approved 3"),
        ("release all", {"released": 12}, "released 12"),
        ("drop 7", {"decision": "drop"}, "request 7 dropped"),
        ("deny 7", {"decision": "deny"}, "request 7 answered with access_denied"),
        ("approve 7", {"decision": "approve"}, "request 7 approved"),
        ("edit 7", {"decision": "edit"}, "request 7 answered with an edited answer"),
        ("fault drop request=7", {"decision": "fault"}, "request 7 answered with a fault"),
        ("fault drop", {"id": 3, "fault": "drop"}, "drop is armed: rule 3"),
        ("pause 3", {}, "rule 3 rests"),
        ("resume 3", {}, "rule 3 acts again"),
        ("remove 3", {}, "rule 3 is removed"),
        ("rules", {"rules": []}, "no rule is active"),
        ("held", {"held": []}, "no request is held"),
    ],
)
def test_each_says_what_it_did(line: str, answer: Any, told: str) -> None:
    assert tell(read(line.split()), answer) == told


def test_rules_are_listed_with_what_they_have_done() -> None:
    aim = {"user_code": None, "client_id": None, "operation": None, "filter": ""}
    usual = {**aim, "times": 3, "done": 1, "ends_in_s": 299.6, "is_paused": False}
    usual |= {"over_because": None, "so_far": "matched 1 of 4 requests"}
    rules = [
        {**usual, "id": 1, "fault": "drop", "operation": "CreateToken", "filter": "client:aws*"},
        {**usual, "id": 2, "fault": None, "times": None, "is_paused": True},
        {**usual, "id": 3, "fault": None, "user_code": "BCDF-GHJK", "over_because": "time"},
    ]
    assert tell(read(["rules"]), {"rules": rules}).split("\n") == [
        "1  drop  CreateToken client:aws*  1 done, 2 left, 5:00; matched 1 of 4 requests",
        "2  hold  every request  1 done, always, 5:00, PAUSED; matched 1 of 4 requests",
        "3  hold  BCDF-GHJK  1 done, over: time; matched 1 of 4 requests",
    ]


def test_held_requests_are_listed_with_their_times() -> None:
    held = {
        "number": 7,
        "operation": "CreateToken",
        "user_code": "BCDF-GHJK",
        "client_id": "c",
        "held_s": 4.2,
        "left_s": 25.8,
    }
    assert tell(read(["held"]), {"held": [held]}) == "7  CreateToken  BCDF-GHJK  4 s, 26 s left"


HOSTILE = "\x1b]52;c;eA==\x07\u202e\n8  x\u2028"


@pytest.mark.parametrize("name", [HOSTILE, "x" * 5000], ids=["hostile", "long"])
@pytest.mark.parametrize("member", ["operation", "client_id"])
def test_a_strangers_name_is_part_of_one_line(name: str, member: str) -> None:
    held = {"number": 7, "operation": "CreateToken", "user_code": None, "client_id": "c"}
    told = tell(read(["held"]), {"held": [{**held, member: name, "held_s": 4, "left_s": 5}]})
    assert told.isprintable()
    assert len(told) < 100


def test_json_keeps_what_a_terminal_obeys_as_escapes() -> None:
    told = tell(read(["state"]), {"name": f"{HOSTILE}\x7f"})
    assert told.replace("\n", "").isprintable()
    assert json.loads(told) == {"name": f"{HOSTILE}\x7f"}


def test_a_reason_names_the_code_or_client_that_it_is_about() -> None:
    assert named(read(["approve", "bcdfghjk"]), "no") == "BCDF-GHJK: no"
    assert named(read(["expire-client", "c"]), "no") == "c: no"
    assert named(read(["drop", "7"]), "no request 7 is held") == "no request 7 is held"
