"""Finds the values of secret names in all that is no JSON.

Forms, queries and lists (``a=1;refreshToken=…``), lines of a configuration or of headers, quoted texts
after a name, XML, fields of HTML forms, parts of a multipart body.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote_plus

from oidc_sim.text.redact.marks import ELLIPSIS, Span, cut_span
from oidc_sim.text.redact.recognition import is_secret, letters_of, looks_secret

_IN_NAME = rb"\w.\-\[\]%+\x80-\xff"
_NAME = re.compile(
    rb"(?<![%b])(?P<name>[%b]++)(?P<quote>\\{0,3}[\"'])?[ \t]{0,9}(?P<sign>=>?|:)(?P<gap>[ \t]{0,9})"
    rb"(?P<open>\\{0,3}[\"'])?" % (_IN_NAME, _IN_NAME)
)
"""Forms have their names in percent signs, Rails and PHP theirs in brackets."""
_PARAMETER = re.compile(rb"(?:[^&\s\"<;,]++|[;,](?!\s{0,2}[\w.\-\[\]%]{1,60}+=))++")
"""A password may have a semicolon in it: only before the next name it ends one."""
_WORD = re.compile(rb"[^\s,;&\"'<>]++")
_LINE = re.compile(rb"[^\r\n\"<]++")
_QUOTED = {
    b'"': re.compile(rb"(?:[^\"\\]++|\\.)*+", re.DOTALL),
    b"'": re.compile(rb"(?:[^'\\]++|\\.)*+", re.DOTALL),
}
_TAG = re.compile(rb"<([\w:.\-]{1,200}+)(\s[^<>]*+)?>")
_FIELD = re.compile(rb"\bname\s{0,9}=\s{0,9}[\"']?([\w.\-\[\]]{1,200}+)", re.IGNORECASE)
_FIELD_VALUE = re.compile(
    rb"\bvalue\s{0,9}=\s{0,9}(?:\"([^\"]++)|'([^']++)|([^\s\"'>]++))", re.IGNORECASE
)
_PART = re.compile(
    rb"content-disposition:[^\r\n]{0,200}?\bname=\"?([^\"\r\n;]{1,200}+)[^\r\n]{0,400}+"
    rb"(?:\r?\n[^\r\n]{1,400}+){0,9}+\r?\n\r?\n",
    re.IGNORECASE,
)
_USER_CODE = re.compile(rb"[A-Z0-9]{4}-?[A-Z0-9]{4}", re.IGNORECASE)
"""A user code, which people type as ``code=`` too: for everybody to read (RFC 8628 §6.1)."""
_WHOLE_LINES = ("cookie", "cookies", "authorization")
"""Headers with several words, each of which may be secret."""
_SHORT = 64
_KEPT = 1024
"""Bytes of a name that is remembered, and how many are remembered."""


def named_values(data: bytes) -> Iterator[Span]:
    """Find what stands beside a secret name."""
    if b"=" in data or b":" in data:
        yield from _assigned(data)
    if b"<" in data:
        yield from _tagged(data)
    if b"\n" in data:
        yield from _parts(data)


def _assigned(data: bytes) -> Iterator[Span]:
    at = harmless_to = 0
    for found in _NAME.finditer(data):
        if found.start() < at or not _is_secret(found["name"]):
            continue
        value, is_sure = _value(data, found, harmless_to)
        if value is None or not value[0]:
            continue
        if _USER_CODE.fullmatch(value[0]) and letters_of(_name_of(found["name"])) == "code":
            continue
        if is_sure or any(map(looks_secret, value[0].split())):
            at = value.end()
            yield cut_span(data, value.start(), at)
        elif value.re is _LINE:
            harmless_to = value.end()


def _value(
    data: bytes, name: re.Match[bytes], harmless_to: int
) -> tuple[re.Match[bytes] | None, bool]:
    """Match what stands after a secret name, and say whether it surely is a value and not just the next words.

    Of a line that has been read and has nothing secret in it, no part is read again.
    """
    at = name.end()
    if name["open"]:
        return _QUOTED[name["open"][-1:]].match(data, at), True
    if name["sign"] == b"=" and not name["gap"]:
        return _PARAMETER.match(data, at), True
    if not letters_of(_name_of(name["name"])).endswith(_WHOLE_LINES):
        return _WORD.match(data, at), False
    return (None if at < harmless_to else _LINE.match(data, at)), False


def _name_of(name: bytes) -> str:
    return unquote_plus(name.decode("latin-1"))


def _is_secret(name: bytes) -> bool:
    return _is_short_secret(name) if len(name) <= _SHORT else is_secret(_name_of(name))


@lru_cache(_KEPT)
def _is_short_secret(name: bytes) -> bool:
    return is_secret(_name_of(name))


def _tagged(data: bytes) -> Iterator[Span]:
    """Find what stands between two tags of a secret name, and the value of a form's field of such a name."""
    at = 0
    for found in _TAG.finditer(data):
        if found.start() < at:
            continue
        if is_secret(found[1].decode("latin-1")) and not found[0].endswith(b"/>"):
            close = data.find(b"</" + found[1], found.end())
            at = close if close >= 0 else len(data)
            if at > found.end():
                yield _content(data, found.end(), at)
        elif found[2] and (field := _FIELD.search(found[2])) and _is_secret(field[1]):
            yield from _field_value(data, found.start(2), found.end(2))


def _content(data: bytes, start: int, end: int) -> Span:
    has_more = b"<" in data[start:end]
    return Span(start, end, ELLIPSIS.encode()) if has_more else cut_span(data, start, end)


def _field_value(data: bytes, start: int, end: int) -> Iterator[Span]:
    value = _FIELD_VALUE.search(data, start, end)
    if value is not None:
        yield cut_span(data, *value.span(value.lastindex or 0))


def _parts(data: bytes) -> Iterator[Span]:
    for found in _PART.finditer(data):
        if is_secret(found[1].decode("latin-1")):
            end = data.find(b"\n--", found.end())
            end = len(data) if end < 0 else end - (data[end - 1 : end] == b"\r")
            if end > found.end():
                yield cut_span(data, found.end(), end)
