"""Rules and held requests as lines for people."""

import pytest

from oidc_sim.engine import waiting_events as e
from oidc_sim.engine.arrival import ANYTHING, NEXT, Arrival, HeldDecision, Target
from oidc_sim.headless.text import waiting_text

ARRIVAL = Arrival(operation="CreateToken", endpoint="/token", user_code="QFJW-LZFB")


def added(fault: str | None, target: Target) -> e.RuleAdded:
    return e.RuleAdded(
        at=1,
        tick=1,
        rule_id=3,
        fault=fault,
        settings={},
        fit=ANYTHING,
        target=target,
        trigger=NEXT,
    )


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (added(None, Target(user_code="QFJW-LZFB")), "added rule 3: hold for QFJW-LZFB"),
        (added("slow-down", Target()), "added rule 3: fault slow-down for everything"),
        (e.RulePaused(at=1, rule_id=3, is_paused=True), "paused rule 3"),
        (e.RulePaused(at=1, rule_id=3, is_paused=False), "resumed rule 3"),
        (e.RuleEnded(at=1, rule_id=3), "ended rule 3: its time is over"),
        (e.RuleRemoved(at=1, rule_id=3), "removed rule 3"),
        (e.RuleRestored(at=1, rule_id=3), "restored rule 3"),
        (e.RuleGivenBack(at=1, rule_id=3), None),
        (e.RequestLookedAt(at=1, number=7, misses=(), caught_by=None), None),
        (
            e.RequestHeld(at=1, tick=1, number=7, rule_id=3, arrival=ARRIVAL, ends_tick=31),
            "held request 7: CreateToken for QFJW-LZFB, for 30 s",
        ),
        (e.HeldPaused(at=1, tick=1, number=7, is_paused=True), None),
        (e.HeldDecided(at=1, number=7, decision=HeldDecision(how="release")), None),
        (e.AllReleased(at=1, requests=7), None),
        (e.HeldEnded(at=1, number=7, how="released"), "let go of request 7: released"),
        (
            e.HeldEnded(at=1, number=7, how="dropped", user_code="QFJW-LZFB"),
            "let go of request 7 for QFJW-LZFB: dropped",
        ),
    ],
)
def test_each_happening_has_its_line(event: e.PassingEvent, line: str | None) -> None:
    assert waiting_text(event) == line
