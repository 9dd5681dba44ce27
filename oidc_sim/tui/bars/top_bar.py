"""The first line (address, counts, rate, loud words), and the card that a window too small gets."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from urllib.parse import urlsplit

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from oidc_sim.tui.bars.bar import Bar, cut_to, width_of
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.panels import LEAST_COLUMNS, LEAST_ROWS, Window

Part = tuple[Printable, str]
_AND: Part = (printable(" "), "")
_BETWEEN: Part = (printable(" │ "), "dim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The numbers and states that the bar shows."""

    url: str
    up: Printable
    """Time that the server has run."""
    clients: int
    pending: int
    rate: float
    """Requests per second."""
    sparkline: Printable
    seed: int | None
    clock: Printable
    """Distance of simulated time from real time; empty when there is none."""
    is_frozen: bool = False
    held: int = 0
    """Requests that wait for a decision."""
    rules: int = 0
    """Active holds and faults."""
    auto_approves: bool = False
    releasing: int = 0
    """Requests that were let go and have not got away yet; thousands take a while."""
    is_saved: bool = True
    """False when what happens should outlive the process, and does not."""


class TopBar(Bar):
    """Says less in a narrow window, but never leaves a loud word out."""

    def tell(self, totals: Totals) -> None:
        """Show these totals in as many words as there is room for."""
        short = _groups(totals, is_long=False)
        ways = [_groups(totals, is_long=True), short, short[:2], short[:1]]
        laid_out = [_laid_out(groups, _loud(totals)) for groups in ways]
        fitting = (parts for parts in laid_out if width_of(parts) < self.size.width)
        self.say(next(fitting, laid_out[-1]))


def _groups(totals: Totals, *, is_long: bool) -> list[list[Part]]:
    """Address, counts and rate; the first to stay comes first."""
    port = urlsplit(totals.url).port
    address = totals.url if is_long else f":{port}"
    name = [
        (printable(" oidc-sim "), "bold"),
        (printable("● "), "$role-good"),
        (printable(address), "bold" if is_long else ""),
    ]
    if is_long:
        name.append((printable(f"   up {totals.up}"), "dim"))
    clients = f"{totals.clients:,} client{'' if totals.clients == 1 else 's'}"
    count = [
        (printable(f"{clients}{'  ' if is_long else ' '}"), ""),
        (printable(f"{totals.pending:,} pending"), "bold $role-pending" if totals.pending else ""),
    ]
    unit = " req/s " if is_long else "/s "
    rate = [(printable(f"{totals.rate:,.1f}{unit}"), ""), (totals.sparkline, "$text-primary")]
    return [name, count, rate]


def _loud(totals: Totals) -> list[Part]:
    """The loud words, the most important first: at the very edge it would be cut last."""
    words = (
        f"HELD {totals.held:,}" if totals.held else "",
        _count(totals.rules, "rule"),
        "FROZEN" if totals.is_frozen else "",
        totals.clock,
        "AUTO-APPROVE" if totals.auto_approves else "",
        "" if totals.is_saved else "NOT SAVED",
        f"RELEASING {totals.releasing:,}" if totals.releasing else "",
        "" if totals.seed is None else f"SEED {totals.seed}",
    )
    return [(printable(f" {word} "), "bold reverse") for word in words if word]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else ""


def _laid_out(groups: Sequence[list[Part]], loud: Sequence[Part]) -> list[Part]:
    parts = list(groups[0])
    for group in groups[1:]:
        parts += [_BETWEEN, *group]
    for place, word in enumerate(loud):
        parts += [_AND if place else _BETWEEN, word]
    return parts


WINDOW_S = 10
"""Seconds that the sparkline shows, a bar each."""
RATE_OVER_S = 3
"""Seconds that the rate is taken over: short enough to follow, long enough not to jump."""
BARS = "▁▂▃▄▅▆▇█"
_STEPS = len(BARS) - 1


class Traffic:
    """Remembers what a counter said at the end of each of the last seconds."""

    def __init__(self, tick: float, seen: int = 0) -> None:
        self._second = math.floor(tick)
        self._ends: deque[int] = deque([seen], maxlen=WINDOW_S + 1)
        """The counter at the end of each second that is over, oldest first."""

    def note(self, tick: float, seen: int) -> bool:
        """Take what the counter says at this tick (seconds); returns whether a second is over."""
        second = math.floor(tick)
        passed = second - self._second
        if passed <= 0:
            return False
        # After a stall the whole growth goes to the last of the seconds that nobody looked at.
        self._ends.extend([self._ends[-1]] * min(passed - 1, WINDOW_S))
        self._ends.append(seen)
        self._second = second
        return True

    def per_second(self) -> tuple[int, ...]:
        """Requests in each of the last seconds, oldest first; fewer than ten at the start."""
        ends = tuple(self._ends)
        return tuple(after - before for before, after in pairwise(ends))

    @property
    def rate(self) -> float:
        """Requests per second, over the last few."""
        latest = self.per_second()[-RATE_OVER_S:]
        return sum(latest) / len(latest) if latest else 0.0

    def sparkline(self) -> Printable:
        """Ten cells, the newest at the right; the highest bar is the window's maximum.

        A few requests a second are one step each, so that a calm server looks calm.
        """
        counts = self.per_second()
        scale = max(max(counts, default=0), _STEPS)
        bars = "".join(BARS[math.ceil(count * _STEPS / scale)] for count in counts)
        return printable(bars.rjust(WINDOW_S, BARS[0]))


_FRAME = 4
"""Cells of a line that the border and its padding take."""
_EDGES = 2
"""Lines that the border takes."""
_ENOUGH = f"{LEAST_COLUMNS}x{LEAST_ROWS + 1} or {LEAST_COLUMNS + 1}x{LEAST_ROWS}"
"""The smallest windows that are not too small (``Window.is_too_small``)."""
_CODE = len("WXYZ-WXYZ")
"""Cells of a user code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The content of the card."""

    window: Window
    url: str
    pending: int
    selected: tuple[Printable, ...]
    """The row that keys act on, so that no key acts on something out of sight; the fullest first.

    Empty where there is none.
    """
    hint: Printable


def can_name_code(window: Window) -> bool:
    """Whether the card has room for a user code; where it has not, nobody sees what keys act on."""
    return window.width - _FRAME >= _CODE and window.height > _EDGES


class TooSmall(Static):
    """Says what is missing; the server runs on, and so do the keys."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; border: round $panel-line; padding: 0 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id, markup=False)
        self.border_title = Content("oidc-sim")

    def tell(self, card: Card) -> None:
        """Show what the card says, what keys act on and what they did before all else."""
        room = max(1, card.window.width - _FRAME)
        self.update(Content("\n".join(cut_to(line, room) for line in _lines(card, room) if line)))


def _lines(card: Card, room: int) -> Iterator[Printable]:
    yield next((form for form in card.selected if cell_len(form) <= room), printable(""))
    for part in wrap(card.hint, room, break_on_hyphens=False):  # a user code has one in it
        yield printable(part)
    size = f"{card.window.width}x{card.window.height}"
    yield printable(f"Terminal is {size}; needs {_ENOUGH}.")
    yield printable(f"Server keeps running on :{urlsplit(card.url).port}.")
    yield printable(f"{card.pending:,} pending.")
