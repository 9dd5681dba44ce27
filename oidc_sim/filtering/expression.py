"""What comes of a text that was read: a filter, or where it went wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from oidc_sim.filtering.nodes import All, Compare, Either, Facts, Flag, Like, Node, Not

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

    def matches(self, facts: Facts) -> bool:
        """Whether a row is meant."""
        return self.root.matches(facts)

    def named(self) -> Iterator[Named]:
        """Everything that it asks for by name, in the order of the text."""
        yield from _named(self.root)


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
