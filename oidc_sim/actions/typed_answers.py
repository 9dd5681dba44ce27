"""Answers of the control API in a sentence, for ``ctl``, ``serve`` and the hint line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from oidc_sim.actions.typed_settings import TypedRequest
from oidc_sim.engine.held import HOW_ENDED
from oidc_sim.engine.model import Decision
from oidc_sim.engine.replies import Expiries
from oidc_sim.text.durations import spoken
from oidc_sim.text.printable import Printable, printable
from oidc_sim.text.redact import redact_text

_FORGOTTEN = "forgotten"
_ONE = {
    "codes": "code",
    "tokens": "token",
    "sessions": "session",
    "registrations": "registration",
    "credentials": "role credential",
}


def expired_now(expiries: Expiries) -> str:
    """Such as ``2 codes expired, 1 token expired``; says of codes that a poll finds no more, too."""
    return counts_text(asdict(expiries))


def counts_text(counts: dict[str, int]) -> str:
    """Say the counts of the control API's members."""
    gone = counts.get("forgotten", 0)
    each = {"codes": counts.get("codes", 0) - gone, _FORGOTTEN: gone, **_without(counts)}
    parts = [_count_text(kind, count) for kind, count in each.items() if count]
    return ", ".join(parts) or "nothing expired"


def _without(counts: dict[str, int]) -> dict[str, int]:
    return {kind: count for kind, count in counts.items() if kind in _ONE and kind != "codes"}


def _count_text(kind: str, count: int) -> str:
    if kind == _FORGOTTEN:
        codes = "code" if count == 1 else "codes"
        return f"{count:,} {codes} expired and forgotten (polls get invalid_grant)"
    return f"{count:,} {_ONE[kind]}{'' if count == 1 else 's'} expired"


_NAME = 60
"""Characters of a name that somebody else chose."""
_DONE = {
    **{f"device.{decision}": decision.participle for decision in Decision},
    "device.undo": "undone",
    "client.expire": "expired: it is told invalid_client until it registers anew",
    "client.restore": "restored: its registration is good again",
    "rule.pause": "rests",
    "rule.resume": "acts again",
    "rule.remove": "is removed",
}


def tell(wish: TypedRequest, answer: Any) -> str:
    """Say what the members of an answer mean; JSON where somebody asked what is so.

    Raises:
        LookupError, TypeError, AttributeError: The answer is none of oidc-sim's.
    """
    family = wish.action.id.partition(".")[0]
    return _BY_ID.get(wish.action.id, _BY_FAMILY.get(family, _as_json))(wish, answer)


def _cut(name: Any) -> Printable:
    """Shorten a name that somebody else chose, so that it neither ends the line nor fills it."""
    shown = printable(redact_text(str(name)))
    return shown if len(shown) <= _NAME else printable(f"{shown[:_NAME]}...")


def named(wish: TypedRequest, reason: str) -> str:
    """A reason why not, with what it is about where that is a name."""
    is_named = bool({"user_code", "client_id"} & {*wish.texts, *wish.query})
    return f"{_cut(wish.subject)}: {reason}" if is_named else reason


def _device(wish: TypedRequest, device: Mapping[str, Any]) -> str:
    who = "client" if device.get("kind") == "browser" else "next poll"
    done = _DONE[wish.action.id]
    return f"{_cut(wish.subject)} {done}: now {device['state']}, its {who} gets {device['next']}"


def _client(wish: TypedRequest, _client: Mapping[str, Any]) -> str:
    return f"{_cut(wish.subject)} {_DONE[wish.action.id]}"


def _rule(wish: TypedRequest, _rule: Mapping[str, Any]) -> str:
    return f"rule {wish.subject} {_DONE[wish.action.id]}"


def _held(wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    how = answer["decision"]
    return f"request {wish.subject} {HOW_ENDED.get(how, f'{how}d')}"


def _held_list(_wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    lines = [
        f"{it['number']}  {_cut(it['operation'] or it.get('endpoint', ''))}  "
        f"{_cut(it['user_code'] or it['client_id'] or '')}  "
        f"{it['held_s']:.0f} s, {it['left_s']:.0f} s left"
        for it in answer["held"]
    ]
    return "\n".join(lines) or "no request is held"


def _hold(wish: TypedRequest, rule: Mapping[str, Any]) -> str:
    if wish.action.id == "hold.toggle":
        return f"the next request of {wish.subject} is held: rule {rule['id']}"
    return f"{_which(rule)} that fits is held: rule {rule['id']}"


def _fault(_wish: TypedRequest, rule: Mapping[str, Any]) -> str:
    return f"{rule['fault']} is armed: rule {rule['id']}"


def _which(rule: Mapping[str, Any]) -> str:
    return "every request" if rule.get("times", 1) is None else "the next request"


def _rules(_wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    return "\n".join(map(_rule_line, answer["rules"])) or "no rule is active"


def _rule_line(it: Mapping[str, Any]) -> str:
    """As the list of active rules has it: what, for whom, what it has done, what is left."""
    named = (it["user_code"], it["client_id"], it["operation"], it["filter"])
    whose = " ".join(_cut(one) for one in named if one) or "every request"
    if it["over_because"]:
        left = f"over: {it['over_because']}"
    else:
        often = "always" if it["times"] is None else f"{max(0, it['times'] - it['done'])} left"
        minutes, seconds = divmod(round(it["ends_in_s"]), 60)
        left = f"{often}, {minutes}:{seconds:02}{', PAUSED' if it['is_paused'] else ''}"
    done = f"{it['done']} done, {left}"
    return f"{it['id']}  {_cut(it['fault'] or 'hold')}  {whose}  {done}; {it['so_far']}"


def _clock(wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    asked = wish.members or {}
    if "frozen" in asked:
        return "the clock stands still" if asked["frozen"] else "the clock goes on"
    return f"advanced {spoken(asked['advance_s'])}: {counts_text(answer['lapsed'])}"


def _approved_all(_wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    left = answer.get("without_browser", 0)
    those = (
        f"; {left} whose browser left {'stays' if left == 1 else 'stay'} pending" if left else ""
    )
    return f"approved {answer['approved']}{those}"


def _switch(_wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    is_on = answer["auto_approve"]
    return "AUTO-APPROVE ON: every sign-in is approved by itself" if is_on else "auto-approve off"


def _demo(_wish: TypedRequest, answer: Mapping[str, Any]) -> str:
    started = answer.get("started")
    done = f"{started} signs in now" if started else f"stopped {answer['stopped']}"
    return f"{done}; {answer['running']} running"


def _as_json(_wish: TypedRequest, answer: Any) -> str:
    return json.dumps(answer, indent=2).replace("\x7f", "\\u007f")  # as printable_json


_BY_FAMILY: Mapping[str, Callable[[TypedRequest, Any], str]] = {
    "device": _device,
    "client": _client,
    "rule": _rule,
    "hold": _hold,
    "clock": _clock,
    "demo": _demo,
}
_BY_ID: Mapping[str, Callable[[TypedRequest, Any], str]] = {
    **{f"held.{name}": _held for name in ("release", "drop", "approve", "deny", "expire")},
    **{f"held.{name}": _held for name in ("slow_down", "fault", "edit")},
    "held.release_all": lambda _, answer: f"released {answer['released']}",
    "held": _held_list,
    "fault.inject": _fault,
    "fault.rules": _rules,
    "approve_all": _approved_all,
    "auto_approve": _switch,
    "reset": lambda _, __: "reset: every client and device is forgotten",
}
