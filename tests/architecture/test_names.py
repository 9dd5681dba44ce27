"""A word stands for one thing."""

import ast
from collections import defaultdict

from tests.architecture.sources import PACKAGE, sources


def homes() -> dict[str, list[str]]:
    """The modules that define each class."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources(PACKAGE):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(source.module)
    return found


def test_no_class_name_stands_for_two_things() -> None:
    assert {name: modules for name, modules in homes().items() if len(modules) > 1} == {}
