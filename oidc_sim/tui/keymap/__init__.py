"""Every key, once: bindings, footer, help, command palette and the README are made from this table.

What acts on the simulation has its words in ``oidc_sim.actions.table``; what only looks has them here.

Keys change, action ids are for ever: a user's own keymap names them (``App.set_keymap``).
"""

from collections.abc import Iterator

from textual.binding import Binding

from oidc_sim.tui.keymap.acting import keys_at
from oidc_sim.tui.keymap.clock import CLOCK
from oidc_sim.tui.keymap.decide import DECIDE
from oidc_sim.tui.keymap.demo import DEMO
from oidc_sim.tui.keymap.find import FIND
from oidc_sim.tui.keymap.hold import HOLD
from oidc_sim.tui.keymap.inspect import INSPECT, WITHOUT_KEY
from oidc_sim.tui.keymap.key import Holder, Key, Topic
from oidc_sim.tui.keymap.look import LOOK
from oidc_sim.tui.keymap.move import MOVE
from oidc_sim.tui.keymap.program import PROGRAM

__all__ = [
    "KEYS",
    "PALETTE_ONLY",
    "UNDO",
    "Holder",
    "Key",
    "Topic",
    "bindings",
    "help_keys",
    "keys_markdown",
]

KEYS: tuple[Key, ...] = (
    *DECIDE,
    *HOLD,
    *CLOCK,
    *FIND,
    *LOOK,
    *INSPECT,
    *MOVE,
    *DEMO,
    *PROGRAM,
)
"""In the order of the help."""
PALETTE_ONLY: tuple[Key, ...] = (*keys_at(KEYS), *WITHOUT_KEY)
"""What shares another's key, or is too seldom wanted to take one."""
UNDO = next(key for key in KEYS if key.id == "device.undo")
"""The key that the hint line offers."""


def bindings(holder: Holder) -> list[Binding]:
    """The bindings that sit on a holder."""
    return [key.binding() for key in KEYS if key.holder is holder]


def help_keys() -> Iterator[tuple[Topic, list[Key]]]:
    """The table by topic, as the help shows it: what lists and pages share stands once."""
    shown = [key for key in KEYS if key.holder is not Holder.PAGE]
    for topic in Topic:
        yield topic, [key for key in shown if key.topic is topic]


def keys_markdown() -> str:
    """The table for the README."""
    lines = ["| key | what it does |", "|---|---|"]
    for _, keys in help_keys():
        lines += [f"| `{key.shown}` | {key.help} |" for key in keys]
    return "\n".join(lines) + "\n"
