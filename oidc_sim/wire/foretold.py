"""What becomes of an answer that a person made from a foretold one, once the true one is there.

A foretold answer has new ids, secrets and instants in it that belong to nobody
(``server.foretelling``). Where one of them still stands in what the person wrote, the true answer's takes
its place; all else stays as it was written, and what was deleted stays away.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from oidc_sim.engine.arrival import HeldDecision

_LEAST = 8
"""Characters of the shortest text that is looked for wherever it stands: a user code has nine."""
_MEMBER = re.compile(r'("[^"\\]*")(\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s",:\[\]{}]+)')
_ERROR_TYPE = "x-amzn-errortype"
_Scalar = str | int | float | bool | None
_Path = tuple[str | int, ...]


class _Parts(NamedTuple):
    status: str
    headers: Mapping[str, str]
    """By name in small letters."""
    json: Any
    """None where the body is none."""


def is_as_foretold(foretold: bytes, true: bytes) -> bool:
    """Whether the true answer is of the kind that was foretold, so that only made-up values differ.

    Args:
        foretold: All bytes of one answer.
        true: Those of the other.
    """
    return _kind(_read(foretold)) == _kind(_read(true))


def with_true_values(decision: HeldDecision, true: bytes) -> HeldDecision:
    """The edited answer with what is real in place of what its foretold answer made up.

    Args:
        decision: What was written, and the foretold answer that it was made from.
        true: All bytes of the true answer, of the same kind as the foretold one.
    """
    swap = _Swap(_read(decision.foretold), _read(true))
    return replace(
        decision,
        headers=tuple((name, swap.in_text(value)) for name, value in decision.headers),
        body=swap.in_body((decision.body or b"").decode("latin-1")).encode("latin-1"),
    )


class _Swap:
    """Puts one answer's values in place of the other's."""

    def __init__(self, old: _Parts, new: _Parts) -> None:
        self._members: dict[tuple[str, str], str] = {}
        self._texts: dict[str, str] = {}
        for name, value in old.headers.items():
            self._learn_text(value, new.headers.get(name, value))
        values = dict(_scalars(new.json))
        for path, was in _scalars(old.json):
            now = values.get(path, was)
            if now != was:
                self._learn_member(path, was, now)
        longest_first = sorted(self._texts, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def _learn_member(self, path: _Path, was: _Scalar, now: _Scalar) -> None:
        literal, new = json.dumps(was), json.dumps(now)
        if path and isinstance(path[-1], str):
            self._members.setdefault((json.dumps(path[-1]), literal), new)
        if isinstance(was, str) and isinstance(now, str):
            self._learn_text(literal[1:-1], new[1:-1])

    def _learn_text(self, was: str, now: str) -> None:
        if was != now and len(was) >= _LEAST:
            self._texts.setdefault(was, now)

    def in_text(self, text: str) -> str:
        """Wherever one stands, also as part of something longer, such as a code in a URI."""
        return self._any.sub(lambda found: self._texts[found[0]], text)

    def in_body(self, text: str) -> str:
        """The same, and numbers too where they are still the value of their member."""
        return self.in_text(_MEMBER.sub(self._member, text))

    def _member(self, found: re.Match[str]) -> str:
        name, colon, literal = found.groups()
        return f"{name}{colon}{self._members.get((name, literal), literal)}"


def _read(whole: bytes) -> _Parts:
    head, _, body = whole.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return _Parts(first, headers, _json(body))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _kind(parts: _Parts) -> tuple[object, ...]:
    members = parts.json if isinstance(parts.json, dict) else {}
    error = parts.headers.get(_ERROR_TYPE), members.get("error")
    return parts.status, *error, frozenset(members)


def _scalars(value: Any, path: _Path = ()) -> Iterator[tuple[_Path, _Scalar]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _scalars(one, (*path, name))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _scalars(one, (*path, at))
    else:
        yield path, value
