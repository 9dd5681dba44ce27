"""Judges the settings of a fault, whoever gave them.

A value that is typed, on the screen or after ``ctl``, comes as text and gets its type from the parameter:
``5`` is a number of ``delay`` and a text of ``custom``. JSON of the control API may be either.
"""

import json
import math
from collections.abc import Mapping
from itertools import chain

from oidc_sim.engine.arrival import Setting
from oidc_sim.faults.row import Fault, Parameter

_MOST_TEXT = 65_536
_MOST_TEXT_SHOWN = 20
_BEGINS_JSON = ("{", "[", '"')
_LEVELS = 100
"""How deep JSON may nest: pydantic reads 200, some of which are an answer's own."""
_MOST_NUMBER = 10**15
"""Where a parameter has no bounds of its own, such as a seed: no float loses a digit of it."""


def settings_of(fault: Fault, given: Mapping[str, object]) -> dict[str, Setting] | str:
    """Return the given settings over the defaults, or a sentence that says what is wrong.

    A given text stands for the value that it spells where the parameter is no text.
    """
    known = {it.name: it for it in fault.parameters}
    unknown = [name for name in given if name not in known]
    if unknown:
        names = ", ".join(known) or "nothing"
        return f"{fault.name} has no such setting; there is {names} to set"
    settings: dict[str, Setting] = {it.name: it.default for it in fault.parameters}
    for name, it in given.items():
        value = _typed(known[name], it)
        if not _fits(known[name], value):
            return f"{name} of {fault.name} is {_wanted(known[name])}"
        assert value is None or isinstance(value, str | int | float | bool)  # noqa: S101
        settings[name] = value
    return settings


def _typed(parameter: Parameter, value: object) -> object:
    if not isinstance(value, str):
        return value
    if parameter.choices:
        return next((it for it in parameter.choices if shown_setting(it) == value), value)
    return value if isinstance(parameter.default, str) else _scalar(value)


def _scalar(text: str) -> object:
    """A number or a truth value; else the text, which fits nothing that is neither."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, int | float) else text


def shown_setting(value: Setting) -> str:
    """A value as it is typed: a text is itself, nothing is ``null``."""
    return value if isinstance(value, str) else json.dumps(value)


def _fits(parameter: Parameter, value: object) -> bool:
    if parameter.choices:
        return any(type(it) is type(value) and it == value for it in parameter.choices)
    if isinstance(parameter.default, bool) or isinstance(value, bool):
        return isinstance(parameter.default, bool) and isinstance(value, bool)
    if isinstance(parameter.default, str):
        is_text = isinstance(value, str) and len(value) <= _MOST_TEXT
        return is_text and (not parameter.is_json or _is_json_or_plain(str(value)))
    return _is_within(parameter, value)


def _is_json_or_plain(text: str) -> bool:
    """Say whether a text that begins like JSON is JSON, and not deep."""
    if not text.lstrip().startswith(_BEGINS_JSON):
        return True
    try:
        return _is_shallow(json.loads(text))
    except (ValueError, RecursionError):
        return False


def _is_shallow(value: object) -> bool:
    """Count levels, since how many Python itself reads differs from version to version."""
    within: list[object] = [value]
    for _ in range(_LEVELS):
        lists = [it for it in within if isinstance(it, list)]
        objects = [it.values() for it in within if isinstance(it, dict)]
        within = [*chain(*lists, *objects)]
        if not within:
            return True
    return False


def _is_within(parameter: Parameter, value: object) -> bool:
    if not isinstance(value, int | float):
        return False
    if isinstance(value, float) and not math.isfinite(value):  # an int may be too large to ask
        return False
    if isinstance(parameter.default, int) and parameter.name != "seconds" and value != int(value):
        return False
    least = -_MOST_NUMBER if parameter.least is None else parameter.least
    most = _MOST_NUMBER if parameter.most is None else parameter.most
    return least <= value <= most


def _wanted(parameter: Parameter) -> str:
    if parameter.choices:
        return "one of " + ", ".join(
            shown_setting(it)[:_MOST_TEXT_SHOWN] for it in parameter.choices
        )
    if isinstance(parameter.default, bool):
        return "true or false"
    if isinstance(parameter.default, str):
        return (
            "JSON that is whole and not too deep, or a plain text"
            if parameter.is_json
            else "a text"
        )
    least, most = parameter.least, parameter.most
    return "a number" if least is None else f"a number from {least:g} to {most or 0:g}"
