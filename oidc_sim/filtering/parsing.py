"""Parses a filter: ``|`` binds least, then ``&`` or a space, then ``!``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oidc_sim.filtering.language import (
    EVERY_FIELD,
    FLAGS,
    NUMBERS,
    TEXTS,
    All,
    Compare,
    Either,
    Facts,
    Fields,
    Flag,
    Like,
    Node,
    Not,
    Pattern,
    Token,
    Word,
    tokens,
)

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_LIKE_A_NUMBER = re.compile(r"[0-9*?.]{1,16}")


@dataclass
class Wrong(Exception):  # noqa: N818 - it never leaves the package: parse() makes an answer of it
    """Says where a text is no filter, and why."""

    at: int
    message: str


class NoSuchField(Wrong):
    """Says that no field has the name; which there are depends on what is filtered."""


def term(token: Token) -> Node:
    """Read a field with its sign and value: ``client:boto*``, ``status>=400``.

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
    """Make the pattern of a user code without its dash: it is typed with or without (RFC 8628 §6.1)."""
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


Named = Like | Compare | Flag
"""The parts that ask for something by name."""


@dataclass(frozen=True, slots=True)
class FilterError:
    """The first place at which a text is no filter."""

    at: int
    """Characters before it; the caret goes below."""
    message: str
    """One clause: what was expected there, with nothing of the text that a terminal could not show."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed filter."""

    text: str
    """The text as it was typed."""
    root: Node
    """The node of the whole text."""

    @property
    def is_everything(self) -> bool:
        """Whether the filter asks nothing."""
        return self.root == All(())

    @property
    def narrows(self) -> bool:
        """Whether the filter names something that a row must have.

        Wild signs alone and what is left out do not: nearly every row is such.
        """
        return _narrows(self.root, is_wanted=True)

    def matches(self, facts: Facts) -> bool:
        """Whether the filter is true of a row."""
        return self.root.matches(facts)

    def named(self) -> Iterator[Named]:
        """Yield everything that the filter asks for by name, in the order of the text."""
        yield from _named(self.root)


def _narrows(node: Node, *, is_wanted: bool) -> bool:
    match node:
        case Not(inner):
            return _narrows(inner, is_wanted=not is_wanted)
        case All(parts) | Either(parts):
            narrow = [_narrows(part, is_wanted=is_wanted) for part in parts]
            is_one_enough = isinstance(node, All) is is_wanted
            return any(narrow) if is_one_enough else bool(narrow) and all(narrow)
        case Like(_, pattern) | Word(pattern):
            return is_wanted and not pattern.is_anything
        case _:
            return is_wanted


def _named(node: Node) -> Iterator[Named]:
    match node:
        case Like() | Compare() | Flag():
            yield node
        case Not(inner):
            yield from _named(inner)
        case All(parts) | Either(parts):
            for part in parts:
                yield from _named(part)
        case _:
            return


MAX_TEXT = 500
"""Characters of a filter: a line, many times over, and nothing to be slow with."""
MAX_DEPTH = 30
"""Parentheses and ``!`` inside of each other: far from where Python's own stack ends."""


def parse(text: str, fields: Fields = EVERY_FIELD) -> Expression | FilterError:
    """Parse a filter; never raises. An empty text is the filter that leaves nothing out.

    To ask for something else than these fields is an error: it could never match.
    """
    if len(text) > MAX_TEXT:
        return FilterError(MAX_TEXT, f"expected at most {MAX_TEXT} characters")
    try:
        expression = Expression(text, _Reading(list(tokens(text))).all_of_it())
    except NoSuchField as wrong:
        return FilterError(wrong.at, f'expected {fields.expected}, or "quotes" around a text')
    except Wrong as wrong:
        return FilterError(wrong.at, wrong.message)
    return _lacking(expression, fields) or expression


def _lacking(expression: Expression, fields: Fields) -> FilterError | None:
    for part in expression.named():
        if part.name not in fields.names:
            problem = fields.lacking.format(part.name)
            return FilterError(part.at, f"{problem}; expected {fields.expected}")
    return None


class _Reading:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0

    def all_of_it(self) -> Node:
        if self._token.kind == "end":
            return All(())
        node = self._either(0)
        if self._token.kind != "end":
            raise Wrong(self._token.at, "expected no ): none is open")
        return node

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _is(self, sign: str) -> bool:
        return self._token.kind == "join" and self._token.text == sign

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _either(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self._is("|"):
            self._take()
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _all(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while not (self._token.kind == "end" or self._is("|") or self._is(")")):
            if self._is("&"):
                self._take()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Node:
        if depth >= MAX_DEPTH:
            raise Wrong(self._token.at, f"expected at most {MAX_DEPTH} levels of ( and !")
        if self._is("!"):
            self._take()
            return Not(self._one(depth + 1))
        if self._is("("):
            return self._inside(depth + 1)
        return _leaf(self._take())

    def _inside(self, depth: int) -> Node:
        self._take()
        node = self._either(depth)
        if not self._is(")"):
            raise Wrong(self._token.at, "expected )")
        self._take()
        return node


def _leaf(token: Token) -> Node:
    match token.kind:
        case "term":
            return term(token)
        case "phrase" if token.text:
            return _word(token)
        case "word":
            return _flag_or_word(token)
        case "phrase":
            raise Wrong(token.at + 1, "expected a text in the quotes")
        case "unclosed":
            raise Wrong(token.at, 'expected a closing "')
        case _:
            raise Wrong(token.at, "expected a word, a field like client: or (")


def _flag_or_word(token: Token) -> Node:
    if token.text[0] in ":<>=":
        raise Wrong(token.at, "expected a field before it, like status>=400")
    name = token.text.lower()
    if name in FLAGS:
        return Flag(name, token.at)
    _no_fields_name(token, name)
    return _word(token)


def _no_fields_name(token: Token, name: str) -> None:
    """Refuse ``client*:x`` and the like: a name and a sign with something between is a slip."""
    for sign in (":", ">", "<", "="):
        before = name.partition(sign)[0]
        if before != name and before.rstrip("*?") in {*TEXTS, *NUMBERS}:
            raise Wrong(token.at + len(before.rstrip("*?")), f"expected {sign} after the field")


def _word(token: Token) -> Word:
    pattern = Pattern(token.text, is_quoted=token.is_quoted)
    return Word(pattern, pattern.anywhere())
