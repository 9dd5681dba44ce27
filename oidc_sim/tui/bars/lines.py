"""Text for a page: lines of spans, wrapped to a width.

Which lines of a widget have to be painted again.

A name and a value on a line.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len, chop_cells
from textual.geometry import Region
from textual.widget import Widget

from oidc_sim.text.redact import redact_text
from oidc_sim.tui.cells import Printable, fit, joined, printable
from oidc_sim.tui.glyphs import Role


class Tone(StrEnum):
    """How a span looks, beside the five roles."""

    PLAIN = "plain"
    MUTED = "muted"
    STRONG = "strong"
    HEADING = "heading"
    CHOSEN = "chosen"
    """One of several, reversed so that it is seen without colour."""
    NAME = "name"
    """Of a member of JSON."""
    STRING = "string"
    NUMBER = "number"
    WORD = "word"
    """``true``, ``false`` or ``null``."""
    CODE = "code"
    """A QR code."""


class TonedText(NamedTuple):
    """A text in one tone."""

    text: Printable
    tone: Tone | Role = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was written; it may take several on the screen."""

    spans: tuple[TonedText, ...] = ()
    hang: int = 0
    """Cells that its second line and those after it begin with."""
    fill: Printable | None = None
    """Repeated to the right end, where there is room."""

    @property
    def text(self) -> Printable:
        """All of it, without tones."""
        return joined(*(span.text for span in self.spans))


BLANK = Line()
_WORDS = re.compile(" *[^ /?&,]*[/?&,]+| *[^ /?&,]+| +")
"""What is kept together where there is room: words, and the parts of an address."""


def line(*parts: Printable | TonedText, hang: int = 0) -> Line:
    """A line of plain texts and spans."""
    spans = tuple(part if isinstance(part, TonedText) else TonedText(part) for part in parts)
    return Line(spans, hang)


def rule(title: Printable, sign: Printable) -> Line:
    """A heading with a rule after it to the right end."""
    return Line((TonedText(title, Tone.HEADING), TonedText(printable(" "))), fill=sign)


def wrapped(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Each line as the lines of at most ``width`` cells that it takes, cut between words if it has any."""
    for one in lines:
        if cell_len(one.text) <= width:
            yield one if one.fill is None else _filled(one, one.fill, width)
        else:
            yield from _folded(one, max(1, width))


def _filled(one: Line, sign: Printable, width: int) -> Line:
    rest = Printable(sign * (width - cell_len(one.text)))
    return Line((*one.spans, TonedText(rest, Tone.MUTED)))


def _folded(one: Line, width: int) -> Iterator[Line]:
    hang = min(one.hang, width // 2)
    indent = TonedText(printable(" " * hang))
    room, row = width, list[TonedText]()
    for piece in _pieces(one.spans, width - hang):
        is_over = cell_len(piece.text) > room
        if is_over:
            yield Line(tuple(row))
            room, row = width - hang, [indent] if hang else []
        span = _without_blanks(piece) if is_over else piece
        row.append(span)
        room -= cell_len(span.text)
    yield Line(tuple(row))


def _without_blanks(span: TonedText) -> TonedText:
    """As it begins a line."""
    return span._replace(text=Printable(span.text.lstrip(" ")))


def _pieces(spans: Sequence[TonedText], room: int) -> Iterator[TonedText]:
    """Words with the blanks before them, none wider than a whole line."""
    for text, tone in spans:
        for word in _WORDS.findall(text):
            for piece in chop_cells(word, room) if cell_len(word) > room else (word,):
                yield TonedText(Printable(piece), tone)


class ChangedLines:
    """Remembers what each line of a widget showed, and repaints those that show something else.

    A poll changes one row of a list and one line of a timeline. Painting the whole widget for it
    sends four kilobytes to the terminal, ten times a second.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._shown: tuple[Hashable, ...] = ()

    def repaint(self, lines: Sequence[Hashable]) -> None:
        """Paint what is new; each line is given by anything that differs when its text does."""
        before, self._shown = self._shown, tuple(lines)
        width = self._widget.size.width
        regions = [
            Region(0, y, width, 1)
            for y, (old, new) in enumerate(zip_longest(before, self._shown))
            if old != new
        ]
        if regions:
            self._widget.refresh(*regions)


NAME_CELLS = 11
"""Cells for the name, the blanks after it included."""
MAX_STRANGER = 400
"""Characters of a name or a scope that are shown."""
_LOOKED_AT = 4096
"""Characters in which secrets are looked for: one that begins in those that are shown ends there."""
RULE = printable("┄")


def fact(name: str, *value: Printable | TonedText) -> Line:
    """One fact; a long value goes on under its beginning."""
    label = TonedText(fit(printable(name), NAME_CELLS), Tone.MUTED)
    return line(label, *value, hang=NAME_CELLS)


def plain(text: str) -> Line:
    """A sentence of our own."""
    return line(printable(text))


def muted(text: str) -> Line:
    """A sentence of our own that should not catch the eye."""
    return line(TonedText(printable(text), Tone.MUTED))


def stranger(text: str) -> Printable:
    """A stranger's text, secrets cut; of one that nobody would read to its end, the beginning and the length."""
    shown = redact_text(text[:_LOOKED_AT])
    if len(text) <= MAX_STRANGER:
        return printable(shown)
    rest = len(text) - MAX_STRANGER
    return joined(printable(shown[:MAX_STRANGER]), printable(f"… and {rest:,} characters more"))


def listed(values: tuple[str, ...]) -> Printable:
    """A client's values with commas; a dash for none."""
    return stranger(", ".join(values) or "-")


def toned(text: Printable, role: Role) -> TonedText:
    """A text in the colour of a role."""
    return TonedText(text, role)
