"""Cuts what was issued here, wherever it stands and whatever it is called (threats.md T-40, by live value).

Every code, secret and token carries ``SIMULATED``: a stranger may put one into a path, a name or a
member that nobody knows, and there it is known by that alone.
"""

import re
from typing import Any
from urllib.parse import unquote

MARK = "SIMULATED"
"""In every code, secret and token that could be taken for a live one."""
ELLIPSIS = "..."
"""Three dots of ASCII, because a curl command is made of it too."""
_SHOWN = 4
_SHORTEST = 3 * _SHOWN
"""Of shorter secrets no character is shown."""
_SHORTEST_ISSUED = 24
"""Characters: all that is issued is longer, and so the word itself may be said."""
_RUN = re.compile(r"(?:[A-Za-z0-9_.+:%~/-]|\\/)++=*+")
"""What base64, a JWT and a token are of, also percent-encoded, or with JSON's escaped slash."""


def cut(secret: str) -> str:
    """The first and last four characters: enough to tell two secrets apart. What is cut stays so."""
    if len(secret) <= _SHORTEST:
        is_cut = secret[_SHOWN:-_SHOWN] == ELLIPSIS
        return secret if is_cut else ELLIPSIS
    return secret[:_SHOWN] + ELLIPSIS + secret[-_SHOWN:]


def cut_marked(text: str) -> str:
    """The text with everything cut in it that was issued here."""
    if MARK not in text and "%" not in text:
        return text
    return _RUN.sub(_cut_run, text)


def cut_marked_bytes(data: bytes) -> bytes:
    """The same with bytes of any encoding."""
    if MARK.encode() not in data and b"%" not in data:
        return data
    return cut_marked(data.decode("latin-1")).encode("latin-1")


def cut_marked_in(value: Any) -> Any:
    """The same in every text of a JSON value; names of members, too."""
    if isinstance(value, str):
        return cut_marked(value)
    if isinstance(value, dict):
        return {cut_marked_in(name): cut_marked_in(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [cut_marked_in(it) for it in value]
    return value


def _cut_run(run: re.Match[str]) -> str:
    text = run[0]
    is_issued = len(text) >= _SHORTEST_ISSUED and MARK in unquote(text)
    return cut(text) if is_issued else text
