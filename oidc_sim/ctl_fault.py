"""``oidc-sim ctl fault``: inject, list, pause, resume and remove faults, by the control API's words."""

import json
from typing import Any

from oidc_sim.ctl_hold import Asks

USAGE = (
    "say fault NAME [code=CODE] [times=N|always] [value=…], "
    "fault list, fault catalogue, or fault pause|resume|remove N"
)
_RENAMED = {"code": "user_code", "client": "client_id", "ttl": "ttl_s"}
_OF_THE_RULE = frozenset(
    {"user_code", "client_id", "operation", "filter", "skip", "times", "probability", "seed"}
    | {"ttl_s", "all"}
)
_ON_ONE = {"pause", "resume", "remove"}


def fault(asks: Asks, words: list[str]) -> str:
    """Do what the words say; returns what to tell the person.

    Raises:
        ValueError: They say nothing that can be done; the text is for the person.
    """
    match words:
        case ["list"]:
            return _listed(asks("GET", "/_sim/faults"))
        case ["catalogue"]:
            return json.dumps(asks("GET", "/_sim/faults/catalogue"), indent=2)
        case [action, number] if action in _ON_ONE:
            return _on_one(asks, action, number)
        case [name, *pairs] if name not in _ON_ONE and "=" not in name:
            rule = asks("POST", "/_sim/faults", members_of(name, pairs))
            return f"{name} lies in wait: rule {rule['id']}"
        case _:
            raise ValueError(USAGE)


def members_of(name: str, pairs: list[str]) -> dict[str, Any]:
    """The body of a new rule; what is not the rule's own is a setting of its fault.

    Raises:
        ValueError: A word is no ``name=value``.
    """
    members: dict[str, Any] = {"fault": name}
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(USAGE)
        key = _RENAMED.get(key, key)
        (members if key in _OF_THE_RULE else settings)[key] = _value(value)
    for text in ("user_code", "client_id", "operation", "filter"):
        if text in members:
            members[text] = str(members[text])
    return {**members, "settings": settings} if settings else members


def _on_one(asks: Asks, action: str, number: str) -> str:
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"{number} is no number of a rule")
    if action == "remove":
        asks("DELETE", f"/_sim/faults/{int(number)}")
        return f"rule {number} is removed"
    asks("POST", f"/_sim/faults/{int(number)}/{action}")
    return f"rule {number} {'rests' if action == 'pause' else 'acts again'}"


def _listed(view: Any) -> str:
    rules = view["faults"] if isinstance(view, dict) else view
    lines = [f"{rule['id']}  {rule['fault']}  {rule['so_far']}" for rule in rules]
    return "\n".join(lines) or "no fault lies in wait"


def _value(text: str) -> Any:
    """A number or truth value where it is one, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, dict | list) else value
