"""``times=3``, ``filter="client:aws-*"``, ``seconds=5``: what is set of a hold, a fault or an answer."""

import json
from collections.abc import Iterable
from typing import Any

from oidc_sim.durations import parse_duration
from oidc_sim.words.wish import WordsError

_RENAMED = {"code": "user_code", "client": "client_id", "op": "operation", "p": "probability"}
"""Short names of the control API's members."""
_TIMES_TO_LIVE = ("ttl", "ttl_s", "for")
_TEXTS = frozenset({"user_code", "client_id", "operation", "filter"})
_OF_A_RULE = frozenset({*_TEXTS, "skip", "times", "probability", "seed", "ttl_s", "all"})
_OF_AN_ANSWER = frozenset({"status", "header", "body", "done"})
_ANSWER_HAS = "an answer has status=503, header=Name:value and body=TEXT; done=true does it first"
_DEFAULT_STATUS = 200


def hold_members(words: Iterable[str]) -> dict[str, Any]:
    """The body of a new hold: what is none of its settings is its filter."""
    members: dict[str, Any] = {}
    conditions = []
    for word in words:
        key, equals, value = word.partition("=")
        key = member_name(key)
        if equals and key in _OF_A_RULE:
            members[key] = _rule_value(key, value)
        else:
            conditions.append(word)
    if conditions:
        members["filter"] = " ".join([*_given(members, "filter"), *conditions])
    return members


def fault_members(name: str, words: Iterable[str]) -> dict[str, Any]:
    """The body of a new fault: what is no setting of a rule is one of the fault's.

    Raises:
        WordsError: A word is no ``name=value``.
    """
    members: dict[str, Any] = {"fault": name}
    settings: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise WordsError(f"{word}: after the fault's name come words such as times=3")
        key = member_name(key)
        if key in _OF_A_RULE:
            members[key] = _rule_value(key, value)
        else:
            settings[key] = _value(value)
    return {**members, "settings": settings} if settings else members


def answer_members(words: Iterable[str]) -> dict[str, Any]:
    """The body of an edited answer: ``status=503 header=Retry-After:5 body={}``, ``done=true``.

    Raises:
        WordsError: A word is none of these.
    """
    members: dict[str, Any] = {"status": _DEFAULT_STATUS, "headers": [], "body": ""}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in _OF_AN_ANSWER:
            raise WordsError(f"{word}: {_ANSWER_HAS}")
        if key == "header":
            name, _, text = value.partition(":")
            members["headers"].append([name.strip(), text.strip()])
        elif key != "body":
            members[key] = _value(value)
        else:
            members["body"] = value
    return members


def member_name(key: str) -> str:
    """The control API's name of what is typed as ``p``, ``for`` or ``code``."""
    return "ttl_s" if key in _TIMES_TO_LIVE else _RENAMED.get(key, key)


def _rule_value(key: str, text: str) -> Any:
    if key in _TEXTS:
        return text
    if key != "ttl_s":
        return _value(text)
    try:
        return parse_duration(text)
    except ValueError as error:
        raise WordsError(str(error)) from None


def _given(members: dict[str, Any], key: str) -> list[str]:
    return [members[key]] if key in members else []


def _value(text: str) -> Any:
    """A number or truth value where it is one, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, dict | list) else value
