"""Keys of simulated time."""

from oidc_sim.tui.keymap.key import Key, Topic

CLOCK: tuple[Key, ...] = (
    Key(
        id="clock.step",
        keys="t",
        shown="t",
        action="step_clock",
        label="step clock",
        short="clock",
        help="let the clock jump, by a minute to 90 days: codes, tokens, sessions and registrations age",
        topic=Topic.CLOCK,
    ),
    Key(
        id="clock.freeze",
        keys="T,shift+t",
        shown="T",
        action="freeze_clock",
        label="freeze clock",
        short="freeze",
        help="stop the clock, or let it go on; how clients keep pace is judged by real time",
        topic=Topic.CLOCK,
    ),
)
