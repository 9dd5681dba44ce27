"""Keys that show and hand on what a client did."""

from oidc_sim.tui.keymap.acting import key_of
from oidc_sim.tui.keymap.key import IN_INSPECTOR, ON_A_ROW, Key, Topic

INSPECT: tuple[Key, ...] = (
    Key(
        id="inspect.fold",
        keys="c",
        shown="c",
        action="fold",
        label="fold JSON",
        short="fold",
        help="in the inspector, fold what lies in the members of JSON, or unfold it",
        topic=Topic.LOOK,
        where=IN_INSPECTOR,
    ),
    Key(
        id="qr",
        keys="Q,shift+q",
        shown="Q",
        action="show_qr",
        label="QR code",
        short="QR",
        help="show the code's verification page as a QR code, as large as the window allows",
        topic=Topic.LOOK,
        where=ON_A_ROW,
    ),
    Key(
        id="copy.json",
        keys="J,shift+j",
        shown="J",
        action="copy_json",
        label="copy as JSON",
        short="JSON",
        help="copy request and response as JSON, secrets cut; press it again for the secrets",
        topic=Topic.COPY,
        where=ON_A_ROW,
    ),
    key_of("evidence", "write_evidence", Topic.COPY),
)
WITHOUT_KEY: tuple[Key, ...] = (
    Key(
        id="copy.har",
        keys="",
        shown="",
        action="copy_har",
        label="copy as HAR entry",
        short="HAR",
        help="copy request and response as an entry of an HTTP Archive, secrets cut",
        topic=Topic.COPY,
        where=ON_A_ROW,
    ),
)
"""What is too seldom wanted to take a key."""
