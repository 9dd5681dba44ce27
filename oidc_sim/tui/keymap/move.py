"""Keys that go from panel to panel and from row to row."""

from oidc_sim.tui.keymap.key import ALL_LISTS, IN_INSPECTOR, Holder, Key, Topic
from oidc_sim.tui.panels import Panel

MOVE: tuple[Key, ...] = (
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
            where=ALL_LISTS if holder is Holder.LIST else IN_INSPECTOR,
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
)
