"""Keys that decide about a device code or browser sign-in."""

from collections.abc import Iterator

from oidc_sim.actions import DEVICE_ACTIONS
from oidc_sim.tui.keymap.key import ANYWHERE, ON_A_ROW, Key, Topic

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
    "expire": (
        "expire",
        "expire",
        "let it expire: the next poll gets expired_token, a client's invalid_client",
    ),
    "slow-down": ("slow-down", "slow", "slow it down: one poll gets slow_down, interval +5 s"),
    "undo": ("undo", "undo", "take back its last deed, else your last one, until it is collected"),
}

_ON_CLIENTS_TOO = {"expire", "undo"}


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
            where=ANYWHERE if action.name in _ON_CLIENTS_TOO else ON_A_ROW,
            footer=rank + 1,
        )


DECIDE: tuple[Key, ...] = (
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
)
