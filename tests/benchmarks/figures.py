"""What a benchmark reports: one figure with its target, and how a list of them is printed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

_DIGITS = 3


class Bound(Enum):
    """On which side of the target the figure has to be."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    """A word for programs."""
    what: str
    """A phrase for people."""
    measured: float
    bound: Bound
    target: float
    unit: str = ""
    """Empty for a ratio."""
    doubt: str = ""
    """Why the figure is not to be trusted; empty when it is."""
    raw: Mapping[str, Any] = field(default_factory=dict)
    """The numbers that it was made from."""

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        if self.bound is Bound.AT_LEAST:
            return self.measured >= self.target
        return self.measured <= self.target

    @property
    def is_a_time(self) -> bool:
        """Whether it is measured by the clock alone, and so grows with whatever else runs."""
        return self.unit in {"s", "ms"}

    def to_json(self) -> str:
        """The figure as one line for programs."""
        members = {
            "name": self.name,
            "measured": round(self.measured, _DIGITS),
            "bound": self.bound.value,
            "target": self.target,
            "unit": self.unit,
            "met": self.is_met,
            "doubt": self.doubt,
            "raw": self.raw,
        }
        return json.dumps(members, ensure_ascii=False)


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """The lines of the table, columns aligned."""
    rows = [("", "target", "measured", ""), *map(_row, figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    for what, target, measured, verdict in rows:
        line = f"{what:<{widths[0]}}  {target:>{widths[1]}}  {measured:>{widths[2]}}  {verdict}"
        yield line.rstrip()


def _row(figure: Figure) -> tuple[str, str, str, str]:
    verdict = "met" if figure.is_met else "MISSED"
    return (
        figure.what,
        f"{figure.bound.value} {_number(figure.target)}{_unit(figure)}",
        f"{_number(figure.measured)}{_unit(figure)}",
        f"{verdict}; {figure.doubt}" if figure.doubt else verdict,
    )


def _number(value: float) -> str:
    """In a few digits, without an exponent."""
    return f"{value:,.0f}" if value >= 10**_DIGITS else f"{value:.{_DIGITS}g}"


def _unit(figure: Figure) -> str:
    return f" {figure.unit}" if figure.unit else ""
