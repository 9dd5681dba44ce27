"""Finds variables that look like settings and are none, and whether the locale shows Unicode.

A misspelt variable would otherwise go unnoticed.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from oidc_sim.settings.model import (
    CONFIG_VARIABLE,
    ENVIRONMENT_PREFIX,
    FILE_ONLY,
    TYPED,
    Settings,
    variable,
)

_KNOWN = {CONFIG_VARIABLE.removeprefix(ENVIRONMENT_PREFIX), *(name.upper() for name in TYPED)}
_IN_THE_FILE = {variable(name) for name in FILE_ONLY}
_MOST_NAMED = 3


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Give one sentence about all unknown variables, or none; without values, which may be secrets."""
    found = sorted(name for name in environment if _is_unknown(name))
    named = [_about(name) for name in found[:_MOST_NAMED]]
    if len(found) > _MOST_NAMED:
        named.append(f"and {len(found) - _MOST_NAMED} more")
    return ["; ".join(named)] if named else []


def _is_unknown(name: str) -> bool:
    rest = name.removeprefix(ENVIRONMENT_PREFIX)
    return rest != name and rest not in _KNOWN


def _about(name: str) -> str:
    if name in _IN_THE_FILE:
        return f"{name} is not read: a table can only be in the configuration file"
    near = get_close_matches(name.removeprefix(ENVIRONMENT_PREFIX).upper(), sorted(_KNOWN), 1)
    advice = f", did you mean {ENVIRONMENT_PREFIX}{near[0]}?" if near else ""
    return f"{name} is no setting{advice}"


_COERCED = "C.UTF-8"
"""Value that Python itself puts into ``LC_CTYPE`` where the locale is ``C`` (PEP 538)."""


def fit_for_locale(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Set ASCII where the locale shows no more and nobody chose."""
    if "ascii" in settings.model_fields_set or shows_unicode(environment):
        return settings
    return settings.model_copy(update={"ascii": True})


def shows_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the locale is UTF-8; without any, as in a container, the terminal is taken to be it."""
    given = (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    names = [name for name in given if name]
    if names[:1] == [_COERCED] and not environment.get("LC_ALL"):
        names = names[1:]
    name = names[0].lower() if names else ""
    return not name or "utf-8" in name or "utf8" in name
