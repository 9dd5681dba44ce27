"""Keys of the table of actions (``oidc_sim.actions.table``): what the screen adds to its rows."""

from collections.abc import Iterator

from oidc_sim.actions.table import ACTIONS, ACTIONS_BY_ID
from oidc_sim.tui.keymap.key import ANYWHERE, Key, Topic
from oidc_sim.tui.panels import Panel


def key_of(
    id_: str,
    action: str,
    topic: Topic,
    *,
    where: frozenset[Panel] = ANYWHERE,
    footer: int | None = None,
) -> Key:
    """The key of an action.

    Args:
        id_: The action's.
        action: Textual's action on the operator screen.
        topic: The heading of the help.
        where: The panels in which it has something to act on.
        footer: Its rank in the footer.
    """
    row = ACTIONS_BY_ID[id_]
    return Key(
        id=id_,
        keys=f"{row.key},shift+{row.key.lower()}" if row.key.isupper() else row.key,
        shown=row.key,
        action=action,
        label=row.label,
        short=row.short or row.label,
        help=row.help,
        topic=topic,
        where=where,
        footer=footer,
    )


def keys_at(keys: tuple[Key, ...]) -> Iterator[Key]:
    """What the same keys do elsewhere, such as to a held request: for the palette alone."""
    by_id = {key.id: key for key in keys}
    for row in ACTIONS:
        if row.at:
            key = by_id[row.at]
            yield Key(
                id=row.id,
                keys="",
                shown=key.shown,
                action=key.action,
                label=row.label,
                short=row.label,
                help=row.help,
                topic=key.topic,
                where=key.where,
                at=key.id,
            )
