"""Cuts a filter's text into its smallest parts; every text can be cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    """A part of the text and where it begins."""

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
    """The parts of a text, and an ``end``."""
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
