"""Every key, once: bindings, footer, help, command palette and the README are made from this table.

Keys change, action ids are for ever: a user's own keymap names them (``App.set_keymap``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding

from oidc_sim.actions import DEVICE_ACTIONS
from oidc_sim.tui.panels import LISTS, Panel

_ANYWHERE = frozenset(Panel)
_ON_A_ROW = frozenset({Panel.DEVICES, Panel.REQUESTS, Panel.INSPECTOR})
_LISTS = frozenset(LISTS)
_REQUESTS = frozenset({Panel.REQUESTS})
_INSPECTOR = frozenset({Panel.INSPECTOR})


class Topic(StrEnum):
    """The headings of the help."""

    DECIDE = "Decide about a device code"
    LOOK = "Look closer"
    COPY = "Copy and open"
    PANELS = "Panels"
    MOVE = "Move"
    PROGRAM = "Program"


class Holder(StrEnum):
    """What the binding sits on."""

    SCREEN = "screen"
    """The operator screen."""
    LIST = "list"
    """Each live list."""
    PAGE = "page"
    """The inspector's text and the help."""
    APP = "app"
    """The app, also above a dialog."""


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
    """What it does, in a sentence without a full stop."""
    topic: Topic
    where: frozenset[Panel] = _ANYWHERE
    """The panels in which it has something to act on; elsewhere it says why not."""
    holder: Holder = Holder.SCREEN
    footer: int | None = None
    """Its rank in the footer, the lowest first to be shown and last to be dropped."""
    is_in_palette: bool = True
    is_priority: bool = False

    def binding(self) -> Binding:
        """The binding; labels and help never come from Textual's own footer or panel."""
        return Binding(
            self.keys, self.action, self.label, show=False, id=self.id, priority=self.is_priority
        )


_DEED_LABELS = {
    "approve": (
        "approve",
        "approve",
        "approve it: the next poll gets the token, a browser goes back with a code",
    ),
    "deny": (
        "deny",
        "deny",
        "deny it: the next poll gets access_denied, a browser goes back with it",
    ),
    "expire": ("expire", "expire", "let it expire: the next poll gets expired_token"),
    "slow-down": ("slow-down", "slow", "slow it down: one poll gets slow_down, interval +5 s"),
    "undo": ("undo", "undo", "take back its last deed, else your last one, until it is collected"),
}


def _deeds() -> Iterator[Key]:
    for rank, action in enumerate(DEVICE_ACTIONS):
        label, short, text = _DEED_LABELS[action.name]
        is_undo = action.name == "undo"
        yield Key(
            id=f"device.{action.name.replace('-', '_')}",
            keys=action.key,
            shown=action.key,
            action="undo" if is_undo else f"decide('{action.name}')",
            label=label,
            short=short,
            help=text,
            topic=Topic.DECIDE,
            where=_ANYWHERE if is_undo else _ON_A_ROW,
            footer=rank + 1,
        )


