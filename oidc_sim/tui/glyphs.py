"""What a state looks like: glyph and word and role, never colour alone.

Every glyph takes one cell and is not wide in any terminal (the hourglass and the
warning sign are, so they are not here). ``ASCII`` stands in for all of them under ``--ascii``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from oidc_sim.tui.cells import ELLIPSIS, Printable


class Role(StrEnum):
    """What a colour means; ``theme`` gives each of the five its colour."""

    PENDING = "pending"
    GOOD = "good"
    BAD = "bad"
    HELD = "held"
    FAULT = "fault"


class Look(StrEnum):
    """What the state column of a row can say; the value is the word that it shows."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    COLLECTED = "collected"
    HELD = "held"
    FAULTY = "faulty"

    @property
    def role(self) -> Role:
        """The colour's meaning."""
        return _ROLES[self]


_ROLES = MappingProxyType(
    {
        Look.PENDING: Role.PENDING,
        Look.APPROVED: Role.GOOD,
        Look.COLLECTED: Role.GOOD,
        Look.DENIED: Role.BAD,
        Look.EXPIRED: Role.BAD,
        Look.HELD: Role.HELD,
        Look.FAULTY: Role.FAULT,
    }
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs, each of them one cell wide."""

    signs: Mapping[Look, str]
    """The sign of each state; no two states share one."""
    cursor: str
    """Stands before the selected row."""
    ellipsis: str
    """Stands where a text was cut."""
    above: str
    """Stands before how many rows are hidden above."""
    bars: str
    """Bars from the lowest to the highest; the one in the middle is as high as it should be."""

    def label(self, look: Look) -> Printable:
        """Sign and word of a state, such as ``◷ pending``."""
        return Printable(f"{self.signs[look]} {look}")


UNICODE = Glyphs(
    signs=MappingProxyType(
        {
            Look.PENDING: "◷",
            Look.APPROVED: "✓",
            Look.DENIED: "✗",
            Look.EXPIRED: "×",  # noqa: RUF001 - a sign, not the letter
            Look.COLLECTED: "●",
            Look.HELD: "‖",
            Look.FAULTY: "↯",
        }
    ),
    cursor="▸",
    ellipsis=ELLIPSIS,
    above="↑",
    bars="▁▂▃▄▅▆▇█",
)

ASCII = Glyphs(
    signs=MappingProxyType(
        {
            Look.PENDING: "o",
            Look.APPROVED: "+",
            Look.DENIED: "-",
            Look.EXPIRED: "x",
            Look.COLLECTED: "*",
            Look.HELD: "=",
            Look.FAULTY: "!",
        }
    ),
    cursor=">",
    ellipsis="~",
    above="^",
    bars=".:-=#",
)
