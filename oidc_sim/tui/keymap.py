"""Every key, once: bindings, footer, help, command palette and ``docs/keys.md`` are made from this table.

What acts on the simulation has its key and its words in ``oidc_sim.actions.table``; what only looks has
them here. Keys change, ids are for ever: a user's own keymap names them (``App.set_keymap``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from textual.binding import Binding
from textual.keys import key_to_character

from oidc_sim.actions.table import ACTIONS, ACTIONS_BY_ID
from oidc_sim.tui.panels import LISTS, Panel


class Topic(StrEnum):
    """The headings of the help."""

    DECIDE = "Decide about a device code"
    CLOCK = "Move the clock"
    HOLD = "Hold and inject"
    LOOK = "Look closer"
    COPY = "Copy and open"
    PANELS = "Panels"
    MOVE = "Move"
    PROGRAM = "Program"


class Holder(StrEnum):
    """The widget that has the binding."""

    SCREEN = "screen"
    """The operator screen."""
    LIST = "list"
    """Each live list."""
    PAGE = "page"
    """The inspector's text and the help."""
    APP = "app"
    """The app, also above a dialog."""


ANYWHERE = frozenset(Panel)
ON_A_ROW = frozenset({Panel.DEVICES, Panel.REQUESTS, Panel.INSPECTOR})
ALL_LISTS = frozenset(LISTS)
IN_REQUESTS = frozenset({Panel.REQUESTS})
IN_INSPECTOR = frozenset({Panel.INSPECTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One thing that a key does."""

    id: str
    """The action's name for ever, such as ``device.approve``."""
    keys: str
    """Textual's names of its keys, with commas."""
    shown: str
    """Its keys as a person reads them."""
    action: str
    """Textual's action, on the holder."""
    label: str
    """In the footer and the palette."""
    short: str
    """In the footer of a narrow window."""
    help: str
    """The key's effect, in a sentence without a full stop."""
    topic: Topic
    where: frozenset[Panel] = ANYWHERE
    """The panels in which it has something to act on; elsewhere it says why not."""
    holder: Holder = Holder.SCREEN
    footer: int | None = None
    """Its rank in the footer, the lowest first to be shown and last to be dropped."""
    at: str = ""
    """The id of the key that does this too, of what has none of its own: it moves with that one."""
    is_in_palette: bool = True
    is_priority: bool = False

    @property
    def title(self) -> str:
        """The label with a capital letter in front; QR and JSON keep theirs."""
        return self.label[:1].upper() + self.label[1:]

    def binding(self) -> Binding:
        """The binding; labels and help never come from Textual's own footer or panel."""
        return Binding(
            self.keys, self.action, self.label, show=False, id=self.id, priority=self.is_priority
        )


_SHOWN = {
    "enter": "↵", "escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "slash": "/", "space": "space", "tab": "tab",
}  # fmt: skip


def with_twins(keys: str) -> str:
    """Textual's names: a capital letter comes as itself, or with shift from newer terminals."""
    names = keys.split(",")
    return ",".join(f"{it},shift+{it.lower()}" if _is_capital(it) else it for it in names)


def without_twins(keys: str) -> list[str]:
    """The names of different keys only."""
    return [name for name in keys.split(",") if not _is_twin(name, keys)]


def shown_keys(keys: str) -> str:
    """Keys as a person reads them, with blanks between."""
    return " ".join(
        f"^{name.removeprefix('ctrl+')}"
        if name.startswith("ctrl+")
        else _SHOWN.get(name) or key_to_character(name) or name
        for name in without_twins(keys)
    )


def _is_twin(name: str, keys: str) -> bool:
    """Whether it is a capital letter's second name."""
    letter = name.removeprefix("shift+")
    return name != letter and len(letter) == 1 and letter.upper() in keys.split(",")


def _is_capital(name: str) -> bool:
    return len(name) == 1 and name.isupper() and name.isascii()


def _acts(id_: str, action: str, topic: Topic, **more: Any) -> Key:
    """The key of a row of the table of actions, which has its words."""
    row = ACTIONS_BY_ID[id_]
    words = {"label": row.label, "short": row.short or row.label, "help": row.help}
    return _key(id_, row.key, action, topic, **words, **more)


def _key(id_: str, keys: str, action: str, topic: Topic, **more: Any) -> Key:
    """A key; ``short`` and ``shown`` follow from its label and names unless they are given.

    An action of one of the screen's objects, such as ``held.release``, goes through the screen's ``do``.
    """
    more = {"short": more["label"], "shown": shown_keys(keys), **more}
    if "." in action.partition("(")[0] and not action.startswith("app."):
        action = f'do("{action}")'
    return Key(id=id_, keys=with_twins(keys), action=action, topic=topic, **more)


# fmt: off
DECIDE, CLOCK, HOLD, LOOK, COPY, PANELS, MOVE, PROGRAM = Topic
KEYS: tuple[Key, ...] = (
    _acts("device.approve", "decide.decide('approve')", DECIDE, where=ON_A_ROW, footer=1),
    _acts("device.deny", "decide.decide('deny')", DECIDE, where=ON_A_ROW, footer=2),
    _acts("device.expire", "decide.decide('expire')", DECIDE, footer=3),
    _acts("device.slow_down", "decide.decide('slow_down')", DECIDE, where=ON_A_ROW, footer=4),
    _acts("device.undo", "decide.undo", DECIDE, footer=5),
    _acts("approve_all", "decide.approve_all", DECIDE),
    _acts("auto_approve", "decide.auto_approve", DECIDE),

    _acts("hold.toggle", "held.hold", HOLD, footer=6),
    _acts("hold.all", "held.hold_all", HOLD),
    _acts("held.release", "held.release", HOLD),
    _acts("held.release_all", "held.release_all", HOLD),
    _acts("held.edit", "held.edit", HOLD),
    _acts("held.drop", "held.drop", HOLD),
    _acts("fault.inject", "held.inject", HOLD, footer=7),
    _acts("fault.rules", "held.list_rules", HOLD),

    _acts("clock.step", "simulation.step_clock", CLOCK),
    _acts("clock.freeze", "simulation.freeze_clock", CLOCK),

    _key("filter", "slash", "find.filter", LOOK, label="filter", footer=9,
         help="filter the focused list, such as client:aws* & status>=400; esc there clears"),
    _key("sort.right", "greater_than_sign", "order.sort(1)", LOOK, label="sort by the next column", short="sort",
         help="sort the list by its next column; nothing moves until pressed again, esc ends", where=ALL_LISTS),
    _key("sort.left", "less_than_sign", "order.sort(-1)", LOOK, label="sort by the column before", short="sort",
         help="sort it by the column before; beyond both ends is the list's own order", where=ALL_LISTS),
    _key("sort.reverse", "S", "order.reverse", LOOK, label="sort the other way", short="reverse",
         help="sort it anew by the same column, the other way round", where=ALL_LISTS),
    _key("jump", "right_square_bracket", "find.jump", LOOK, label="jump",
         help="from a request to its device code, from a device code to its client"),
    _key("jump.back", "left_square_bracket", "find.jump_back", LOOK, label="jump back", short="back",
         help="to where the last jump came from"),

    _key("inspect", "enter", "panels.inspect", LOOK, label="inspect", where=ALL_LISTS, footer=10,
         help="inspect the selected row: focus panel 4, in a narrow window on the whole screen"),
    _key("back", "escape", "panels.back", LOOK, label="back", where=IN_INSPECTOR, footer=11, is_in_palette=False,
         help="go back to the list, or to all panels"),
    _key("inspect.tab", "right", "inspect.turn(1)", LOOK, label="next view", short="view", where=IN_INSPECTOR, footer=12,
         help="next view of the inspector: timeline, request, response, curl, next answer"),
    _key("inspect.tab_back", "left", "inspect.turn(-1)", LOOK, label="previous view", short="view", where=IN_INSPECTOR,
         help="the view before", is_in_palette=False),
    _key("follow", "f", "order.follow", LOOK, label="follow", where=IN_REQUESTS, footer=12,
         help="stay at the newest request, or stop"),
    _key("zoom", "z", "panels.zoom", LOOK, label="zoom", footer=30,
         help="give the focused panel the whole window, or put it back"),
    _key("copy.code", "y", "inspect.copy_code", COPY, label="copy code", short="copy", where=ON_A_ROW, footer=14,
         help="copy the user code; on the empty screen, the shell lines"),
    _key("copy.curl", "Y", "inspect.copy_curl", COPY, label="copy as curl", short="curl", where=ON_A_ROW, footer=20,
         help="copy the request as curl, secrets cut; press it again for the secrets"),
    _key("open.page", "o", "inspect.open_page", COPY, label="open page", short="page", where=ON_A_ROW,
         help="open the code's verification page in the browser"),
    _key("inspect.fold", "c", "inspect.fold", LOOK, label="fold JSON", short="fold", where=IN_INSPECTOR,
         help="in the inspector, fold what lies in the members of JSON, or unfold it"),
    _key("qr", "Q", "inspect.show_qr", LOOK, label="QR code", short="QR", where=ON_A_ROW,
         help="show the code's verification page as a QR code, as large as the window allows"),
    _key("copy.json", "J", "inspect.copy_json", COPY, label="copy as JSON", short="JSON", where=ON_A_ROW,
         help="copy request and response as JSON, secrets cut; press it again for the secrets"),
    _acts("evidence", "inspect.write_evidence", COPY),

    *(_key(f"panel.{panel.widget_id}", str(panel.value), f"panels.go_to({panel.value})", PANELS, label=panel.title.lower(),
           help=f"go to {panel.title}") for panel in Panel),
    _key("panel.next", "tab", "panels.go_round(1)", PANELS, label="next panel", short="next", is_in_palette=False,
         help="go to the next panel that is shown"),
    _key("panel.previous", "shift+tab", "panels.go_round(-1)", PANELS, label="previous panel", short="previous",
         help="go to the one before", is_in_palette=False),
    *(_key(f"{holder}.{name}", keys, action, MOVE, shown=shown or shown_keys(keys), label=text, help=text,
           where=where, holder=holder, is_in_palette=False)
      for holder, where in ((Holder.LIST, ALL_LISTS), (Holder.PAGE, IN_INSPECTOR))
      for name, keys, shown, action, text in (
          ("up", "up,k", "", "move(-1)", "one row up"),
          ("down", "down,j", "", "move(1)", "one row down"),
          ("page_up", "pageup", "page up", "page(-1)", "one page up"),
          ("page_down", "pagedown", "page down", "page(1)", "one page down"),
          ("start", "home,g", "", "start", "to the first row"),
          ("end", "end,G", "", "end", "to the last row; in Requests, follow"),
      )),

    _acts("demo", "simulation.demo", PROGRAM),
    _acts("reset", "simulation.reset", PROGRAM),
    _key("help", "question_mark", "help", PROGRAM, label="help", help="show every key", footer=0),
    _key("palette", "ctrl+p", "command_palette", PROGRAM, label="palette", holder=Holder.APP, footer=40,
         help="find an action by its name, or choose another theme", is_in_palette=False, is_priority=True),
    _key("quit", "q", "app.quit", PROGRAM, shown="q ^q", label="quit", footer=13,
         help="stop the server and leave"),
)
"""In the order of the help."""
# fmt: on
UNDO = next(key for key in KEYS if key.id == "device.undo")
"""The key that the hint line offers."""


def _without_keys() -> Iterator[Key]:
    """Actions that share another's key, or are too seldom wanted to take one."""
    by_id = {key.id: key for key in KEYS}
    for row in ACTIONS:
        if row.at:
            key = by_id[row.at]
            named = replace(key, id=row.id, label=row.label, short=row.label, help=row.help)
            yield replace(named, keys="", footer=None, at=key.id)
    har = "copy request and response as an entry of an HTTP Archive, secrets cut"
    names = {"label": "copy as HAR entry", "short": "HAR", "help": har}
    yield _key("copy.har", "", "inspect.copy_har", COPY, **names, where=ON_A_ROW)


PALETTE_ONLY: tuple[Key, ...] = (*_without_keys(),)


def bindings(holder: Holder) -> list[Binding]:
    """The bindings that sit on a holder."""
    return [key.binding() for key in KEYS if key.holder is holder]


def help_keys() -> Iterator[tuple[Topic, list[Key]]]:
    """The table by topic, as the help shows it: what lists and pages share stands once."""
    shown = [key for key in KEYS if key.holder is not Holder.PAGE]
    for topic in Topic:
        yield topic, [key for key in shown if key.topic is topic]


def keys_markdown() -> str:
    """The table of ``docs/keys.md``."""
    lines = ["| key | what it does |", "|---|---|"]
    for _, keys in help_keys():
        lines += [f"| `{key.shown}` | {key.help} |" for key in keys]
    return "\n".join(lines) + "\n"
