"""Keys of the whole simulation: the demo clients, and the way back to nothing."""

from oidc_sim.tui.keymap.acting import key_of
from oidc_sim.tui.keymap.key import Key, Topic

DEMO: tuple[Key, ...] = (
    key_of("demo", "demo", Topic.PROGRAM),
    key_of("reset", "reset", Topic.PROGRAM),
)
