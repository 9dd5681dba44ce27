"""Finds the values of secret names in JSON, and in what only looks like it.

On the bytes as they came: a body that is no JSON or no UTF-8, breaks off, has a name twice, escapes a
name, or has JSON in a text hides nothing. A parser would lose the very faults that a person wants to see.
"""

import json
import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import lru_cache

from oidc_sim.text.redact.marks import ELLIPSIS, Span, cut
from oidc_sim.text.redact.recognition import is_secret, letters_of

# The possessive "++" and "*+" keep these linear on any bytes: what was read is never read again.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_QUOTED_ONCE = rb"'(?:[^'\\]++|\\.)*+'?"
"""A text as Python and JavaScript write it."""
_OTHER_NAME = rb"'[^'\"\\\s]{1,60}+'\s*+:\s*+"
_NAME = re.compile(
    rb"(?:[^\"']++|(?!%b)'|\"[^\"\\]*+\"(?!\s*+:))*+"
    rb"(?:(?P<name>%b)(?P<colon>\s*+:\s*+)?|(?P<other>%b))" % (_OTHER_NAME, _STRING, _OTHER_NAME),
    re.DOTALL,
)
_LITERAL = re.compile(rb"%b|%b|[^,}\]\s]++" % (_STRING, _QUOTED_ONCE), re.DOTALL)
_IN_CONTAINER = re.compile(rb"[\[{]|[\]}]|%b" % _STRING, re.DOTALL)
_CALLS_ITSELF = frozenset({"field", "header", "id", "k", "key", "n", "name", "param", "parameter"})
"""Members whose value is the name of what stands in another one of their object."""
_HAS_VALUE = frozenset({"content", "data", "v", "val", "value", "values"})
_NO_SECRETS = frozenset({b"null", b"true", b"false"})

_SHORT = 64
_KEPT = 1024
"""Bytes of a name that is remembered with what it means, and how many are."""

Redact = Callable[[bytes], bytes]


class _Meaning(Enum):
    SECRET = auto()
    CALLS_ITSELF = auto()
    HAS_VALUE = auto()


class JsonMembers:
    """Goes through one body once; ``redact`` cuts what is secret in a text that stands in it."""

    def __init__(self, body: bytes, redact: Redact) -> None:
        self._body = body
        self._redact = redact
        self._value_at: int | None = None
        """Where the value of this object's ``value`` begins, before it has a name."""
        self._is_named = False
        """Whether this object calls its ``value`` by a secret name."""

    def spans(self) -> Iterator[Span]:
        """Find what is to be cut."""
        at = 0
        while (found := _NAME.match(self._body, at)) is not None:
            literal = found["name"] or found["other"]
            begin = found.start("name") if found["name"] else found.start("other")
            if b"{" in (between := self._body[at:begin]) or b"}" in between:
                self._value_at, self._is_named = None, False
            at = found.end()
            if found["other"] or found["colon"]:
                for span in self._member(literal, at):
                    yield span
                    at = max(at, span.end) if span.start == at else at
            elif (shown := self._within(literal)) is not None:
                yield Span(begin, at, shown)

    def _member(self, literal: bytes, at: int) -> Iterator[Span]:
        """Find the value that a member makes secret: its own, or another one's."""
        meaning = _meaning_of(literal)
        if meaning is _Meaning.SECRET or (self._is_named and meaning is _Meaning.HAS_VALUE):
            yield from self._cut(at)
        elif meaning is _Meaning.HAS_VALUE:
            self._value_at = at
        elif meaning is _Meaning.CALLS_ITSELF and self._is_called_secret(at):
            self._is_named = True
            if self._value_at is not None:
                yield from self._cut(self._value_at)

    def _is_called_secret(self, at: int) -> bool:
        value = _LITERAL.match(self._body, at)
        is_text = value is not None and value[0].startswith((b'"', b"'"))
        return is_text and value is not None and _meaning_of(value[0]) is _Meaning.SECRET

    def _cut(self, at: int) -> Iterator[Span]:
        """Cut the value that begins here; a list or an object, whole."""
        if self._body[at : at + 1] in (b"[", b"{"):
            yield Span(at, _container_end(self._body, at), _in_json(ELLIPSIS))
            return
        value = _LITERAL.match(self._body, at)
        if value is not None and value[0] not in _NO_SECRETS:
            is_text = value[0].startswith(b'"')
            yield Span(at, value.end(), _in_json(cut(_text(value[0])) if is_text else ELLIPSIS))

    def _within(self, literal: bytes) -> bytes | None:
        """Write a text with JSON in it anew where something in it is secret."""
        if b"\\" not in literal:
            return None
        text = _text(literal).encode("utf-8", "surrogatepass")
        shown = self._redact(text)
        return None if shown == text else _in_json(shown.decode("utf-8", "surrogatepass"))


def _container_end(body: bytes, at: int) -> int:
    """Find where a list or an object is closed; the end of a body that breaks off before."""
    depth = 0
    for found in _IN_CONTAINER.finditer(body, at):
        if found[0] in (b"[", b"{"):
            depth += 1
        elif found[0] in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                return found.end()
    return len(body)


def _in_json(text: str) -> bytes:
    return json.dumps(text).encode("ascii")


def _text(literal: bytes) -> str:
    """Read a JSON string, also one that is no UTF-8; empty where it is none."""
    try:
        text = json.loads(literal.decode("utf-8", "replace"), strict=False)
    except ValueError:
        return ""
    return text if isinstance(text, str) else ""


def _name_of(literal: bytes) -> str:
    """Read a name; one that is no JSON, as it stands."""
    return _text(literal) or literal.decode("utf-8", "replace")


def _meaning_of(literal: bytes) -> _Meaning | None:
    return _short_meaning(literal) if len(literal) <= _SHORT else _meaning(literal)


def _meaning(literal: bytes) -> _Meaning | None:
    name = _name_of(literal)
    if is_secret(name):
        return _Meaning.SECRET
    letters = letters_of(name)
    if letters in _CALLS_ITSELF:
        return _Meaning.CALLS_ITSELF
    return _Meaning.HAS_VALUE if letters in _HAS_VALUE else None


_short_meaning = lru_cache(_KEPT)(_meaning)
