"""Keys that find rows."""

from oidc_sim.tui.keymap.key import ALL_LISTS, Key, Topic

FIND: tuple[Key, ...] = (
    Key(
        id="filter",
        keys="slash",
        shown="/",
        action="filter",
        label="filter",
        short="filter",
        help="filter the focused list, such as client:aws* & status>=400; esc there clears",
        topic=Topic.LOOK,
        footer=9,
    ),
    *(
        Key(
            id=id_,
            keys=keys,
            shown=shown,
            action=action,
            label=label,
            short=short,
            help=text,
            topic=Topic.LOOK,
            where=ALL_LISTS,
        )
        for id_, keys, shown, action, label, short, text in (
            (
                "sort.right",
                "greater_than_sign",
                ">",
                "sort(1)",
                "sort by the next column",
                "sort",
                "sort the list by its next column; nothing moves until pressed again, esc ends",
            ),
            (
                "sort.left",
                "less_than_sign",
                "<",
                "sort(-1)",
                "sort by the column before",
                "sort",
                "sort it by the column before; beyond both ends is the list's own order",
            ),
            (
                "sort.reverse",
                "S,shift+s",
                "S",
                "sort_reverse",
                "sort the other way",
                "reverse",
                "sort it anew by the same column, the other way round",
            ),
        )
    ),
    Key(
        id="jump",
        keys="right_square_bracket",
        shown="]",
        action="jump",
        label="jump",
        short="jump",
        help="from a request to its device code, from a device code to its client",
        topic=Topic.LOOK,
    ),
    Key(
        id="jump.back",
        keys="left_square_bracket",
        shown="[",
        action="jump_back",
        label="jump back",
        short="back",
        help="to where the last jump came from",
        topic=Topic.LOOK,
    ),
)
