"""Keys that find rows."""

from oidc_sim.tui.keymap.key import Key, Topic

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
