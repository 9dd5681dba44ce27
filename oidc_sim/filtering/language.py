"""Nodes of a filter, the fields and flags that it can ask for, and the tokens of its text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Protocol

Fact = str | float | bool | tuple[str, ...] | None
"""A value of a row; several texts where one is enough; None where nothing is known."""
Facts = Mapping[str, Fact]
"""A row by its fields' names; what is missing is unknown."""


_BETWEEN = "\0"


class Node(Protocol):
    """A part of a filter."""

    def matches(self, facts: Facts) -> bool:
        """Whether the node is true of a row."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text to compare with, in any case; ``*`` and ``?`` are wild unless it was quoted."""

    text: str
    is_quoted: bool = False
    is_whole: bool = False
    """Whether it must be all of a value; without wild signs a part is enough otherwise."""
    folded: str = field(init=False)
    expression: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        folded = self.text.casefold()
        object.__setattr__(self, "folded", folded)
        object.__setattr__(self, "expression", self._compiled(folded))

    def _compiled(self, folded: str) -> re.Pattern[str] | None:
        # translate() makes atomic groups: no number of stars makes it slow.
        is_wild = not self.is_quoted and re.search(r"[*?]", folded)
        return re.compile(translate(folded.replace("[", "[[]"))) if is_wild else None

    @property
    def is_anything(self) -> bool:
        """Whether the pattern has nothing but wild signs."""
        return not self.is_quoted and not self.text.strip("*?")

    def anywhere(self) -> "Pattern":
        """Make the same pattern, to be found inside of a value."""
        is_wild = self.expression is not None
        return Pattern(f"*{self.text}*", is_whole=True) if is_wild else self

    def fits(self, value: Fact) -> bool:
        """Whether a value, or one of several, fits the pattern."""
        if isinstance(value, str):
            return self._fits(value.casefold())
        if isinstance(value, tuple):
            return any(self._fits(one.casefold()) for one in value)
        return False

    def _fits(self, folded: str) -> bool:
        if self.expression is not None:
            return self.expression.match(folded) is not None
        return folded == self.folded if self.is_whole else self.folded in folded


@dataclass(frozen=True, slots=True)
class Word:
    """Finds a text anywhere in a row, or as its whole status."""

    pattern: Pattern
    inside: Pattern
    """The same, wild on both ends."""

    def matches(self, facts: Facts) -> bool:
        """Whether any text of the row has the word in it."""
        status = facts.get("status")
        if isinstance(status, int | float) and self.pattern.text == f"{status:g}":
            return True
        if self.inside.expression is None and _BETWEEN not in self.inside.folded:
            return self.inside.folded in _BETWEEN.join(_texts(facts)).casefold()
        return any(self.inside.fits(value) for value in facts.values())


def _texts(facts: Facts) -> Iterator[str]:
    for value in facts.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


@dataclass(frozen=True, slots=True)
class Like:
    """Compares one field with a pattern."""

    name: str
    pattern: Pattern
    at: int
    """Where it stands in the text."""
    undashed: Pattern | None = None
    """Compared instead, where people leave the dashes of a value out."""

    def matches(self, facts: Facts) -> bool:
        """Whether the field fits; a number is looked at as it is written."""
        value = facts.get(self.name)
        if self.undashed is not None and isinstance(value, str):
            return self.undashed.fits(value.replace("-", ""))
        if isinstance(value, int | float):
            value = f"{value:g}"
        return self.pattern.fits(value)


@dataclass(frozen=True, slots=True)
class Compare:
    """Compares a number in one field by ``=``, ``<``, ``<=``, ``>`` or ``>=``."""

    name: str
    sign: str
    number: float
    at: int
    """Where it stands in the text."""

    def matches(self, facts: Facts) -> bool:
        """Whether the comparison holds; never for an unknown value."""
        value = facts.get(self.name)
        if not isinstance(value, int | float):
            return False
        return {
            "=": value == self.number,
            "<": value < self.number,
            "<=": value <= self.number,
            ">": value > self.number,
            ">=": value >= self.number,
        }[self.sign]


