"""What follows a key belongs to what that key opened, also when both come in one read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import pytest_asyncio
from textual.screen import Screen
from textual.widgets import Input, OptionList

from oidc_sim.tui import terminal
from oidc_sim.tui.keymap import KEYS, Holder, Key
from oidc_sim.tui.panels import LISTS, Panel
from oidc_sim.tui.terminal import TypeAhead
from tests.tui.pty_run import PtyRun, python
from tests.tui.showing import showing
from tests.tui.typed_app import SIZE, set_stage, staged

PRESSED = [key for key in KEYS if key.holder in {Holder.SCREEN, Holder.APP}]
EACH_KEY = pytest.mark.parametrize("key", PRESSED, ids=lambda key: key.id)
_BYTES = {"question_mark": "?", "space": " ", "slash": "/", "ctrl+p": "\x10"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opening() -> frozenset[str]:
    """The ids of the keys that open a dialog or a line: nobody has to list them."""
    found: list[str] = []
    async with showing(staged(), SIZE) as shown:
        pushed: list[Screen[Any]] = []
        shown.app.push_screen = lambda screen, *_: pushed.append(screen)  # type: ignore[method-assign, assignment]
        for key in PRESSED:
            if key.id == "evidence":
                continue  # writes files
            shown.screen.panels.select(Panel.DEVICES, set_stage(shown.scenario))
            await shown.settle()
            holder = shown.app if key.holder is Holder.APP else shown.screen
            await holder.run_action(key.action)
            if pushed:
                found.append(key.id)
                pushed.clear()
    return frozenset(found)


def typed(key: Key) -> str:
    name = key.keys.split(",")[0]
    return _BYTES.get(name, name)


def seen(lines: list[str]) -> list[str]:
    return [line.rstrip() for line in lines]


@contextmanager
def in_terminal() -> Iterator[PtyRun]:
    columns, rows = SIZE
    argv = python("tests.tui.typed_app")
    with PtyRun(argv, columns=columns, rows=rows, env={"TZ": "UTC"}) as run:
        run.wait_for_text("acme-deploy")
        yield run


async def outcome(text: str, *, at_once: bool) -> list[object]:
    """What the keys led to: dialogs, lines, choices, decisions and time. When it is painted is left open."""
    async with showing(staged(), SIZE) as shown:
        await shown.type(text, at_once=at_once)
        screens, simulator = shown.app.screen_stack, shown.scenario.simulator
        lines = [line.value for line in screens[-1].query(Input)]
        chosen = [choices.highlighted for choices in screens[-1].query(OptionList)]
        focus = getattr(shown.app.focused, "id", None)
        filters = [shown.screen.panels.filter_text(panel) for panel in LISTS]
        done = (simulator.log.seq, simulator.clock.offset_s, shown.screen.panels.panel)
        return [[*map(type, screens)], focus, lines, chosen, filters, done]


def test_every_dialog_is_found(opening: frozenset[str]) -> None:
    few = {"filter", "clock.step", "fault.inject", "hold.all", "held.edit", "reset", "quit", "demo"}
    assert few < opening


@EACH_KEY
@pytest.mark.parametrize("then", ["y", "1\r"], ids=repr)
async def test_keys_at_once_do_what_they_do_one_by_one(
    key: Key, then: str, opening: frozenset[str]
) -> None:
    if key.id in opening and (key.id, then) != ("quit", "y"):
        text = typed(key) + then
        assert await outcome(text, at_once=True) == await outcome(text, at_once=False)


@EACH_KEY
async def test_in_a_terminal_one_write_opens_a_dialog_and_types_into_it(
    key: Key, opening: frozenset[str]
) -> None:
    """In most dialogs the slash goes to a line; digit and letters are keys of the dialog anywhere else."""
    if key.id not in opening:
        return
    writes, screens = ("/pen1", "\x1bj"), []
    async with showing(staged(), SIZE) as shown:
        await shown.type(typed(key))
        for text in writes:
            await shown.type(text)
            screens.append(seen(shown.lines))
    with in_terminal() as run:
        run.send(typed(key) + writes[0])
        if key.id == "palette":  # which says later that nothing matches
            run.wait_for_text(writes[0])
        else:
            run.wait_for(lambda run: seen(run.lines()) == screens[0], "\n".join(screens[0]))
        run.send(writes[1])
        run.wait_for(lambda run: seen(run.lines()) == screens[1], "\n".join(screens[1]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("t/45s\r", "advanced 45 s"),
        ("i/quo\r", "gets rolling quota"),
        ("Xy", "everything is forgotten"),
        ("Ay", "approved 4 sign-ins"),
        ("/\x1b[200~state:pending\x1b[201~", "4 of 8  device codes"),
        ("t/\x1b[200~45s\x1b[201~\r", "advanced 45 s"),
        ("\x10step clock\r/45s\r", "advanced 45 s"),
    ],
)
def test_whole_tasks_in_one_write(text: str, shown: str) -> None:
    with in_terminal() as run:
        run.send(text)
        run.wait_for_text(shown)


@pytest.mark.parametrize(
    ("text", "is_kept"), [("/pend\x1bf", True), ("/pend\x1bj", False), ("/pend\x1b\x1bj", False)]
)
async def test_escape_and_a_key_in_one_read_is_no_chord_that_gets_lost(
    text: str, *, is_kept: bool
) -> None:
    """But in a line of text ESC f moves by a word, as Option and an arrow do on macOS."""
    async with showing(staged(), SIZE) as shown:
        await shown.type(text, at_once=True)
        assert ("4 of 8" in shown.text) is is_kept
        assert len(shown.app.screen_stack) == 1 + is_kept
        assert ("▸ ◷ pending" in shown.text) is not is_kept


async def test_a_chord_that_the_user_chose_stays_one() -> None:
    scenario = staged()
    scenario.settings = scenario.settings.model_copy(update={"keys": {"zoom": "alt+z"}})
    async with showing(scenario, SIZE) as shown:
        await shown.type("\x1bz", at_once=True)
        assert "Requests" not in shown.text


async def test_a_keyboard_is_never_stuck_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TypeAhead, "_is_settled", lambda *_: False)
    monkeypatch.setattr(terminal, "LOOK_AGAIN_S", 0.0)
    async with showing(staged(), SIZE) as shown:
        await shown.type("1T", at_once=True)
        assert shown.scenario.simulator.clock.is_frozen
