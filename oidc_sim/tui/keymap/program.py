"""Keys of the program itself."""

from oidc_sim.tui.keymap.key import Holder, Key, Topic

PROGRAM: tuple[Key, ...] = (
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
