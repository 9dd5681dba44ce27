"""A device row's note of what lies in wait for it."""

import pytest

from oidc_sim.engine.arrival import Rule, Target, Trigger
from oidc_sim.faults.catalogue import CATALOGUE
from oidc_sim.tui.lists.devices import next_note

CODE = "WDJB-MJHT"
ROOM = 11
"""Cells of the column at its usual width."""


def rule(fault: str | None, *, user_code: str = CODE, times: int | None = 1) -> Rule:
    target = Target(user_code=user_code)
    trigger = Trigger(times=times)
    return Rule(rule_id=1, fault=fault, target=target, trigger=trigger, since_tick=0.0)


@pytest.mark.parametrize(
    ("fault", "times", "said"),
    [
        (None, 1, "next hold"),
        ("server-error", 1, "next 500"),
        ("server-error", 3, "500 x3"),
        ("server-error", None, "every 500"),
        ("black-hole", 1, "next black-hole"),
    ],
)
def test_a_rule_is_told_in_short(fault: str | None, times: int | None, said: str) -> None:
    assert next_note([rule(fault, times=times)], CODE) == said


@pytest.mark.parametrize("name", [it.name for it in CATALOGUE if it.digit])
def test_what_a_digit_injects_is_told_whole(name: str) -> None:
    assert len(next_note([rule(name)], CODE)) <= ROOM
    assert len(next_note([rule(name), rule("drop")], CODE)) <= ROOM


def test_of_several_the_first_is_told_and_how_many_stand_behind_it() -> None:
    rules = [rule("throttled"), rule(None), rule("drop", user_code="BBBB-BBBB"), rule("delay")]
    assert next_note(rules, CODE) == "429 +2"


def test_what_is_over_or_rests_or_is_for_another_is_not_told() -> None:
    over, resting = rule("drop"), rule("drop")
    over.over_because = "its time is over"
    resting.is_paused = True
    assert next_note([over, resting, rule("drop", user_code="BBBB-BBBB")], CODE) == ""
