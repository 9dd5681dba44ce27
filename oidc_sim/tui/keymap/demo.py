"""The key of the demo clients."""

from oidc_sim.tui.keymap.key import Key, Topic

DEMO: tuple[Key, ...] = (
    Key(
        id="demo",
        keys="D,shift+d",
        shown="D",
        action="demo",
        label="demo",
        short="demo",
        help="run a demo client at this server, or stop those that run",
        topic=Topic.PROGRAM,
    ),
)
