"""Nothing that the screen shows is parsed as markup (T-02).

Markup is code: ``[@click=app.approve]`` in a client's name would approve its own sign-in, and ``[/b]``
would end the program. Escaping is not enough, so no widget is left to parse, whosever the text is today.
"""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from textual import widgets

from tests.architecture.sources import PACKAGE, Source, sources

LITERAL = {"Input", "TextArea"}
"""Widgets that have no ``markup`` to switch off, and show what they hold as it is."""
TITLES = {"border_title", "border_subtitle", "tooltip"}
"""Attributes of every widget whose strings are parsed; ``Content`` is not."""
PARSERS = {"from_markup", "render_markup", "render_str", "to_content"}
"""What makes a text of markup, wherever it is called."""


@cache
def takes_markup(name: str) -> bool:
    return "markup" in inspect.signature(getattr(widgets, name).__init__).parameters


def name_of(node: ast.expr) -> str:
    """``notify`` of ``self.app.notify``, ``Static`` of ``Static``."""
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))


def is_switched_off(call: ast.Call) -> bool:
    given = [it.value for it in call.keywords if it.arg == "markup"]
    return [getattr(it, "value", None) for it in given] == [False]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def switches_off_itself(cls: ast.ClassDef) -> bool:
    return any(name_of(it.func) == "__init__" and is_switched_off(it) for it in calls(cls))


@cache
def parsing_widgets(source: Source) -> set[str]:
    """Textual's widgets that parse unless told otherwise, and this file's that are made of them."""
    found = {name for name in vars(widgets)["__all__"] if takes_markup(name)}
    for cls in (it for it in ast.walk(source.tree) if isinstance(it, ast.ClassDef)):
        if found & set(map(name_of, cls.bases)) and not switches_off_itself(cls):
            found.add(cls.name)
    return found


@cache
def parsing() -> set[str]:
    """Whatever is called or made on the screen and may parse."""
    return {"notify"}.union(*map(parsing_widgets, SCREEN))


def titles_set(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each title that a statement sets, with what it is set to."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * 9
            pairs = zip(target.elts, values, strict=False)
        else:
            pairs = zip([target], [node.value], strict=True)
        yield from (pair for pair in pairs if name_of(pair[0]) in TITLES)


def is_literal(value: ast.expr) -> bool:
    """A text of ours without a bracket, or a ``Content``."""
    if isinstance(value, ast.Constant):
        return "[" not in str(value.value)
    if isinstance(value, ast.BinOp):
        return is_literal(value.left) and is_literal(value.right)
    return isinstance(value, ast.Call) and ast.unparse(value.func) in {
        *("Content", "Content.styled", "Content.assemble", "titled"),
    }


def parsed(source: Source) -> Iterator[str]:
    """Every place of a file where a text may be parsed, with what is wrong."""
    may_parse = parsing() | parsing_widgets(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            if name in PARSERS or (name in may_parse and not is_switched_off(node)):
                yield f"{source.name}:{node.lineno} {name} without markup=False"
        if isinstance(node, ast.ImportFrom) and node.module == "textual.widgets":
            for alias in node.names:
                if alias.name not in LITERAL and not takes_markup(alias.name):
                    yield f"{source.name}:{node.lineno} {alias.name} cannot be told to parse nothing"
        for target, value in titles_set(node):
            if not is_literal(value):
                yield f"{source.name}:{target.lineno} {name_of(target)} is not Content"


SCREEN = sources(PACKAGE / "tui")


def test_no_text_on_the_screen_is_parsed_as_markup() -> None:
    assert [where for source in SCREEN for where in parsed(source)] == []


class Written(Source):
    """A file that is not there."""

    name = "it"

    def __init__(self, text: str) -> None:
        self.__dict__.update(path=Path(text), text=text)


@pytest.mark.parametrize(
    "text",
    [
        "Static(text)",
        "Static(text, markup=True)",
        "self.app.notify(note)",
        "OptionList(*kinds)",
        "TooSmallAgain(text)\nclass TooSmallAgain(Static): pass",
        "from textual.widgets import Button",
        "box.border_title = printable(name)",
        "box.border_title, box.border_subtitle = title, 'esc closes'",
        "box.border_subtitle = '[b]esc[/b] closes'",
        "box.tooltip = Content.from_markup(name)",
    ],
)
def test_this_test_sees_what_would_be_parsed(text: str) -> None:
    assert [*parsed(Written(text))] != []


@pytest.mark.parametrize(
    "text",
    [
        "Static(text, markup=False)",
        "Said()\nclass Said(Static):\n def __init__(self): super().__init__(markup=False)",
        "from textual.widgets import Input, Static",
        "box.border_title = Content.styled(name, 'bold') + Content(more)",
        "box.border_title, box.border_subtitle = 'Keys', 'esc closes'",
    ],
)
def test_this_test_lets_literal_text_through(text: str) -> None:
    assert [*parsed(Written(text))] == []
