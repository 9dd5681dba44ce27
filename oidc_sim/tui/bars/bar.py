"""Bars as wide as the window that change often: titles in borders, the hint line, the footer of keys.

Textual's ``Footer`` scrolls what does not fit out of sight without a mark. This one
shortens labels, then leaves keys out from the right; ``?`` always stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from oidc_sim.tui.cells import Printable, fit, joined, printable
from oidc_sim.tui.keymap import KEYS, Key, Topic
from oidc_sim.tui.moved_keys import MovedKeys
from oidc_sim.tui.panels import Panel


class Bar(Static):
    """A line of printable text. Painting it never lays the screen out."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id, markup=False)
        self._parts: tuple[tuple[Printable, str], ...] = ()

    @property
    def text(self) -> Printable:
        """The text shown."""
        return joined(*(text for text, _ in self._parts))

    def say(self, parts: Iterable[tuple[Printable, str]]) -> None:
        """Show texts with their styles, such as ``bold $role-good``, unless they are shown already."""
        said = tuple(parts)
        if said == self._parts:
            return
        self._parts = said
        self.update(Content.assemble(*said), layout=False)


def width_of(parts: Iterable[tuple[Printable, str]]) -> int:
    """Cells that texts take."""
    return sum(cell_len(text) for text, _ in parts)


def cut_to(text: Printable, cells: int) -> Printable:
    """The text, cut with an ellipsis where it is wider than so many cells."""
    return text if cell_len(text) <= cells else fit(text, cells)


_LIGHT, _HEAVY = "─", "━"
_CORNERS_AND_BLANKS = 6
"""Cells of a border's line that no title gets: two corners, a dash and a blank at each end."""


class Titles:
    """Sets border titles, each only when it changed: every one of them repaints its widget."""

    def __init__(self) -> None:
        self._said: dict[Widget, tuple[Printable, Printable, int, bool]] = {}

    def set(self, widget: Widget, left: Printable, right: Printable) -> None:
        """Give a widget its title. Textual has one text for the border, so the line is part of it."""
        width = max(0, widget.outer_size.width - _CORNERS_AND_BLANKS)
        key = (left, right, width, widget.has_focus)
        if self._said.get(widget) == key:
            return
        self._said[widget] = key
        widget.border_title = titled(left, right, width, is_heavy=widget.has_focus)


def titled(left: Printable, right: Printable, width: int, *, is_heavy: bool) -> Content:
    """The two texts with the border's line between them, in ``width`` cells.

    As Content: a plain string would be parsed as markup (T-02).
    """
    room = width - cell_len(right) - 3 if right else width
    shown = cut_to(left, max(1, room))
    line = (_HEAVY if is_heavy else _LIGHT) * (width - cell_len(shown) - cell_len(right) - 2)
    title = Content.styled(shown, "bold $foreground")
    if not right or not line:
        return title
    return title + Content(f" {line} ") + Content.styled(right, "$foreground")


_BEFORE_UNDO = printable("  ")
_BLANK = printable(" ")


@dataclass(frozen=True, slots=True)
class Hint:
    """A line to show as a hint."""

    text: Printable
    style: str = ""
    undo: Printable | None = None
    """The effect of ``u``; None when it would do nothing."""


class HintLine(Bar):
    """Shows a hint on one line, never a dialog."""

    def __init__(self, undo: str = "u", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._undo = printable(undo)

    def tell(self, hint: Hint) -> None:
        """Show a hint; where room is short the sentence is cut, not the key."""
        key: list[tuple[Printable, str]] = []
        if hint.undo:
            key = [
                (_BEFORE_UNDO, ""),
                (self._undo, "bold $text-accent"),
                (joined(_BLANK, hint.undo), ""),
            ]
        room = self.size.width - 1 - width_of(key)
        self.say([(_BLANK, ""), (cut_to(hint.text, room), hint.style), *key])


MAX_KEYS = 9
"""Keys in the footer; more nobody reads."""
Part = tuple[Printable, str]
_LEFT: Part = (printable(" "), "")
_BETWEEN: Part = (printable(" │ "), "dim")


class KeyFooter(Bar):
    """Shows keys; a click presses one."""

    @dataclass
    class Pressed(Message):
        """A key of the footer was clicked."""

        key: Key

    def __init__(self, moved: MovedKeys | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._moved = moved or MovedKeys()
        self._spots: list[tuple[int, Key]] = []
        """Where each key ends, in cells."""

    def tell(self, panel: Panel, dimmed: frozenset[str]) -> None:
        """Show the keys of a panel; those of these ids are dimmed, for they would do nothing now."""
        keys = footer_keys(panel)
        width = self.size.width
        parts = self._laid_out(keys, dimmed, is_long=True)
        while width_of(parts) > width:
            parts = self._laid_out(keys, dimmed, is_long=False)
            if width_of(parts) > width:
                if len(keys) == 1:
                    break
                keys.remove(max(keys, key=_rank))
        self.say(parts)

    def on_click(self, event: events.Click) -> None:
        """Presses the key that was clicked."""
        for end, key in self._spots:
            if event.x < end:
                self.post_message(self.Pressed(key))
                return

    def _laid_out(
        self, keys: Sequence[Key], dimmed: frozenset[str], *, is_long: bool
    ) -> list[Part]:
        parts, self._spots = [_LEFT], []
        topic: Topic | None = None
        for key in keys:
            if topic is not None:
                is_new_group = topic is Topic.DECIDE and key.topic is not topic
                gap = printable("  " if is_long else " ")
                parts.append(_BETWEEN if is_new_group else (gap, ""))
            topic = key.topic
            style = "dim" if key.id in dimmed else ""
            label = key.label if is_long else key.short
            parts += [
                (
                    printable(self._moved.shown(key).split(" ")[0]),
                    f"bold {style}" if style else "bold $text-accent",
                ),
                (printable(f" {label}"), style),
            ]
            self._spots.append((width_of(parts), key))
        return parts


def footer_keys(panel: Panel) -> list[Key]:
    """The keys that the footer has for a panel, in the order of the help, ``?`` at the end."""
    ranked = [key for key in KEYS if key.footer is not None and panel in key.where]
    kept = sorted(ranked, key=_rank)[:MAX_KEYS]
    return sorted(kept, key=lambda key: (_rank(key) == 0, KEYS.index(key)))


def _rank(key: Key) -> int:
    return key.footer or 0
