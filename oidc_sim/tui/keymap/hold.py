"""Keys that hold requests, one by one, and inject faults."""

from oidc_sim.tui.keymap.acting import key_of
from oidc_sim.tui.keymap.key import Key, Topic

HOLD: tuple[Key, ...] = (
    key_of("hold.toggle", "hold", Topic.HOLD, footer=6),
    key_of("hold.all", "hold_all", Topic.HOLD),
    key_of("held.release", "release", Topic.HOLD),
    key_of("held.release_all", "release_all", Topic.HOLD),
    key_of("held.edit", "edit_held", Topic.HOLD),
    key_of("held.drop", "drop", Topic.HOLD),
    key_of("fault.inject", "inject", Topic.HOLD, footer=7),
    key_of("fault.rules", "rules", Topic.HOLD),
)
