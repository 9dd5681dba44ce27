"""What lies in wait for a device, in a note of its row: ``next 500``."""

from collections.abc import Iterable

from oidc_sim.engine.arrival import Rule

_SHORT = {
    "access-denied": "denied",
    "expired-token": "expiry",
    "gateway-error": "502",
    "invalid-client": "401",
    "invalid-grant": "grant",
    "malformed-json": "json",
    "portal-too-many-requests": "429",
    "portal-unauthorized": "401",
    "server-error": "500",
    "slow-down": "slow",
    "throttled": "429",
}
"""Of faults whose names leave no room: a status where it tells the fault from others, else a word."""


def next_note(rules: Iterable[Rule], user_code: str) -> str:
    """The first rule for just this device, and how many stand behind it; nothing when there is none.

    ``next 500`` is once, ``500 x3`` so often, ``every 500`` always, ``500 +2`` has two others behind it.
    """
    waiting = [
        rule
        for rule in rules
        if rule.target.user_code == user_code and not (rule.over_because or rule.is_paused)
    ]
    if not waiting:
        return ""
    short, left = _short(waiting[0]), waiting[0].left()
    if len(waiting) > 1:
        return f"{short} +{len(waiting) - 1}"
    if left is None:
        return f"every {short}"
    return f"next {short}" if left == 1 else f"{short} x{left:,}"


def _short(rule: Rule) -> str:
    return _SHORT.get(rule.fault, rule.fault) if rule.fault else "hold"
