"""Words, to a wish for the control API."""

from typing import Any

import pytest

from oidc_sim.actions.table import ACTIONS
from oidc_sim.actions.typed_lines import read, usage
from oidc_sim.actions.typed_settings import WordsError


@pytest.mark.parametrize(
    ("line", "route", "members"),
    [
        ("approve bcdfghjk", "POST /_sim/devices/BCDF-GHJK/approve", None),
        ("deny XXXX", "POST /_sim/devices/XXXX/deny", None),
        ("deny ---", "POST /_sim/devices/---/deny", None),
        ("slow-down BCDF-GHJK", "POST /_sim/devices/BCDF-GHJK/slow-down", None),
        ("undo BCDF-GHJK", "POST /_sim/devices/BCDF-GHJK/undo", None),
        ("deny 1204", "POST /_sim/requests/1204/deny", None),
        ("approve 7", "POST /_sim/requests/7/approve", None),
        ("expire-client a/b", "POST /_sim/clients/a%2Fb/expire", None),
        ("auto-approve on", "POST /_sim/auto-approve", {"on": True}),
        ("auto-approve off", "POST /_sim/auto-approve", {"on": False}),
        ("hold BCDF-GHJK", "POST /_sim/devices/BCDF-GHJK/hold", None),
        ("hold approved", "POST /_sim/holds", {"filter": "approved"}),
        ("hold filter=BCDFGHJK", "POST /_sim/holds", {"filter": "BCDFGHJK"}),
        (
            "hold op:CreateToken status>=400 times=always skip=2 for=1h",
            "POST /_sim/holds",
            {
                "filter": "op:CreateToken status>=400",
                "times": "always",
                "skip": 2,
                "ttl_s": 3600,
            },
        ),
        (
            "hold op=CreateToken p=0.5 seed=3",
            "POST /_sim/holds",
            {"operation": "CreateToken", "probability": 0.5, "seed": 3},
        ),
        (
            f"fault delay seconds={'[' * 50_000}",
            "POST /_sim/faults",
            {"fault": "delay", "settings": {"seconds": "[" * 50_000}},
        ),
        (
            "edit 7 header=A:1 header=A:2",
            "POST /_sim/requests/7/edit",
            {"status": 200, "headers": [["A", "1"], ["A", "2"]], "body": ""},
        ),
        ("hold code=BCDF-GHJK", "POST /_sim/holds", {"user_code": "BCDF-GHJK"}),
        ("hold all=true", "POST /_sim/holds", {"all": True}),
        ("release 007", "POST /_sim/requests/7/release", None),
        ("approve all", "POST /_sim/approve-all", None),
        ("release all", "POST /_sim/requests/release-all", None),
        ("drop 7", "POST /_sim/requests/7/drop", None),
        ("fault drop", "POST /_sim/faults", {"fault": "drop"}),
        (
            "fault delay code=BCDF-GHJK times=3 p=0.5 seconds=5",
            "POST /_sim/faults",
            {
                "fault": "delay",
                "user_code": "BCDF-GHJK",
                "times": 3,
                "probability": 0.5,
                "settings": {"seconds": "5"},
            },
        ),
        ("fault drop client=123", "POST /_sim/faults", {"fault": "drop", "client_id": "123"}),
        (
            "fault throttled request=9 status=503",
            "POST /_sim/requests/9/fault",
            {"fault": "throttled", "settings": {"status": "503"}},
        ),
        (
            "edit 9 status=503 header=Retry-After:5 body={}",
            "POST /_sim/requests/9/edit",
            {"status": 503, "headers": [["Retry-After", "5"]], "body": "{}"},
        ),
        (
            "edit 9 done=true",
            "POST /_sim/requests/9/edit",
            {"status": 200, "headers": [], "body": "", "done": True},
        ),
        ("rules", "GET /_sim/rules", None),
        ("pause 3", "POST /_sim/rules/3/pause", None),
        ("resume 3", "POST /_sim/rules/3/resume", None),
        ("remove 3", "DELETE /_sim/rules/3", None),
        ("clock 8h", "POST /_sim/clock", {"advance_s": 28800}),
        ("clock freeze", "POST /_sim/clock", {"frozen": True}),
        ("clock unfreeze", "POST /_sim/clock", {"frozen": False}),
        ("demo hurried", "POST /_sim/demo/hurried", None),
        ("evidence", "GET /_sim/evidence", None),
        ("evidence bcdfghjk", "GET /_sim/evidence?user_code=BCDF-GHJK", None),
        ("reset", "POST /_sim/reset", None),
        ("state", "GET /_sim/state", None),
        ("held", "GET /_sim/requests/held", None),
        ("catalogue", "GET /_sim/faults/catalogue", None),
    ],
)
def test_words_are_a_request_of_the_control_api(line: str, route: str, members: Any) -> None:
    wish = read(line.split())
    assert (f"{wish.action.method} {wish.target}", wish.members) == (route, members)


@pytest.mark.parametrize(
    "line",
    [
        *("approve", "approve a b", "auto-approve", "auto-approve maybe", "release", "release x"),
        *("drop all", "drop 7 8", "drop 9999999999999999999", "hold", "fault", "fault a=b"),
        *("edit", "edit x", "pause", "pause x", "demo", "demo waltz", "evidence a b", "rules 3"),
        *("clock", "clock 1h 2h", "reset now", "drop ../state", "release -1"),
    ],
)
def test_what_is_lacking_is_said_with_what_to_type(line: str) -> None:
    with pytest.raises(WordsError) as told:
        read(line.split())
    assert "\n" not in str(told.value)
    name = line.split(maxsplit=1)[0]
    assert str(told.value).endswith(usage(name)) or "no number of a request" in str(told.value)
    assert name in usage(name)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("clock soon", "freeze or unfreeze"),
        ("fault drop code", "words such as times=3"),
        ("fault drop times=often", "times=often: times is a whole number, or always"),
        ("fault drop skip=1.5", "skip=1.5: skip is a whole number"),
        ("fault throttled skip=-1", "skip=-1: skip is a number from 0 to 1,000,000"),
        ("hold client:x times=0", "times=0: times is a number from 1 to 1,000,000, or always"),
        ("fault drop for=2d", "for=2d: a rule lasts more than 0 s and at most a day"),
        ("fault drop client=", "client=: client has 1 to 500 characters"),
        (f"hold p={'9' * 400}", "p is a probability between 0 and 1"),
        ("hold p=nan", "p is a probability between 0 and 1"),
        (f"hold seed={'9' * 400}", "seed is a whole number"),
        ("hold all=yes", "all=yes: all is true or false"),
        (f"edit 7 status={'[' * 50_000}", "status is a whole number"),
        ("edit 7 done=1", "done=1: done is true or false"),
        ("hold op=A op=B", "op is given twice"),
        ("hold code=A user_code=B", "user_code is given twice"),
        ("fault delay seconds=1 seconds=2", "seconds is given twice"),
        ("edit 7 body=a body=b", "body is given twice"),
        ("fault drop for=soon", "type a time such as"),
        ("edit 7 colour=red", "status=503, header=Name:value and body=TEXT"),
    ],
)
def test_a_word_that_does_not_fit_is_named(line: str, told: str) -> None:
    with pytest.raises(WordsError, match=told):
        read(line.split())


@pytest.mark.parametrize("words", [[], [""], ["nonsense"], ["\udcff"]])
def test_what_is_no_command_is_answered_with_the_commands(words: list[str]) -> None:
    with pytest.raises(WordsError) as told:
        read(words)
    assert all(action.name in str(told.value) for action in ACTIONS)
