"""Reads a filter: ``|`` binds least, then ``&`` or a space, then ``!``."""

from oidc_sim.filtering.expression import Expression, FilterError
from oidc_sim.filtering.fields import EVERY_FIELD, FLAGS, NUMBERS, TEXTS, Fields
from oidc_sim.filtering.nodes import All, Either, Flag, Node, Not, Pattern, Word
from oidc_sim.filtering.terms import NoSuchField, Wrong, term
from oidc_sim.filtering.tokens import Token, tokens

MAX_TEXT = 500
"""Characters of a filter: a line, many times over, and nothing to be slow with."""
MAX_DEPTH = 30
"""Parentheses and ``!`` inside of each other: far from where Python's own stack ends."""


def parse(text: str, fields: Fields = EVERY_FIELD) -> Expression | FilterError:
    """Read a filter; never raises. An empty text is the filter that leaves nothing out.

    Args:
        text: As typed.
        fields: What the rows have; a filter that asks for something else could never match.
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
            told = fields.lacking.format(part.name)
            return FilterError(part.at, f"{told}; expected {fields.expected}")
    return None


class _Reading:
    """One pass over the tokens of one text."""

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
    """``client*:x`` and the like: a name and a sign with something between is a slip."""
    for sign in (":", ">", "<", "="):
        before = name.partition(sign)[0]
        if before != name and before.rstrip("*?") in {*TEXTS, *NUMBERS}:
            raise Wrong(token.at + len(before.rstrip("*?")), f"expected {sign} after the field")


def _word(token: Token) -> Word:
    pattern = Pattern(token.text, is_quoted=token.is_quoted)
    return Word(pattern, pattern.anywhere())
