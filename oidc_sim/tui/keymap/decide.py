"""Keys that decide about a device code or browser sign-in."""

from oidc_sim.tui.keymap.acting import key_of
from oidc_sim.tui.keymap.key import ON_A_ROW, Key, Topic

DECIDE: tuple[Key, ...] = (
    key_of("device.approve", "decide('approve')", Topic.DECIDE, where=ON_A_ROW, footer=1),
    key_of("device.deny", "decide('deny')", Topic.DECIDE, where=ON_A_ROW, footer=2),
    key_of("device.expire", "decide('expire')", Topic.DECIDE, footer=3),
    key_of("device.slow_down", "decide('slow-down')", Topic.DECIDE, where=ON_A_ROW, footer=4),
    key_of("device.undo", "undo", Topic.DECIDE, footer=5),
    key_of("approve_all", "approve_all", Topic.DECIDE),
    key_of("auto_approve", "auto_approve", Topic.DECIDE),
)
