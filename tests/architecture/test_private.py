"""Private parts of libraries are used in one file a library, which is ready for their end."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

from tests.architecture.sources import PACKAGE, FunctionNode, Source, sources

ALLOWED = {"oidc_sim.server.http.aiohttp_private", "oidc_sim.tui.textual_private"}
PUBLIC = {"_replace", "_fields", "_asdict", "_make"}
"""Of named tuples, in spite of their names."""
_SET = re.compile(r"\bself\.(_[a-z]\w*)")
AWAITED = ("oidc_sim/tui/",)
"""Until the screen has its own such file."""
MODULES = [it for it in sources(PACKAGE) if it.module not in ALLOWED]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC


def reached_into(source: Source) -> Iterator[str]:
    """Private names of objects that are neither ``self`` nor of a class of the module."""
    defined = {it.name for it in ast.walk(source.tree) if isinstance(it, ast.ClassDef)}
    made = {
        it.targets[0].id
        for it in ast.walk(source.tree)
        if isinstance(it, ast.Assign)
        and isinstance(it.targets[0], ast.Name)
        and isinstance(it.value, ast.Call)
        and isinstance(it.value.func, ast.Name)
        and it.value.func.id in {"cls", *defined}
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner not in {"self", "cls", *defined, *made}:
                yield f"{source.name}:{node.lineno} {ast.unparse(node)}"
        if isinstance(node, ast.ImportFrom):
            names = (it.name for it in node.names if is_private(it.name))
            yield from (f"{source.name}:{node.lineno} imports {name}" for name in names)


def test_no_module_reaches_into_what_is_not_its_own() -> None:
    found = [line for source in MODULES for line in reached_into(source)]
    assert [line for line in found if not line.startswith(AWAITED)] == []


@cache
def has_as_private(base: type) -> set[str]:
    """What a class of a library sets of its own."""
    try:
        text = inspect.getsource(base)
    except (OSError, TypeError):
        text = ""
    return {*filter(is_private, vars(base)), *_SET.findall(text)}


def shared_with_a_base(source: Source) -> Iterator[str]:
    """Private names that a class uses of itself, and that a base class of a library has too."""
    module = import_module(source.module)
    for node in source.tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        kind = getattr(module, node.name)
        methods = (it.name for it in node.body if isinstance(it, FunctionNode))
        used = {*_SET.findall(ast.unparse(node)), *filter(is_private, methods)}
        for base in kind.__mro__[1:-1]:
            if used and not base.__module__.startswith("oidc_sim"):
                names = sorted(used & has_as_private(base))
                yield from (f"{source.name} {node.name}: {base.__name__}.{it}" for it in names)


def test_no_class_uses_or_hides_a_private_name_of_a_base_class_of_a_library() -> None:
    found = [line for source in MODULES for line in shared_with_a_base(source)]
    assert [line for line in found if not line.startswith(AWAITED)] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("other._x", 1),
        ("self.other._x = 1", 1),
        ("super()._x()", 1),
        ("from a import _x", 1),
        ("self._x, cls._x, other.__x__, t._replace(a=1)", 0),
        ("class A: pass\na = A()\na._x, A._x", 0),
    ],
)
def test_what_counts_as_reaching_into(text: str, count: int) -> None:
    source = Source(PACKAGE / "imagined.py")
    source.__dict__.update(text=text, tree=ast.parse(text))
    assert len([*reached_into(source)]) == count
