"""Keys that hold requests, one by one."""

from oidc_sim.tui.keymap.key import ANYWHERE, Key, Topic

HOLD: tuple[Key, ...] = (
    Key(
        id="hold.toggle",
        keys="space",
        shown="space",
        action="hold",
        label="hold",
        short="hold",
        help="hold the next request of the selected code or client; again: let it go",
        topic=Topic.HOLD,
        where=ANYWHERE,
        footer=6,
    ),
    Key(
        id="hold.all",
        keys="H,shift+h",
        shown="H",
        action="hold_all",
        label="hold all",
        short="hold all",
        help="hold every request of one kind, or all, whoever sends them",
        topic=Topic.HOLD,
    ),
    Key(
        id="held.release",
        keys="r",
        shown="r",
        action="release",
        label="release",
        short="release",
        help="let the selected held request go; a d e s answer it alone",
        topic=Topic.HOLD,
    ),
    Key(
        id="held.release_all",
        keys="R,shift+r",
        shown="R",
        action="release_all",
        label="release all",
        short="release all",
        help="let every held request go",
        topic=Topic.HOLD,
    ),
    Key(
        id="held.drop",
        keys="x",
        shown="x",
        action="drop",
        label="drop",
        short="drop",
        help="close the selected held request's connection without an answer",
        topic=Topic.HOLD,
    ),
)
