"""Cuts every secret in bytes, in a text, in a header, in a JSON value.

By name, by look, and by the mark of what was issued here, in any of these, one in the other and escaped
by percent signs. All of it is found in the data as it came, and cut at one go: nothing is cut twice.
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
"""So often text may stand encoded in encoded text; more is nobody's mistake."""
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
    """The same bytes with every secret cut to its ends; what has none comes back as it is."""
    return _redact_short(body) if len(body) <= _SHORT else _redact(body)


def redact_text(text: str) -> str:
    """The same with text as it was decoded."""
    return _redact_word(text) if len(text) <= _WORD else _redact_text(text)


def redact_name(text: str) -> str:
    """The same with what should be a name or a path; the beginning of one that is made to take long.

    It is cut between two requests, and nobody's name has a thousand colons.
    """
    if len(text) <= LONGEST or work_on(text.encode("utf-8", "surrogatepass")) <= MOST_WORK:
        return redact_text(text)
    return f"{redact_text(text[:LONGEST])}... and {len(text) - LONGEST:,} characters more"


def work_on(data: bytes) -> int:
    """How much there is to do about it, at most: some 50 ns each."""
    return len(data) + _SIGN * (len(data) - len(data.translate(None, _SIGNS)))


def redact_in(value: Any) -> Any:
    """The same in every text of a JSON value; in names of members, too."""
    if isinstance(value, str):
        return redact_name(value)
    if isinstance(value, dict):
        return {redact_in(name): redact_in(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [redact_in(it) for it in value]
    return value


def redact_header(name: bytes, value: bytes) -> bytes:
    """The header's value, cut where the whole of it is a secret, else with what is secret in it cut."""
    if not is_secret(name.decode("latin-1")):
        return redact(value)
    return cut(value.decode("latin-1")).encode("latin-1")


def as_sent(text: str) -> bytes:
    """The bytes of a request line: what was no UTF-8 in it, aiohttp gives as low surrogates."""
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
    """Where something secret stands; none within texts that are encoded deeper than that."""
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
