"""What of Textual's own attributes is used stands in one file, is there, and can be done without."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from textual.app import App
from textual.driver import Driver
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump

import oidc_sim.tui
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui import textual_private
from oidc_sim.tui.app import OperatorApp
from oidc_sim.tui.operator.screen import OperatorScreen
from oidc_sim.tui.terminal import PatientDriver
from oidc_sim.tui.textual_private import ChordParser, has, waiting_frames
from tests.architecture.sources import sources
from tests.tui.busy import busy
from tests.tui.showing import NARROW, showing

FLAGS = ("SEES_WHAT_WAITS", "DRAWS_BY_ITSELF", "READS_CHORDS", "ENDS_AT_ONCE")
ROOM = Path(oidc_sim.tui.__file__).parent
ELSEWHERE = [it for it in sources(ROOM) if it.module != textual_private.__name__]


def loaded_anew() -> ModuleType:
    spec = find_spec(textual_private.__name__)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_that_is_used_is_there_in_this_textual() -> None:
    assert {name: getattr(textual_private, name) for name in FLAGS} == dict.fromkeys(FLAGS, True)
    assert linux_driver.XTermParser is ChordParser  # type: ignore[attr-defined]
    assert not has(App, "_driver", "_no_such_thing")


def test_what_is_missing_is_seen_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(linux_driver, "XTermParser")
    monkeypatch.delattr(linux_driver, "WriterThread")
    monkeypatch.delattr(MessagePump, "_close_messages_no_wait")
    monkeypatch.setattr(LinuxDriver, "__init__", Driver.__init__)
    module = loaded_anew()
    assert {name: getattr(module, name) for name in FLAGS} == dict.fromkeys(FLAGS, False)
    assert not hasattr(linux_driver, "XTermParser")


async def test_without_any_of_it_the_screen_works_and_fails_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_screen: OperatorScreen) -> None:
        secret = "SECRET"
        raise ZeroDivisionError(secret)

    for flag in FLAGS:
        monkeypatch.setattr(textual_private, flag, False)
    monkeypatch.setattr("oidc_sim.tui.app.DRAWS_BY_ITSELF", False)
    scenario = Scenario()
    busy(scenario)
    apps: list[OperatorApp] = []

    async def use() -> None:
        async with showing(scenario, NARROW) as shown:
            await shown.press("down", "question_mark", "escape")
            assert shown.app.driver_class is not PatientDriver
            writer = SimpleNamespace(_queue=SimpleNamespace(qsize=lambda: 30))
            monkeypatch.setattr(shown.app._driver, "_writer_thread", writer, raising=False)
            assert waiting_frames(shown.app) == 0
            monkeypatch.setattr(OperatorScreen, "pull", fail)
            monkeypatch.setattr(shown.app, "_print_error_renderables", lambda: None)
            apps.append(shown.app)
            await shown.press("f")

    with pytest.raises(ZeroDivisionError):
        await use()
    (line,) = map(str, apps[0]._exit_renderables)
    assert line.startswith("oidc-sim: the screen failed, our fault: ZeroDivisionError at ")
    assert "SECRET" not in line
    assert apps[0].return_code == 1


def classes() -> Iterator[type]:
    """All of ours that Textual's objects are made of."""
    for source in sources(ROOM):
        module = importlib.import_module(source.module)
        for _, found in inspect.getmembers(module, inspect.isclass):
            is_ours = found.__module__ == source.module
            if is_ours and issubclass(found, MessagePump | Driver):
                yield found


@cache
def written(module: str) -> dict[str, set[str]]:
    """What each class of a module defines, and what its methods set on ``self``."""
    file = importlib.import_module(module).__file__
    tree = ast.parse(Path(file or "").read_text(encoding="utf-8"))
    return {it.name: {*names_in(it)} for it in ast.walk(tree) if isinstance(it, ast.ClassDef)}


def names_in(owner: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(owner):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if ast.unparse(node.value) == "self":
                yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
    for statement in owner.body:
        for node in (
            ast.walk(statement) if isinstance(statement, ast.Assign | ast.AnnAssign) else ()
        ):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def own_names(owner: type) -> set[str]:
    return written(owner.__module__).get(owner.__name__, set())


def textuals_names(owner: type) -> set[str]:
    """The private attributes of the classes of Textual's that it is made from."""
    bases = [it for it in owner.__mro__ if it.__module__.startswith("textual.")]
    return {it for base in bases for it in own_names(base) if re.match("_[a-z]", it)}


def test_no_attribute_of_a_widget_of_ours_shadows_one_of_its_base() -> None:
    shadows = {
        f"{owner.__name__}.{name}"
        for owner in classes()
        if owner.__module__ != textual_private.__name__
        for name in own_names(owner) & textuals_names(owner)
    }
    assert shadows == set()


def test_no_other_module_touches_what_is_private_to_textual() -> None:
    private = {name for owner in (App, LinuxDriver, *classes()) for name in textuals_names(owner)}
    touched = [
        f"{source.name}:{node.lineno} {ast.unparse(node)}"
        for source in ELSEWHERE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr)
        if node.attr in private and ast.unparse(node.value) != "self"
    ]
    assert touched == []
    imported = [
        source.name
        for source in ELSEWHERE
        if re.search(r"from textual\S*\._\w+ import", source.text)
    ]
    assert imported == []
