"""Says a filter in English while it is typed, and completes the word before the caret."""

import re

from oidc_sim.filtering.language import (
    EVERY_FIELD,
    FLAGS,
    NUMBERS,
    STATES,
    TEXTS,
    All,
    Compare,
    Either,
    Fields,
    Flag,
    Like,
    Node,
    Not,
    Pattern,
    Word,
)
from oidc_sim.filtering.parsing import Expression

_SIGNS = {
    "=": "of",
    "<": "below",
    "<=": "of at most",
    ">": "above",
    ">=": "of at least",
}


def in_english(expression: Expression, of: str = "requests") -> str:
    """Say a filter as a phrase: ``requests with a status of at least 400 and a client like boto*``.

    ``of`` is what is filtered, in the plural.
    """
    if expression.is_everything:
        return f"all {of}"
    return f"{of} with {_said(expression.root)}"


def _said(node: Node) -> str:
    match node:
        case All(parts):
            return _all(parts)
        case Either(parts):
            return "either " + " or ".join(_inner(part) for part in parts)
        case Not(inner):
            return f"not {_inner(inner)}"
        case _:
            return _leaf(node)


def _all(parts: tuple[Node, ...]) -> str:
    yes = [_inner(part) for part in parts if not isinstance(part, Not)]
    no = [_said(part) for part in parts if isinstance(part, Not)]
    return ", and ".join([" and ".join(yes), *no]) if yes else " and ".join(no)


def _inner(node: Node) -> str:
    """Put parentheses where words alone would leave it open what belongs together."""
    return f"({_said(node)})" if isinstance(node, All | Either) else _said(node)


def _leaf(node: Node) -> str:
    match node:
        case Word(pattern):
            return f"{_shown(pattern)} anywhere"
        case Like(name, pattern):
            how = "of" if pattern.is_whole and pattern.expression is None else "like"
            return f"{ {**TEXTS, **NUMBERS}[name] } {how} {_shown(pattern)}"
        case Compare(name, sign, number):
            return f"{NUMBERS[name]} {_SIGNS[sign]} {number:.10g}"
        case Flag(name):
            return FLAGS[name]
        case _:
            return ""


def _shown(pattern: Pattern) -> str:
    return f'"{pattern.text}"' if pattern.is_quoted else pattern.text


_WORDS = {
    **{name: f"{name}:" for name in TEXTS},
    **{name: f"{name}>=" if name == "status" else f"{name}>" for name in NUMBERS},
    **{name: name for name in FLAGS},
}
_TYPED = re.compile(r"[^\s()&|!\"]*\Z")


def word_before(text: str, caret: int) -> str:
    """Give what is being typed there, back to the last sign or space."""
    match = _TYPED.search(text[: max(0, caret)])
    return match[0] if match else ""


def completions(text: str, caret: int, fields: Fields = EVERY_FIELD) -> list[str]:
    """List the words that begin with the one before the caret, itself left out, in alphabetical order.

    ``caret`` is the number of characters before it, ``fields`` what the rows have.
    """
    typed = word_before(text, caret).lower()
    words = [word for name, word in _WORDS.items() if name in fields.names]
    if typed.startswith("state:") and "state" in fields.names:
        words = [f"state:{state}" for state in STATES]
    return sorted(word for word in words if word.startswith(typed) and word != typed)


def completed(text: str, caret: int, word: str) -> tuple[str, int]:
    """Put a word in place of the one before the caret; gives the text and where the caret is then."""
    begin = text[: max(0, caret) - len(word_before(text, caret))]
    return begin + word + text[max(0, caret) :], len(begin) + len(word)
