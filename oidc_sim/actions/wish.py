"""One wish, as the control API takes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from oidc_sim.actions.action import Action

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class WordsError(Exception):
    """What was typed is no wish; the text is one line that says what to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody typed."""

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
