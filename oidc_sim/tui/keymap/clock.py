"""Keys of simulated time."""

from oidc_sim.tui.keymap.acting import key_of
from oidc_sim.tui.keymap.key import Key, Topic

CLOCK: tuple[Key, ...] = (
    key_of("clock.step", "step_clock", Topic.CLOCK),
    key_of("clock.freeze", "freeze_clock", Topic.CLOCK),
)
