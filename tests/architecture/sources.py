"""The project's own Python files, read as trees."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "oidc_sim"
TESTS = ROOT / "tests"

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Definition = FunctionNode | ast.ClassDef


@dataclass(frozen=True)
class Source:
    """One file; ``name`` is its path from the root."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """Its dotted name, a package's for an ``__init__``."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def functions(self) -> Iterator[FunctionNode]:
        """All of them, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, FunctionNode):
                yield node

    def public(self, body: list[ast.stmt] | None = None) -> Iterator[Definition]:
        """Functions and classes that others may name, and their methods."""
        for node in self.tree.body if body is None else body:
            if isinstance(node, Definition) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from self.public(node.body)

    @cached_property
    def imports(self) -> set[str]:
        """Every dotted name that it imports, names taken from a module included."""
        return set(_imported(ast.walk(self.tree)))

    @cached_property
    def imports_at_once(self) -> set[str]:
        """The same of what is imported when it is: not in functions, not for types alone."""
        return set(_imported(_at_the_top(self.tree.body)))


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _at_the_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from _at_the_top(node.orelse)
        elif isinstance(node, ast.If | ast.Try):
            yield from _at_the_top([*node.body, *node.orelse])
        else:
            yield node


@cache
def sources(folder: Path, pattern: str = "**/*.py") -> tuple[Source, ...]:
    """The Python files below a folder, in order."""
    return tuple(map(_source, sorted(folder.glob(pattern))))


@cache
def _source(path: Path) -> Source:
    """One and the same for each path, so that it is parsed once."""
    return Source(path)
