"""Small files, small functions, everything named, explained, typed and tested."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter

import pytest

from tests.architecture.sources import PACKAGE, TESTS, Definition, FunctionNode, Source, sources

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 45
EMPTY_NAMES = {
    "Manager",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Common",
    "Handler",
    "Base",
    "Info",
    "Context",
}
"""Words that mean nothing in a name of our own."""
UNMIRRORED = {
    "oidc_sim.__main__": "a few lines, run by every test that starts the program",
    "oidc_sim.tui.dialogs.pages": "seen on golden screens, by the keys that open them",
}
"""Modules without a test file of their own, and why."""
OURS = sources(PACKAGE)
TESTED = sources(TESTS)
ALL = OURS + TESTED


def names(found: list[Source]) -> list[str]:
    return [source.name for source in found]


def length(node: ast.AST) -> int:
    assert isinstance(node, Definition)
    return (node.end_lineno or 0) - node.lineno + 1


def test_the_tree_is_found() -> None:
    assert {"oidc_sim.engine.decide", "oidc_sim.simulator.simulator"} <= {
        source.module for source in OURS
    }


def test_no_file_is_too_long() -> None:
    long = [source for source in OURS if source.text.count("\n") > MAX_FILE_LINES]
    assert names(long) == []


def test_no_function_is_too_long() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name} has {length(node)} lines"
        for source in OURS
        for node in source.functions()
        if length(node) > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_and_public_name_says_what_it_is_for() -> None:
    silent = [source.name for source in OURS if not ast.get_docstring(source.tree)]
    silent += [
        f"{source.name}:{node.lineno} {node.name}"
        for source in OURS
        for node in source.public()
        if not ast.get_docstring(node)
    ]
    assert silent == []


def untyped_parts(node: FunctionNode) -> Iterator[str]:
    """What of a signature has no annotation; the first of a method is self or cls."""
    args = node.args
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    for arg in [*named, *(a for a in (args.vararg, args.kwarg) if a)]:
        if arg.annotation is None and arg.arg not in {"self", "cls"}:
            yield arg.arg
    if node.returns is None:
        yield "return"


def test_every_function_is_annotated() -> None:
    untyped = [
        f"{source.name}:{node.lineno} {node.name}: {part}"
        for source in ALL
        for node in source.functions()
        for part in untyped_parts(node)
    ]
    assert untyped == []


def comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@pytest.mark.parametrize(
    "bare", [r"#\s*type:\s*ignore(?!\[)", r"#\s*noqa(?!: ?[A-Z])", r"#\s*ruff:\s*noqa(?!: ?[A-Z])"]
)
def test_what_is_silenced_is_named(bare: str) -> None:
    found = [
        f"{source.name}:{line} {comment}"
        for source in ALL
        for line, comment in comments(source)
        if re.search(bare, comment)
    ]
    assert found == []


def words(name: str) -> set[str]:
    return {word.capitalize() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def test_no_name_of_ours_is_empty() -> None:
    empty = [
        f"{source.name} {name}"
        for source in OURS
        for name in [
            source.path.stem,
            *(node.name for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)),
        ]
        if words(name) & EMPTY_NAMES
    ]
    assert empty == []


def test_the_pure_core_speaks_no_word_of_the_wire() -> None:
    """AWS's own names appear in ``wire/`` only."""
    spoken = r"\b(clientId|clientSecret|deviceCode|userCode|expiresIn|StartDeviceAuthorization|CreateToken|(?!Base)\w+Exception)\b"
    core = [s for s in OURS if re.match(r"oidc_sim\.(engine|conformance|simulator)\b", s.module)]
    found = [f"{s.name}: {match[0]}" for s in core for match in re.finditer(spoken, s.text)]
    assert found == []


def test_no_modules_import_each_other() -> None:
    modules = {source.module for source in OURS}
    graph = {it.module: (it.imports_at_once & modules) - {it.module} for it in OURS}
    TopologicalSorter(without_packages_of(graph)).prepare()


def without_packages_of(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Who imports ``a.b`` gets ``a`` too, which is a circle for ``a`` only if it takes a name from it."""
    return {
        module: {it for it in them if not any(other.startswith(f"{it}.") for other in them)}
        for module, them in graph.items()
    }


def near(source: Source) -> tuple[Source, ...]:
    """The test files of the same part: ``tests/tui/`` for all of ``oidc_sim/tui/``."""
    _, part, *rest = [*source.module.split("."), ""]
    is_part = bool(rest[:-1]) or source.path.stem == "__init__"
    return sources(TESTS / part) if is_part else sources(TESTS, "*.py")


def is_mirrored(source: Source) -> bool:
    """Whether a test file of its part is named after it, or any test imports it."""
    name = source.module.rpartition(".")[2]
    return source.module in imported_by_tests() or any(
        name in test.path.stem for test in near(source)
    )


@cache
def imported_by_tests() -> set[str]:
    return {name for test in TESTED for name in test.imports}


def is_piece(source: Source) -> bool:
    """Whether a module that is mirrored, of the same package, is made with it."""
    package = source.module.rpartition(".")[0]
    return any(
        source.module in other.imports and is_mirrored(other)
        for other in OURS
        if other.module.rpartition(".")[0] == package
    )


def has_code(source: Source) -> bool:
    return any(isinstance(node, Definition) for node in source.tree.body)


def test_every_module_has_a_test_that_mirrors_it_or_is_a_piece_of_one_that_has() -> None:
    unmirrored = [
        source.module
        for source in OURS
        if has_code(source)
        and not (is_mirrored(source) or is_piece(source))
        and source.module not in UNMIRRORED
    ]
    assert unmirrored == []


def test_no_exemption_outlives_its_module() -> None:
    assert set(UNMIRRORED) <= {source.module for source in OURS}
