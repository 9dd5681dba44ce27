"""Reads a field with its sign and its value: ``client:boto*``, ``status>=400``."""

import re
from dataclasses import dataclass

from oidc_sim.filtering.fields import FLAGS, NUMBERS, TEXTS
from oidc_sim.filtering.nodes import Compare, Like, Node, Not, Pattern
from oidc_sim.filtering.tokens import Token

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_LIKE_A_NUMBER = re.compile(r"[0-9*?.]{1,16}")


@dataclass
class Wrong(Exception):  # noqa: N818 - it never leaves the package: parse() makes an answer of it
    """The text is no filter."""

    at: int
    message: str


class NoSuchField(Wrong):
    """There is no field of that name; which there are depends on what is filtered."""


def term(token: Token) -> Node:
    """What a field, its sign and its value mean.

    Raises:
        Wrong: There is no such field, or it has no such sign or value.
    """
    if token.name in NUMBERS:
        return _number(token)
    if token.name in TEXTS:
        return _text(token)
    if token.name in FLAGS:
        raise Wrong(token.sign_at, "expected nothing after it: it is yes or no by itself")
    raise NoSuchField(token.at, "there is no such field")


def _text(token: Token) -> Node:
    if token.sign not in {":", "=", "!="}:
        raise Wrong(token.sign_at, f"expected : or = after {token.name}, which is a text")
    if not token.text:
        raise Wrong(token.value_at, "expected a text, where * and ? are wild")
    pattern = Pattern(token.text, token.is_quoted, is_whole=token.sign != ":")
    like = Like(token.name, pattern, token.at, _undashed(token.name, pattern))
    return Not(like) if token.sign == "!=" else like


def _undashed(name: str, pattern: Pattern) -> Pattern | None:
    """A user code is typed with or without its dash (RFC 8628 §6.1)."""
    text = pattern.text.replace("-", "")
    is_code = name == "code" and text
    return Pattern(text, pattern.is_quoted, is_whole=pattern.is_whole) if is_code else None


def _number(token: Token) -> Node:
    if token.sign == ":":
        if _LIKE_A_NUMBER.fullmatch(token.text) is None:
            raise Wrong(token.value_at, "expected a number, where * and ? are wild")
        return Like(token.name, Pattern(token.text, is_whole=True), token.at)
    if _NUMBER.fullmatch(token.text) is None:
        raise Wrong(token.value_at, "expected a number")
    number = float(token.text)
    if token.sign == "!=":
        return Not(Compare(token.name, "=", number, token.at))
    return Compare(token.name, token.sign, number, token.at)
