"""The last line: the keys of the focused panel, the most used first.

Textual's ``Footer`` scrolls what does not fit out of sight without a mark. This one
shortens labels, then leaves keys out from the right; ``?`` always stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from oidc_sim.tui.bars.bar import Bar, width_of
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.keymap import KEYS, Key, Topic
from oidc_sim.tui.keymap.moved import MovedKeys
from oidc_sim.tui.panels import Panel

MAX_KEYS = 9
"""More than that nobody reads."""
Part = tuple[Printable, str]
_EDGE: Part = (printable(" "), "")
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
                keys = _without_the_least(keys)
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
        parts, self._spots = [_EDGE], []
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


def _without_the_least(keys: Sequence[Key]) -> list[Key]:
    """Without the one that is used least."""
    least = max(keys, key=_rank)
    return [key for key in keys if key is not least]
