"""A fault's settings as a line that a person edits: ``seconds=30 status=503``."""

import shlex
from collections.abc import Iterable

from oidc_sim.actions.wish import WordsError
from oidc_sim.engine.arrival import Setting
from oidc_sim.faults.row import Fault


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
    from oidc_sim.faults.catalogue.settings import settings_of  # seldom asked for

    settings = settings_of(fault, dict(pairs))
    if isinstance(settings, str):
        raise WordsError(settings)
    return settings


def _shown(value: Setting) -> str:
    from oidc_sim.faults.catalogue.settings import shown_setting

    return shlex.quote(value) if isinstance(value, str) else shown_setting(value)
