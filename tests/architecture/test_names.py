"""A word stands for one thing."""

import ast
from collections import defaultdict

from tests.architecture.sources import PACKAGE, sources

TO_BE_RENAMED = {
    "Answer",
    "Asked",
    "Gate",
    "Journal",
    "News",
    "NoAnswerError",
    "Pace",
    "Page",
    "Row",
    "SignIn",
    "Span",
    "Stage",
    "Window",
    "Wish",
}
"""Classes of whose name there are several still; an entry goes when its name stands for one."""


def homes() -> dict[str, list[str]]:
    """The modules that define each class."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources(PACKAGE):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(source.module)
    return found


def test_no_class_name_stands_for_two_things() -> None:
    several = {name: modules for name, modules in homes().items() if len(modules) > 1}
    assert {name: it for name, it in several.items() if name not in TO_BE_RENAMED} == {}
    assert set(several) == TO_BE_RENAMED
