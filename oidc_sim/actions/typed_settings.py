"""``times=3``, ``filter="client:aws-*"``, ``seconds=5``: what is set of a hold, a fault or an answer.

A rule's words get their types here; a fault's own settings stay text, for the server knows the catalogue
(``faults.settings``).
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from oidc_sim.actions.table import Action
from oidc_sim.engine.rules import MAX_COUNT, MAX_LIFETIME_S
from oidc_sim.text.durations import parse_duration

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class WordsError(Exception):
    """What was typed is no wish; the text is one line that says what to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRequest:
    """A typed action with its arguments, as the control API takes it."""

    action: Action
    texts: Mapping[str, str] = field(default_factory=dict)
    """What stands for the ``{name}`` segments of the route."""
    query: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] | None = None
    """The JSON body, where there is one."""

    @property
    def target(self) -> str:
        """The path with its texts, and the query."""
        path = _PLACEHOLDER.sub(lambda it: quote(self.texts[it[1]], safe=""), self.action.path)
        return f"{path}?{urlencode(self.query)}" if self.query else path

    @property
    def subject(self) -> str:
        """What it is about, as it was typed: a code, a client, a number; or nothing."""
        return next(iter(self.texts.values()), "") or next(iter(self.query.values()), "")


_RENAMED = {"code": "user_code", "client": "client_id", "op": "operation", "p": "probability"}
"""Short names of the control API's members."""
_TIMES_TO_LIVE = ("ttl", "ttl_s", "for")
_TEXTS = frozenset({"user_code", "client_id", "operation", "filter"})
OF_A_RULE = frozenset({*_TEXTS, "skip", "times", "probability", "seed", "ttl_s", "all"})
"""What is set of a hold or fault whatever it is, by the control API's names."""
_OF_AN_ANSWER = frozenset({"status", "header", "body", "done"})
_ANSWER_HAS = "an answer has status=503, header=Name:value and body=TEXT; done=true does it first"
_DEFAULT_STATUS = 200
ALWAYS = "always"
"""How often, where it is no number."""
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_MOST_CHARACTERS = 500
"""Of a text, as the control API takes it."""
_SHOWN = 20
"""Characters of what was typed that are said back."""


def hold_members(words: Iterable[str]) -> dict[str, Any]:
    """The body of a new hold: what is none of its settings is its filter."""
    settings: list[str] = []
    conditions: list[str] = []
    for word in words:
        key, equals, _ = word.partition("=")
        is_setting = equals and member_name(key) in OF_A_RULE
        (settings if is_setting else conditions).append(word)
    members = {name: rule_value(name, word, text) for name, word, text in _each_once(settings)}
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
    for key, word, text in _each_once(words):
        if key in OF_A_RULE:
            members[key] = rule_value(key, word, text)
        else:
            settings[key] = text
    return {**members, "settings": settings} if settings else members


def answer_members(words: Iterable[str]) -> dict[str, Any]:
    """The body of an edited answer: ``status=503 header=Retry-After:5 body={}``, ``done=true``.

    Raises:
        WordsError: A word is none of these.
    """
    members: dict[str, Any] = {"status": _DEFAULT_STATUS, "headers": [], "body": ""}
    given: set[str] = set()
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or key not in _OF_AN_ANSWER:
            raise WordsError(f"{_cut(word)}: {_ANSWER_HAS}")
        if key == "header":
            name, _, value = text.partition(":")
            members["headers"].append([name.strip(), value.strip()])
        elif key in given:
            raise WordsError(f"{key} is given twice")
        else:
            members[key] = _VALUES[key](key, text) if key in _VALUES else text
        given.add(key)
    return members


def member_name(key: str) -> str:
    """The control API's name of what is typed as ``p``, ``for`` or ``code``."""
    return "ttl_s" if key in _TIMES_TO_LIVE else _RENAMED.get(key, key)


def _each_once(words: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The control API's name, what was typed for it, and the text."""
    given = set()
    for word in words:
        typed, equals, text = word.partition("=")
        if not equals:
            raise WordsError(f"{_cut(word)}: after the fault's name come words such as times=3")
        name = member_name(typed)
        if name in given:
            raise WordsError(f"{_cut(typed)} is given twice")
        given.add(name)
        yield name, typed, text


def rule_value(name: str, word: str, text: str) -> Any:
    """What a text stands for: a text, a number, ``always``, seconds of ``for``, true or false.

    ``name`` is one of ``OF_A_RULE``, and ``word`` what was typed for it. Raises WordsError for any other text.
    """
    if name not in _TEXTS:
        return _VALUES[name](word, text)
    if not (text or name == "filter") or len(text) > _MOST_CHARACTERS:
        raise WordsError(f"{word}={_cut(text)}: {word} has 1 to {_MOST_CHARACTERS} characters")
    return text


def _span(word: str, text: str) -> int:
    try:
        span_s = parse_duration(text)
    except ValueError as error:
        raise WordsError(f"{word}: {error}") from None
    if not 0 < span_s <= MAX_LIFETIME_S:
        raise WordsError(f"{word}={_cut(text)}: a rule lasts more than 0 s and at most a day")
    return span_s


def _whole(word: str, text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        raise WordsError(f"{word}={_cut(text)}: {word} is a whole number")
    return int(text)


def _skip(word: str, text: str) -> int:
    return _from(0, word, text)


def _times(word: str, text: str) -> int | str:
    try:
        return text if text == ALWAYS else _from(1, word, text)
    except WordsError as error:
        raise WordsError(f"{error}, or always") from None


def _from(least: int, word: str, text: str) -> int:
    count = _whole(word, text)
    if not least <= count <= MAX_COUNT:
        raise WordsError(f"{word}={_cut(text)}: {word} is a number from {least} to {MAX_COUNT:,}")
    return count


def _chance(word: str, text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = math.nan
    if not 0 <= chance <= 1:
        raise WordsError(f"{word}={_cut(text)}: {word} is a probability between 0 and 1")
    return chance


def _is_so(word: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise WordsError(f"{word}={_cut(text)}: {word} is true or false")
    return text == "true"


_VALUES: Mapping[str, Callable[[str, str], Any]] = {
    "skip": _skip,
    "times": _times,
    "probability": _chance,
    "seed": _whole,
    "ttl_s": _span,
    "all": _is_so,
    "status": _whole,
    "done": _is_so,
}
"""Of a rule and of an answer, by the control API's names."""


def _cut(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[:_SHOWN]}..."


def _given(members: dict[str, Any], key: str) -> list[str]:
    return [members[key]] if key in members else []