@dataclass(frozen=True, slots=True)
class Flag:
    """Asks for a yes."""

    name: str
    at: int
    """Where it stands in the text."""

    def matches(self, facts: Facts) -> bool:
        """Whether the row is flagged."""
        return facts.get(self.name) is True


@dataclass(frozen=True, slots=True)
class Not:
    """Negates a node; so it is true of what is unknown."""

    inner: Node

    def matches(self, facts: Facts) -> bool:
        """Whether the inner node is not true."""
        return not self.inner.matches(facts)


@dataclass(frozen=True, slots=True)
class All:
    """Asks for each of its parts; without any, it fits every row."""

    parts: tuple[Node, ...]

    def matches(self, facts: Facts) -> bool:
        """Whether every part is true."""
        return all(part.matches(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """Asks for at least one of its parts."""

    parts: tuple[Node, ...]

    def matches(self, facts: Facts) -> bool:
        """Whether any part is true."""
        return any(part.matches(facts) for part in self.parts)


TEXTS = {
    "agent": "a user agent",
    "client": "a client",
    "code": "a user code",
    "endpoint": "an endpoint",
    "grant": "a grant type",
    "ip": "an address",
    "op": "an operation",
    "scope": "a scope",
    "state": "a state",
}
"""Fields that hold a text, or several of which one is enough, with their English."""
NUMBERS = {"ms": "a duration in ms", "status": "a status"}
"""Fields that hold a number, with their English."""
FLAGS = {"error": "an error", "fault": "an injected fault", "held": "a hold"}
"""Words that ask for a yes, with their English; quoted they are words like any other."""
STATES = ("approved", "collected", "denied", "expired", "pending")
"""Words after ``state:``, for completion."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields that filtered rows have: to ask for anything else is a mistake."""

    names: frozenset[str]
    lacking: str = "{} is not known here"
    """Says of a field in ``{}`` that these rows have none."""

    @property
    def expected(self) -> str:
        """List the fields that take a value, for a sentence: ``agent:, client: or code:``."""
        *most, last = [f"{name}:" for name in sorted(self.names - {*FLAGS})]
        return f"{', '.join(most)} or {last}" if most else last


EVERY_FIELD = Fields(frozenset({*TEXTS, *NUMBERS, *FLAGS}))


_PART = re.compile(
    r"""\s*(?:
      (?P<join> &&? | \|\|? | [!()] )
    | (?P<name> [A-Za-z_]+ ) (?P<sign> : | \s* (?: [<>!]= | [<>=] ) \s* )
        (?: "(?P<quoted> [^"]* )" | (?P<open> "[^"]* ) | (?P<value> [^\s()&|"]* ) )
    | "(?P<phrase> [^"]* )"
    | (?P<unclosed> " .* )
    | (?P<word> [^\s()&|"]+ )
    )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a filter's text, and where it begins."""

    kind: str
    """``join``, ``term``, ``phrase``, ``word``, ``unclosed`` or ``end``."""
    at: int
    text: str = ""
    """A join is one sign; of a term it is the value."""
    name: str = ""
    sign: str = ""
    """``:``, ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``; of a term."""
    sign_at: int = 0
    value_at: int = 0
    is_quoted: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into tokens, with an ``end``; every text can be cut."""
    at, end = 0, len(text.rstrip())
    while at < end and (match := _PART.match(text, at)):
        yield _token(match)
        at = match.end()
    yield Token("end", len(text))


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    if match["name"] is not None:
        return _term(match)
    at = match.start(kind)
    if kind == "join":
        return Token(kind, at, match[kind][0])
    return Token(kind, at - (kind == "phrase"), match[kind], is_quoted=kind == "phrase")


def _term(match: re.Match[str]) -> Token:
    if match["open"] is not None:
        return Token("unclosed", match.start("open"))
    is_quoted = match["quoted"] is not None
    value = "quoted" if is_quoted else "value"
    return Token(
        "term",
        match.start("name"),
        match[value],
        name=match["name"].lower(),
        sign=match["sign"].strip(),
        sign_at=match.start("sign"),
        value_at=match.start(value),
        is_quoted=is_quoted,
    )
