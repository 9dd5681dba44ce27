"""Reads typed words as an action with its arguments, by the words of the table of actions."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oidc_sim.actions.table import ACTIONS, FREEZE, Action
from oidc_sim.actions.typed_settings import (
    TypedRequest,
    WordsError,
    answer_members,
    fault_members,
    hold_members,
)
from oidc_sim.engine.model import canonical_user_code
from oidc_sim.text.durations import parse_duration
from oidc_sim.text.redact import redact_text

_NUMBER = re.compile(r"[0-9]{1,18}")
_CODE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-?[BCDFGHJKLMNPQRSTVWXZ]{4}", re.IGNORECASE)
"""As a code may be typed (RFC 8628 §6.1); anything else after ``hold`` is a filter."""
_REQUEST = "request="
_SHOWN = 60
"""Characters of what was typed that are said back."""


def read(words: Sequence[str]) -> TypedRequest:
    """Read words; WordsError says what to type where they are no action."""
    name, *rest = words or [""]
    if name in _BY_SETTINGS:
        return _BY_SETTINGS[name](rest)
    for action in _PLAIN_FIRST:
        if action.name == name and (found := _filled(action, rest)) is not None:
            return _wish(action, found)
    raise WordsError(f"{_cut(words)}{usage(name)}")


def usage(name: str) -> str:
    """What can be typed after a name, or every name."""
    lines = [action.words for action in ACTIONS if action.name == name]
    if lines:
        return f"say {', or '.join(lines)}"
    return f"commands are {', '.join(dict.fromkeys(it.name for it in ACTIONS))}"


_PLAIN_FIRST = sorted(ACTIONS, key=lambda it: any(word.isupper() for word in it.words.split()))
"""``clock freeze`` before ``clock TIME``: what a word says beats what it could stand for."""


def _cut(words: Sequence[str]) -> str:
    """What was typed, where it had more than a name; a secret that slipped in is cut before the rest is."""
    return f"{redact_text(' '.join(words))[:_SHOWN]}: " if len(words) > 1 else ""


def _filled(action: Action, words: Sequence[str]) -> dict[str, str] | None:
    """What the words say where the table has capitals; None where they do not fit."""
    pattern = action.words.split()[1:]
    if len(words) > len(pattern):
        return None
    found = {}
    for place, word in zip(pattern, [*words, *[""] * len(pattern)], strict=False):
        if not _fits(place, word):
            return None
        if word:
            found[place.strip("[]")] = word
    return found


def _fits(place: str, word: str) -> bool:
    if place.startswith("["):
        return True
    if place == "N":
        return bool(_NUMBER.fullmatch(word))
    if place == "CODE":
        return bool(word) and not _NUMBER.fullmatch(word)
    return bool(word) if place.isupper() else word in place.split("|")


def _wish(action: Action, found: Mapping[str, str]) -> TypedRequest:
    typed = found.get("CODE", "")
    code = canonical_user_code(typed) or typed
    if action.method == "GET":
        return TypedRequest(action=action, query={"user_code": code} if code else {})
    texts = {}
    if code:
        texts["user_code"] = code
    if "N" in found:
        texts["number"] = str(int(found["N"]))
    if "ID" in found:
        texts["client_id"] = found["ID"]
    word = next(iter(found.values()), "")
    if action.id == "demo":
        texts["name"] = word
    body = _BODIES.get(action.id)
    return TypedRequest(action=action, texts=texts, members=body(word) if body else None)


def _step(word: str) -> dict[str, Any]:
    try:
        return {"advance_s": parse_duration(word)}
    except ValueError as error:
        raise WordsError(f"{error}, freeze or unfreeze") from None


_BODIES: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "auto_approve": lambda word: {"on": word == "on"},
    "clock.step": _step,
    "clock.freeze": lambda word: {"frozen": FREEZE[word]},
}


def _hold(words: Sequence[str]) -> TypedRequest:
    if not words:
        raise WordsError(usage("hold"))
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        return _wish(_row("hold.toggle"), {"CODE": words[0]})
    return TypedRequest(action=_row("hold.all"), members=hold_members(words))


def _fault(words: Sequence[str]) -> TypedRequest:
    if not words or "=" in words[0]:
        raise WordsError(usage("fault"))
    name, *settings = words
    numbers = [it.removeprefix(_REQUEST) for it in settings if it.startswith(_REQUEST)]
    members = fault_members(name, (it for it in settings if not it.startswith(_REQUEST)))
    if not numbers:
        return TypedRequest(action=_row("fault.inject"), members=members)
    return TypedRequest(
        action=_row("held.fault"), texts={"number": _number(numbers[-1])}, members=members
    )


def _edit(words: Sequence[str]) -> TypedRequest:
    if not words:
        raise WordsError(usage("edit"))
    number, *settings = words
    return TypedRequest(
        action=_row("held.edit"),
        texts={"number": _number(number)},
        members=answer_members(settings),
    )


_BY_SETTINGS: Mapping[str, Callable[[Sequence[str]], TypedRequest]] = {
    "hold": _hold,
    "fault": _fault,
    "edit": _edit,
}
"""Names after which come settings in any order."""


def _number(word: str) -> str:
    if not _NUMBER.fullmatch(word):
        raise WordsError(f"{word} is no number of a request")
    return str(int(word))


def _row(id_: str) -> Action:
    return next(it for it in ACTIONS if it.id == id_)
