"""Judges what was set of a fault, whoever set it."""

import math
from collections.abc import Mapping

from oidc_sim.engine.arrival import Setting
from oidc_sim.engine.faults import Fault, Parameter

_MOST_TEXT = 65_536
_MOST_TEXT_SHOWN = 20


def settings_of(fault: Fault, given: Mapping[str, object]) -> dict[str, Setting] | str:
    """All settings with their defaults, or a sentence that says what is wrong."""
    known = {it.name: it for it in fault.parameters}
    unknown = [name for name in given if name not in known]
    if unknown:
        names = ", ".join(known) or "nothing"
        return f"{fault.name} has no such setting; there is {names} to set"
    settings: dict[str, Setting] = {it.name: it.default for it in fault.parameters}
    for name, value in given.items():
        if not _fits(known[name], value):
            return f"{name} of {fault.name} is {_wanted(known[name])}"
        assert value is None or isinstance(value, str | int | float | bool)  # noqa: S101
        settings[name] = value
    return settings


def _fits(parameter: Parameter, value: object) -> bool:
    if parameter.choices:
        return any(type(it) is type(value) and it == value for it in parameter.choices)
    if isinstance(parameter.default, bool) or isinstance(value, bool):
        return isinstance(parameter.default, bool) and isinstance(value, bool)
    if isinstance(parameter.default, str):
        return isinstance(value, str) and len(value) <= _MOST_TEXT
    return _is_within(parameter, value)


def _is_within(parameter: Parameter, value: object) -> bool:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return False
    if isinstance(parameter.default, int) and parameter.name != "seconds" and value != int(value):
        return False
    least = -math.inf if parameter.least is None else parameter.least
    most = math.inf if parameter.most is None else parameter.most
    return least <= value <= most


def _wanted(parameter: Parameter) -> str:
    if parameter.choices:
        return "one of " + ", ".join(repr(it)[:_MOST_TEXT_SHOWN] for it in parameter.choices)
    if isinstance(parameter.default, bool):
        return "true or false"
    if isinstance(parameter.default, str):
        return "a text"
    least, most = parameter.least, parameter.most
    return "a number" if least is None else f"a number from {least:g} to {most or 0:g}"
