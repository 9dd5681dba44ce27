"""How much of each thing is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """The size of a run; times are in seconds."""

    turns: int
    """How often the compared servers take turns."""
    turn_s: float
    """How long a turn's load lasts, a fifth of it warm-up."""
    keys: int
    """Key presses."""
    frames: int
    """Frames of the screen."""
    seen: int
    """Requests that the screen has seen before its frames are measured."""
    starts: int
    """Starts of each program."""
    settled: int
    """Requests after which memory must not grow any more."""
    requests: int
    """Requests that the long run lasts for."""
    held: int
    """Requests that are held at once."""
    releases: int
    """How often they are held and released."""


FULL = Effort(
    turns=7,
    turn_s=2.5,
    keys=150,
    frames=100,
    seen=100_000,
    starts=11,
    settled=200_000,
    requests=1_000_000,
    held=10_000,
    releases=3,
)
QUICK = Effort(
    turns=3,
    turn_s=0.8,
    keys=20,
    frames=20,
    seen=100_000,
    starts=3,
    settled=15_000,
    requests=30_000,
    held=1_000,
    releases=1,
)
