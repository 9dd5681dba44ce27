"""What comes of a text that was read: a filter, or where it went wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from oidc_sim.filtering.nodes import All, Compare, Either, Facts, Flag, Like, Node, Not, Word

Named = Like | Compare | Flag
"""The parts that ask for something by name."""


@dataclass(frozen=True, slots=True)
class FilterError:
    """The first place at which a text is no filter."""

    at: int
    """Characters before it; the caret goes below."""
    message: str
    """What was expected there: one clause, nothing of the text that a terminal could not show."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A filter that was read."""

    text: str
    """As it was typed."""
    root: Node
    """What it means."""

    @property
    def is_everything(self) -> bool:
        """Whether nothing was asked."""
        return self.root == All(())

    @property
    def narrows(self) -> bool:
        """Whether it names something that a row must have.

        Wild signs alone and what is left out do not: nearly every row is such.
        """
        return _narrows(self.root, is_wanted=True)

    def matches(self, facts: Facts) -> bool:
        """Whether a row is meant."""
        return self.root.matches(facts)

    def named(self) -> Iterator[Named]:
        """Everything that it asks for by name, in the order of the text."""
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
