"""A rule's line in the list of active rules."""

import pytest
from rich.cells import cell_len

from oidc_sim.engine.arrival import Rule, Target, Trigger
from oidc_sim.tui.dialogs.rule_line import read_request_filter
from oidc_sim.tui.dialogs.rules import rule_details, rule_text

NARROW, WIDE = 68, 96
"""Cells of a line of the list at 80 and at 120 columns."""


def long_rule() -> Rule:
    found = read_request_filter("client:" + "世界" * 20)
    assert not hasattr(found, "message")
    return Rule(
        rule_id=1234,
        fault="portal-invalid-request",
        target=Target(client_id="c" * 40, operation="GetRoleCredentials", filter=found),
        trigger=Trigger(times=1_000_000, lifetime_s=86_400.0),
        since_tick=0.0,
        is_paused=True,
        done=999,
    )


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_names_are_cut_and_numbers_are_not(width: int) -> None:
    told = rule_text(long_rule(), 60.0, width)
    assert told.endswith("  999 done, 999,001 left  1439:00  PAUSED")
    assert told.startswith("1234  portal-invalid-req")
    assert "…" in told
    assert cell_len(told) == width


def test_a_short_rule_has_its_numbers_at_the_right_end() -> None:
    rule = Rule(
        rule_id=1,
        fault=None,
        target=Target(user_code="WDJB-MJHT"),
        trigger=Trigger(times=None),
        since_tick=0.0,
    )
    told = rule_text(rule, 0.5, NARROW)
    assert told.split("  ")[:3] == ["1", "hold", "WDJB-MJHT"]
    assert told.endswith("0 done, always  10:00")
    assert cell_len(told) == NARROW


def test_why_it_is_over_is_said_where_there_is_room() -> None:
    rule = long_rule()
    rule.over_because = "its time is over"
    assert rule_text(rule, 0.0, NARROW).endswith("  999 done, over")
    assert rule_details(rule).endswith("; over: its time is over")
