"""Variables that look like settings and are none: a slip that would else go unnoticed."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from oidc_sim.settings.model import CONFIG_VARIABLE, ENVIRONMENT_PREFIX, FILE_ONLY, TYPED, variable

_KNOWN = {CONFIG_VARIABLE.removeprefix(ENVIRONMENT_PREFIX), *(name.upper() for name in TYPED)}
_IN_THE_FILE = {variable(name) for name in FILE_ONLY}
_MOST_NAMED = 3


def strays(environment: Mapping[str, str]) -> list[str]:
    """One sentence about all of them, or none; values are not told, they may be secrets."""
    found = sorted(name for name in environment if _is_stray(name))
    told = [*map(_about, found[:_MOST_NAMED]), *_more(len(found) - _MOST_NAMED)]
    return ["; ".join(told)] if told else []


def _is_stray(name: str) -> bool:
    rest = name.removeprefix(ENVIRONMENT_PREFIX)
    return rest != name and rest not in _KNOWN


def _about(name: str) -> str:
    if name in _IN_THE_FILE:
        return f"{name} is not read: a table can only be in the configuration file"
    near = get_close_matches(name.removeprefix(ENVIRONMENT_PREFIX).upper(), sorted(_KNOWN), 1)
    advice = f", did you mean {ENVIRONMENT_PREFIX}{near[0]}?" if near else ""
    return f"{name} is no setting{advice}"


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"and {count} more"
