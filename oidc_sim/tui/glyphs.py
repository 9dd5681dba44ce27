"""The look of states, instants and spans: glyph and word and role, never colour alone.

Every glyph takes one cell and is not wide in any terminal (the hourglass and the warning sign are, so
they are not here). ``ASCII`` stands in for all of them under ``--ascii``. Times come in in seconds.

Styles name roles (``$role-pending``), never colours, so a theme change, a light theme and an ``ansi``
theme need no line here. A theme may set a role's variable itself.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from textual.app import App

from oidc_sim.tui.cells import ELLIPSIS, Printable, printable


class Role(StrEnum):
    """Meaning of a colour; the theme gives each of the five its colour."""

    PENDING = "pending"
    GOOD = "good"
    BAD = "bad"
    HELD = "held"
    FAULT = "fault"


class Look(StrEnum):
    """Look of a row's state; the value is the word that it shows."""

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


_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S
_TENTHS_BELOW_S = 10
_SPOKEN = {"s": "s", "m": "min", "h": "h", "d": "d"}


def clock(at: float) -> Printable:
    """Time of day in the operator's zone, such as ``12:41:09``; ``at`` is seconds since 1970."""
    return printable(time.strftime("%H:%M:%S", time.localtime(at)))


def fine_clock(at: float) -> Printable:
    """Time of day with milliseconds, ``12:41:09.377``."""
    return printable(f"{clock(at)}.{int(at * 1000) % 1000:03}")


def day(at: float) -> Printable:
    """A date and a time, ``2026-11-24 12:41``."""
    return printable(time.strftime("%Y-%m-%d %H:%M", time.localtime(at)))


def time_left(left_s: float) -> Printable:
    """A countdown, ``9:41`` or ``1:00:00``: rounded up, so that ``0:00`` means over."""
    whole = max(0, math.ceil(left_s))
    minutes, seconds = divmod(whole, _MINUTE_S)
    if whole < _HOUR_S:
        return printable(f"{minutes}:{seconds:02}")
    hours, minutes = divmod(minutes, _MINUTE_S)
    return printable(f"{hours}:{minutes:02}:{seconds:02}")


def running_time(span_s: float) -> Printable:
    """A time passed, as ``time_left`` writes it but rounded down."""
    return time_left(math.floor(max(0.0, span_s)))


def clock_word(offset_s: float, *, is_off: bool) -> Printable:
    """Distance of simulated time from real time, ``clock +8h``; empty when there is none."""
    whole = round(offset_s)
    if not is_off or not whole:
        return printable("")
    return printable(f"clock {'-' if whole < 0 else '+'}{_rounded_age(abs(whole))}")


def _rounded_age(whole_s: int) -> str:
    """To the nearest of its largest unit: 599 seconds are ten minutes."""
    for unit, size_s in (("d", _DAY_S), ("h", _HOUR_S), ("m", _MINUTE_S)):
        if round(whole_s / size_s, 1) >= 1:
            return f"{round(whole_s / size_s)}{unit}"
    return f"{whole_s}s"


def age(span_s: float) -> Printable:
    """A span in its largest unit, such as ``31s``, ``12m``, ``2h`` or ``90d``."""
    whole = max(0, int(span_s))
    for unit, size_s in (("d", _DAY_S), ("h", _HOUR_S), ("m", _MINUTE_S)):
        if whole >= size_s:
            return printable(f"{whole // size_s}{unit}")
    return printable(f"{whole}s")


def ago(span_s: float) -> Printable:
    """Time since something: ``now`` below a second, else such as ``31s ago``."""
    return printable("now" if span_s < 1 else f"{age(span_s)} ago")


def spoken_ago(span_s: float) -> Printable:
    """Time since something, in a sentence: ``just now``, ``3 s ago``, ``2 min ago``."""
    return printable("just now" if span_s < 1 else f"{spoken_span(span_s)} ago")


def spoken_span(span_s: float) -> Printable:
    """A span in a sentence: ``25 s``, ``2 min``."""
    shown = age(span_s)
    return printable(f"{shown[:-1]} {_SPOKEN[shown[-1]]}")


def seconds(span_s: float) -> Printable:
    """A pace: tenths below ten seconds (``0.3s``), whole seconds above (``12s``)."""
    return printable(f"{span_s:.1f}s" if round(span_s, 1) < _TENTHS_BELOW_S else f"{span_s:.0f}s")


def milliseconds(span_s: float) -> Printable:
    """A duration in thousandths: ``0.3`` below ten, whole above."""
    span_ms = span_s * 1000
    return printable(f"{span_ms:.1f}" if round(span_ms, 1) < _TENTHS_BELOW_S else f"{span_ms:,.0f}")


_TAKEN_FROM: Mapping[Role, str] = MappingProxyType(
    {
        Role.PENDING: "text-warning",
        Role.GOOD: "text-success",
        Role.BAD: "text-error",
        Role.HELD: "text-primary",
        Role.FAULT: "text-accent",
    }
)
"""Textual's ``text-…`` variables are the ones made to be read on a surface."""


_LINES: Mapping[str, str] = MappingProxyType(
    {"panel-line": "foreground-muted", "panel-line-focused": "text-primary"}
)
"""The lines around the panels."""


def variable_of(role: Role) -> str:
    """The name of the style variable that has a role's colour, without the ``$``."""
    return f"role-{role}"


def role_variables(theme: Mapping[str, str]) -> dict[str, str]:
    """A colour for each role and for the panels' lines, from a theme's variables."""
    sources = {variable_of(role): source for role, source in _TAKEN_FROM.items()}
    sources.update(_LINES)
    return {name: theme.get(name, theme[source]) for name, source in sources.items()}


class ThemedApp(App[None]):
    """An app in whose styles and content each role is a variable."""

    CSS = """
    OptionList > .option-list--option-highlighted,
    OptionList:focus > .option-list--option-highlighted {
        color: $surface; background: $foreground; text-style: bold;
    }
    """
    """A chosen row is seen where there are two colours, as in our own lists; Textual's
    list does not know ``reverse``."""

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables and a role's colour each."""
        variables = super().get_css_variables()
        # In place: Textual keeps this very mapping for `$…` in Content.
        variables.update(role_variables(variables))
        return variables
