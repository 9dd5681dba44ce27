"""A rule in a line of the list of what lies in wait: names may be cut, numbers never are."""

from oidc_sim.engine.arrival import Rule, Target
from oidc_sim.engine.rules import near_miss, over_because
from oidc_sim.tui.printable import Printable, printable
from oidc_sim.tui.widgets.bar import cut_to, width_of

_GAP = "  "
_NAME = 22
"""Cells of each name at most, so that the next has room."""
_LEAST = 12
"""Cells that are left for names in however narrow a line."""


def told_rule(rule: Rule, tick: float, width: int) -> Printable:
    """What it does, to whom, what it has done and how long it lasts.

    Args:
        rule: Which one.
        tick: Real monotonic seconds now.
        width: Cells of the line; what it has done and what is left stands at its right end.
    """
    numbers = printable(_numbers(rule, tick))
    room = max(_LEAST, width - width_of([(numbers, "")]) - len(_GAP))
    names = printable(f"{rule.rule_id}{_GAP}{rule.fault or 'hold'}{_GAP}{_whose(rule.target)}")
    cut = cut_to(names, room)
    return printable(f"{cut}{' ' * (room - width_of([(cut, '')]))}{_GAP}{numbers}")


def told_more(rule: Rule) -> str:
    """How near it came, and why it is over, in a sentence."""
    over = f"; over: {rule.over_because}" if rule.over_because else ""
    return f"{near_miss(rule)}{over}"


def _numbers(rule: Rule, tick: float) -> str:
    if over_because(rule, tick):
        return f"{rule.done:,} done, over"
    left = rule.left()
    often = "always" if left is None else f"{left:,} left"
    minutes, seconds = divmod(max(0, round(rule.ends_tick() - tick)), 60)
    paused = f"{_GAP}PAUSED" if rule.is_paused else ""
    return f"{rule.done:,} done, {often}{_GAP}{minutes}:{seconds:02}{paused}"


def _whose(target: Target) -> str:
    named = (target.user_code, target.client_id, target.operation, target.filter.text)
    return " ".join(text[:_NAME] for text in named if text) or "every request"
