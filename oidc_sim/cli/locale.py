"""Whether a terminal shows more than ASCII, as far as its locale says."""

from collections.abc import Mapping

from oidc_sim.settings.model import Settings

_COERCED = "C.UTF-8"
"""What Python itself puts into ``LC_CTYPE`` where the locale is ``C`` (PEP 538)."""


def fit_for_locale(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """The settings, with ASCII where the locale shows no more and nobody chose."""
    if "ascii" in settings.model_fields_set or shows_unicode(environment):
        return settings
    return settings.model_copy(update={"ascii": True})


def shows_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the locale is UTF-8; without any, as in a container, the terminal is taken to be it."""
    given = (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    names = [it for it in given if it]
    if names[:1] == [_COERCED] and not environment.get("LC_ALL"):
        names = names[1:]
    name = names[0].lower() if names else ""
    return not name or "utf-8" in name or "utf8" in name
