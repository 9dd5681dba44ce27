"""Says a filter in English, to be read while it is typed."""

from oidc_sim.filtering.expression import Expression
from oidc_sim.filtering.fields import FLAGS, NUMBERS, TEXTS
from oidc_sim.filtering.nodes import All, Compare, Either, Flag, Like, Node, Not, Pattern, Word

_SIGNS = {
    "=": "of",
    "<": "below",
    "<=": "of at most",
    ">": "above",
    ">=": "of at least",
}


def in_english(expression: Expression, of: str = "requests") -> str:
    """A filter as a phrase: ``requests with a status of at least 400 and a client like boto*``.

    Args:
        expression: What was read.
        of: What is filtered, in the plural.
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
    """In parentheses where words alone would leave it open what belongs together."""
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
