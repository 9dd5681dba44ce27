"""A rule in a line of the list of what lies in wait: names may be cut, numbers never are."""

from oidc_sim.engine.arrival import Rule, Target
from oidc_sim.engine.rules import near_miss, over_because
from oidc_sim.tui.bars.bar import cut_to, width_of
from oidc_sim.tui.cells import Printable, printable

_GAP = "  "
_NAME = 22
"""Cells of each name at most where not all have room, so that the next has some."""
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
    names = _names(rule)
    if width_of([(names, "")]) > room:
        names = _names(rule, _NAME)
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


def _names(rule: Rule, cells: int | None = None) -> Printable:
    """Its number, what it does and to whom, each name in so many cells at most."""
    whose = [printable(text) for text in _named(rule.target)]
    cut = " ".join(cut_to(text, cells) if cells else text for text in whose)
    return printable(f"{rule.rule_id}{_GAP}{rule.fault or 'hold'}{_GAP}{cut or 'every request'}")


def _named(target: Target) -> list[str]:
    named = (target.user_code, target.client_id, target.operation, target.filter.text)
    return [text for text in named if text]
