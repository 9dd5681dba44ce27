"""The words of a new hold or fault on a line: ``times=3 p=0.5 filter="client:aws*"``, ``seconds=30``.

They are the words of ``oidc-sim ctl hold`` and ``ctl fault``, so that a person learns one language.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from oidc_sim.actions.rules import known_target, objection_to_client
from oidc_sim.actions.typed_settings import ALWAYS, OF_A_RULE, WordsError, member_name, rule_value
from oidc_sim.engine.arrival import (
    EVERYTHING,
    NEXT,
    Filter,
    Setting,
    Target,
    Trigger,
    request_filter,
)
from oidc_sim.engine.model import canonical_user_code
from oidc_sim.engine.replies import Impossible
from oidc_sim.engine.rules import objection_to
from oidc_sim.faults.row import Fault
from oidc_sim.filtering import Expression, FilterError, in_english, parse
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.text.durations import spoken
from oidc_sim.wire.operations import operation_called

WORDS = "times skip p seed for filter op client code"
"""Words that a line can have, for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Target and trigger of a new rule: the requests it means, and which of these it catches."""

    target: Target = field(default_factory=Target)
    trigger: Trigger = NEXT


@dataclass(frozen=True, slots=True)
class Scope:
    """A target that a fault can be for, with its label."""

    label: str
    target: Target
    whose: str = ""
    """The name of its device or client for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """A fault with its settings and aim, as the picker gives it."""

    fault: Fault
    settings: Mapping[str, Setting] = field(default_factory=dict)
    aim: Aim
    whose: str = ""
    """The name of the target's device or client for a person."""
    is_plain: bool = True
    """Whether nothing but the fault was chosen: then it answers held requests at once."""


def is_rule_word(name: str) -> bool:
    """Whether a word is the rule's, and not a setting of its fault."""
    return member_name(name) in OF_A_RULE - {"all"}


def aimed(aim: Aim, pairs: Iterable[tuple[str, str]]) -> Aim:
    """The aim with the words' changes.

    Raises:
        WordsError: A word is none of ``WORDS``, or has no such value.
    """
    target, trigger = aim.target, aim.trigger
    for word, value in pairs:
        name = member_name(word)
        if name in _TARGET:
            target = replace(target, **{name: _TARGET[name](rule_value(name, word, value))})
        elif is_rule_word(word):
            meant = rule_value(name, word, value)
            part: dict[str, Any] = {_PARTS.get(name, name): None if meant == ALWAYS else meant}
            trigger = replace(trigger, **part)
        else:
            raise WordsError(f"there is no {word[:_SHOWN]}; there is {WORDS}")
    if why := objection_to(trigger):
        raise WordsError(why)
    return Aim(target=target, trigger=trigger)


def at_known(simulator: Simulator, aim: Aim) -> Aim:
    """The same aim, with its client's id where a name was typed.

    Raises:
        WordsError: It is at a code or client that is not known.
    """
    target = known_target(simulator, aim.target)
    if isinstance(target, Impossible):
        raise WordsError(target.why)
    return replace(aim, target=target)


def requests_meant(aim: Aim, whose: str = "") -> str:
    """The requests in English: ``the next 3 CreateToken requests of aws-cli, after the first 2``.

    ``whose`` names their device or client for a person, where they are of one.
    """
    trigger, expression = aim.trigger, parse(aim.target.filter.text)
    of = f" of {whose}" if whose else ""
    if isinstance(expression, Expression) and not expression.is_everything:
        of += f" {in_english(expression, of='').strip()}"
    skipped = f", after the first {trigger.skip:,}" if trigger.skip else ""
    chance = f", each with p={trigger.probability:g}" if trigger.probability < 1 else ""
    is_usual = trigger.lifetime_s == NEXT.lifetime_s
    span = "" if is_usual else f", for {spoken(trigger.lifetime_s)}"
    return f"{_which(trigger.times, aim.target.operation)}{of}{skipped}{chance}{span}"


def injection_text(injection: Injection) -> str:
    """The effect of a new rule, in English."""
    aim = injection.aim
    verb = "gets" if aim.trigger.times in {None, 1} else "get"
    return f"↯ {requests_meant(aim, injection.whose)} {verb} {injection.fault.title}"


def read_request_filter(text: str) -> Filter | FilterError:
    """A filter for what has come and is not answered; a blank one leaves nothing out."""
    found = request_filter(text)
    is_blank = not isinstance(found, FilterError) and not text.strip()
    return EVERYTHING if is_blank else found


def _which(times: int | None, operation: str | None) -> str:
    noun = f"{operation} request" if operation else "request"
    if times is None:
        return f"every {noun}"
    return f"the next {noun}" if times == 1 else f"the next {times:,} {noun}s"


def _filter(text: str) -> Filter:
    found = read_request_filter(text)
    if isinstance(found, FilterError):
        raise WordsError(f"filter, after {found.at} characters: {found.message}")
    return found


def _operation(text: str) -> str:
    try:
        return operation_called(text)
    except ValueError as error:
        raise WordsError(str(error)) from None


def _client_id(text: str) -> str:
    if why := objection_to_client(text):
        raise WordsError(why)
    return text


_TARGET: Mapping[str, Callable[[str], Any]] = {
    "user_code": canonical_user_code,
    "client_id": _client_id,
    "operation": _operation,
    "filter": _filter,
}
_PARTS = {"ttl_s": "lifetime_s"}
"""Fields of a trigger for which the control API has another name."""
_SHOWN = 20
"""Characters of what was typed that are said back."""


def settings_line(fault: Fault) -> str:
    """All parameters with their defaults."""
    return " ".join(f"{it.name}={_shown(it.default)}" for it in fault.parameters)


def pairs_of(line: str) -> list[tuple[str, str]]:
    """The names and values of a line's words, which may have quotation marks.

    Raises:
        WordsError: A word is no ``name=value``.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        raise WordsError("a quotation mark is not closed") from None
    pairs = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise WordsError(f"write name=value, not {word[:20]!r}")
        pairs.append((name, value))
    return pairs


def settings_from(fault: Fault, pairs: Iterable[tuple[str, str]]) -> dict[str, Setting]:
    """The fault's settings as the words say, with the defaults of the others.

    Raises:
        WordsError: The fault takes no such value.
    """
    from oidc_sim.faults.settings import settings_of  # seldom asked for

    settings = settings_of(fault, dict(pairs))
    if isinstance(settings, str):
        raise WordsError(settings)
    return settings


def _shown(value: Setting) -> str:
    from oidc_sim.faults.settings import shown_setting

    return shlex.quote(value) if isinstance(value, str) else shown_setting(value)