KEYS: tuple[Key, ...] = (
    *_deeds(),
    Key(
        id="auto_approve",
        keys="P,shift+p",
        shown="P",
        action="auto_approve",
        label="auto-approve",
        short="auto",
        help="approve every sign-in by itself, waiting ones too, until pressed again",
        topic=Topic.DECIDE,
    ),
    Key(
        id="inspect",
        keys="enter",
        shown="↵",
        action="inspect",
        label="inspect",
        short="inspect",
        help="inspect the selected row: focus panel 4, in a narrow window on the whole screen",
        topic=Topic.LOOK,
        where=_LISTS,
        footer=10,
    ),
    Key(
        id="back",
        keys="escape",
        shown="esc",
        action="back",
        label="back",
        short="back",
        help="go back to the list, or to all panels",
        topic=Topic.LOOK,
        where=_INSPECTOR,
        footer=11,
        is_in_palette=False,
    ),
    Key(
        id="inspect.tab",
        keys="right",
        shown="→",
        action="inspect_tab(1)",
        label="next view",
        short="view",
        help="next view of the inspector: timeline, request, response, curl",
        topic=Topic.LOOK,
        where=_INSPECTOR,
        footer=12,
    ),
    Key(
        id="inspect.tab_back",
        keys="left",
        shown="←",
        action="inspect_tab(-1)",
        label="previous view",
        short="view",
        help="the view before",
        topic=Topic.LOOK,
        where=_INSPECTOR,
        is_in_palette=False,
    ),
    Key(
        id="follow",
        keys="f",
        shown="f",
        action="follow",
        label="follow",
        short="follow",
        help="stay at the newest request, or stop",
        topic=Topic.LOOK,
        where=_REQUESTS,
        footer=12,
    ),
    Key(
        id="zoom",
        keys="z",
        shown="z",
        action="zoom",
        label="zoom",
        short="zoom",
        help="give the focused panel the whole window, or put it back",
        topic=Topic.LOOK,
        footer=30,
    ),
    Key(
        id="copy.code",
        keys="y",
        shown="y",
        action="copy_code",
        label="copy code",
        short="copy",
        help="copy the user code; on the empty screen, the shell lines",
        topic=Topic.COPY,
        where=_ON_A_ROW,
        footer=14,
    ),
    Key(
        id="copy.curl",
        keys="Y,shift+y",
        shown="Y",
        action="copy_curl",
        label="copy as curl",
        short="curl",
        help="copy the request as curl, secrets cut; press it again for the secrets",
        topic=Topic.COPY,
        where=_ON_A_ROW,
        footer=20,
    ),
    Key(
        id="open.page",
        keys="o",
        shown="o",
        action="open_page",
        label="open page",
        short="page",
        help="open the code's verification page in the browser",
        topic=Topic.COPY,
        where=_ON_A_ROW,
    ),
    *(
        Key(
            id=f"panel.{panel.widget_id}",
            keys=str(panel.value),
            shown=str(panel.value),
            action=f"panel({panel.value})",
            label=panel.title.lower(),
            short=panel.title.lower(),
            help=f"go to {panel.title}",
            topic=Topic.PANELS,
        )
        for panel in Panel
    ),
    Key(
        id="panel.next",
        keys="tab",
        shown="tab",
        action="next_panel(1)",
        label="next panel",
        short="next",
        help="go to the next panel that is shown",
        topic=Topic.PANELS,
        is_in_palette=False,
    ),
    Key(
        id="panel.previous",
        keys="shift+tab",
        shown="shift+tab",
        action="next_panel(-1)",
        label="previous panel",
        short="previous",
        help="go to the one before",
        topic=Topic.PANELS,
        is_in_palette=False,
    ),
    *(
        Key(
            id=f"{holder}.{name}",
            keys=keys,
            shown=shown,
            action=action,
            label=text,
            short=text,
            help=text,
            topic=Topic.MOVE,
            where=_LISTS if holder is Holder.LIST else _INSPECTOR,
            holder=holder,
            is_in_palette=False,
        )
        for holder in (Holder.LIST, Holder.PAGE)
        for name, keys, shown, action, text in (
            ("up", "up,k", "↑ k", "move(-1)", "one row up"),
            ("down", "down,j", "↓ j", "move(1)", "one row down"),
            ("page_up", "pageup", "page up", "page(-1)", "one page up"),
            ("page_down", "pagedown", "page down", "page(1)", "one page down"),
            ("start", "home,g", "home g", "start", "to the first row"),
            ("end", "end,G,shift+g", "end G", "end", "to the last row; in Requests, follow"),
        )
    ),
    Key(
        id="help",
        keys="question_mark",
        shown="?",
        action="help",
        label="help",
        short="help",
        help="show every key",
        topic=Topic.PROGRAM,
        footer=0,
    ),
    Key(
        id="palette",
        keys="ctrl+p",
        shown="^p",
        action="command_palette",
        label="palette",
        short="palette",
        help="find an action by its name, or choose another theme",
        topic=Topic.PROGRAM,
        holder=Holder.APP,
        footer=40,
        is_in_palette=False,
        is_priority=True,
    ),
    Key(
        id="quit",
        keys="q",
        shown="q ^q",
        action="app.quit",
        label="quit",
        short="quit",
        help="stop the server and leave",
        topic=Topic.PROGRAM,
        footer=13,
    ),
)
"""In the order of the help."""


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
