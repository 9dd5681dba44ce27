"""Cuts every secret in bytes, in a text, in a header, in a JSON value.

Secrets are known by name, by look, and by the mark of what was issued here, also one in the other and
escaped by percent signs. All are found in the data as it came and cut at one go: none is cut twice.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from oidc_sim.text.redact.json_members import JsonMembers
from oidc_sim.text.redact.marks import Span, cut, cut_span, marked_runs, replaced
from oidc_sim.text.redact.plain_text import named_values
from oidc_sim.text.redact.recognition import is_secret, shapes

_ENCODED = re.compile(rb"(?<![\w.+~*%-])[\w.+~*-]*+(?:%[0-9A-Fa-f]{2}[\w.+~*-]*+)++")
_DEPTH = 4
"""Times that text may stand encoded in encoded text; more is nobody's mistake."""
LONGEST = 1024
MOST_WORK = 128 * 1024
"""Characters of a name, and work on it, at which it is still cut whole."""
_SIGN = 40
_SIGNS = b"\"'\\%=:<&;,@"
"""Where a name or a value may begin or end, and what that costs against what is read over."""
_SHORT = 4096
_KEPT = 512
"""Bytes of what is remembered, and how many: a client's polls are all alike, and 4 MB are a bound."""
_WORD = 128
_WORDS_KEPT = 2048


def redact(body: bytes) -> bytes:
    """Cut every secret in the bytes to its ends; bytes without one come back as they are."""
    return _redact_short(body) if len(body) <= _SHORT else _redact(body)


def redact_text(text: str) -> str:
    """Cut every secret in a decoded text."""
    return _redact_word(text) if len(text) <= _WORD else _redact_text(text)


def redact_name(text: str) -> str:
    """Cut secrets in what should be a name or a path; show the beginning of one made to take long.

    It is cut between two requests, and nobody's name has a thousand colons.
    """
    if len(text) <= LONGEST or work_on(text.encode("utf-8", "surrogatepass")) <= MOST_WORK:
        return redact_text(text)
    return f"{redact_text(text[:LONGEST])}... and {len(text) - LONGEST:,} characters more"


def work_on(data: bytes) -> int:
    """Estimate the work of cutting the data, at most: some 50 ns each."""
    return len(data) + _SIGN * (len(data) - len(data.translate(None, _SIGNS)))


def redact_in(value: Any) -> Any:
    """Cut every text of a JSON value, names of members too."""
    if isinstance(value, str):
        return redact_name(value)
    if isinstance(value, dict):
        return {redact_in(name): redact_in(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [redact_in(item) for item in value]
    return value


def redact_header(name: bytes, value: bytes) -> bytes:
    """Cut the whole value of a secret header; in others, the secrets in it."""
    if not is_secret(name.decode("latin-1")):
        return redact(value)
    return cut(value.decode("latin-1")).encode("latin-1")


def as_sent(text: str) -> bytes:
    """Give the bytes of a request line: aiohttp has low surrogates for what was no UTF-8 in it."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other surrogates come from no socket
        return text.encode("utf-8", "replace")


def _redact(body: bytes, depth: int = _DEPTH) -> bytes:
    shown = replaced(body, _spans(body, depth))
    if b"\0" not in body:
        return shown
    plain = shown.replace(b"\0", b"")  # UTF-16, or somebody who hides a name from us
    cut_plain = replaced(plain, _spans(plain, depth))
    return shown if cut_plain == plain else cut_plain


def _spans(body: bytes, depth: int) -> Iterator[Span]:
    """Find secrets; none within texts that are encoded deeper than ``depth``."""
    if depth and (b'"' in body or b"'" in body):
        yield from JsonMembers(body, lambda text: _redact(text, depth - 1)).spans()
    yield from named_values(body)
    yield from shapes(body)
    yield from (cut_span(body, *run) for run in marked_runs(body))
    if depth and b"%" in body:
        yield from _encoded(body, depth - 1)


def _encoded(body: bytes, depth: int) -> Iterator[Span]:
    for found in _ENCODED.finditer(body):
        plain = unquote_to_bytes(found[0])
        shown = _redact(plain, depth)
        if shown != plain:
            yield Span(*found.span(), quote(shown, safe="").encode("ascii"))


def _redact_text(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    shown = redact(data)
    return text if shown == data else shown.decode("utf-8", "backslashreplace")


_redact_short = lru_cache(_KEPT)(_redact)
_redact_word = lru_cache(_WORDS_KEPT)(_redact_text)
