"""Text for a page: lines of spans wrapped to a width, and the widget that shows and scrolls them.

The widget is by hand rather than a ``Static`` in a scroll container, because its text changes with the
traffic: a ``Static`` of automatic height lays the screen out again each time, this paints what is seen.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from oidc_sim.text.redact import redact_text
from oidc_sim.tui.cells import Printable, fit, joined, printable
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.keymap import Holder, bindings


class Tone(StrEnum):
    """The look of a span, beside the five roles."""

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
        span = piece._replace(text=Printable(piece.text.lstrip(" "))) if is_over else piece
        row.append(span)
        room -= cell_len(span.text)
    yield Line(tuple(row))


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


MARGIN = 1
"""Blank cells to the left and to the right of the text."""
WHEEL_STEP = 3
"""Lines that one notch of the wheel scrolls."""


class Page(Widget, can_focus=True):
    """A text with some lines above it that stay. The selection by mouse can be copied."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Holder.PAGE)]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"page--{tone}" for tone in Tone),
        *(f"page--{role}" for role in Role),
    }

    DEFAULT_CSS = """
    Page {
        height: 1fr;
        .page--muted { color: $text-muted; }
        .page--strong { text-style: bold; }
        .page--heading { color: $text-secondary; text-style: bold; }
        .page--chosen { text-style: bold reverse; }
        .page--name { color: $text-secondary; text-style: bold; }
        .page--string { color: $text-success; }
        .page--number { color: $text-warning; text-style: italic; }
        .page--word { color: $text-accent; text-style: bold italic; }
        .page--code { color: #ffffff; background: #000000; }
        .page--pending { color: $role-pending; }
        .page--good { color: $role-good; }
        .page--bad { color: $role-bad; }
        .page--held { color: $role-held; }
        .page--fault { color: $role-fault; }
    }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._fixed: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._rows: tuple[Line, ...] = ()
        """The lines as wrapped to the present width."""
        self._shown: Hashable = None
        self._top = 0
        self._styles: dict[str, Style] = {}
        self._lines_shown = ChangedLines(self)
        self._said = ""

    def show(self, lines: Sequence[Line], head: Sequence[Line] = (), key: Hashable = None) -> None:
        """Show these lines, from the top when ``key`` is another one than before."""
        if key != self._shown:
            self._top = 0
        is_same = (tuple(lines), tuple(head), key) == (self._lines, self._fixed, self._shown)
        self._lines, self._fixed, self._shown = tuple(lines), tuple(head), key
        if not is_same:
            self._fold()

    @property
    def text_width(self) -> int:
        """Cells that a line has."""
        return max(1, self.size.width - 2 * MARGIN)

    @property
    def text(self) -> str:
        """All of the text as it is wrapped, seen or not."""
        return "\n".join(row.text for row in self._rows)

    @property
    def is_cut(self) -> bool:
        """Whether some of the text is out of sight."""
        return len(self._rows) > self._height

    def action_move(self, by: int) -> None:
        """Scrolls by lines, negative is up."""
        self._go_to(self._top + by)

    def action_page(self, by: int) -> None:
        """Scrolls by windows."""
        self._go_to(self._top + by * max(1, self._height - 1))

    def action_start(self) -> None:
        """Scrolls to the first line."""
        self._go_to(0)

    def action_end(self) -> None:
        """Scrolls to the last line."""
        self._go_to(len(self._rows))

    def on_resize(self) -> None:
        """Wraps to the new width."""
        self._fold()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scrolls up."""
        event.stop()
        self.action_move(-WHEEL_STEP)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scrolls down."""
        event.stop()
        self.action_move(WHEEL_STEP)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that the mouse marked; none when it has changed to a shorter one since."""
        text = "\n".join(" " * MARGIN + row.text for row in (*self._fixed, *self._rows))
        try:
            return selection.extract(text), "\n"
        except IndexError:
            return None

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's
        """Paints what is marked."""
        self.refresh()

    def notify_style_update(self) -> None:
        """Forgets the styles of another theme."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Paints one line."""
        if y < len(self._fixed):
            return self._paint(self._fixed[y], y)
        at = y - len(self._fixed) + self._top
        return self._paint(self._rows[at] if at < len(self._rows) else BLANK, y + self._top)

    @property
    def _height(self) -> int:
        return max(1, self.size.height - len(self._fixed))

    def _fold(self) -> None:
        self._rows = tuple(wrapped(self._lines, self.text_width))
        self._go_to(self._top)

    def _go_to(self, top: int) -> None:
        self._top = max(0, min(top, len(self._rows) - self._height))
        self._say_where()
        seen = self._rows[self._top : self._top + self._height]
        self._lines_shown.repaint([*self._fixed, *seen])

    def _say_where(self) -> None:
        last = min(self._top + self._height, len(self._rows))
        said = f"{self._top + 1}-{last} of {len(self._rows)}" if self.is_cut else ""
        if said != self._said:
            self._said = said
            self.border_subtitle = Content(said)

    def _paint(self, row: Line, y: int) -> Strip:
        """``y`` counts the lines of the text, the head's first."""
        plain, width = self.rich_style, self.size.width
        blank = Segment(" " * MARGIN, plain)
        spans = [Segment(span.text, self._style(span.tone)) for span in row.spans if span.text]
        strip = Strip([blank, *spans]).adjust_cell_length(width, plain)
        return self._marked(strip, y).apply_offsets(0, y)

    def _marked(self, strip: Strip, y: int) -> Strip:
        selection = self.text_selection
        span = None if selection is None else selection.get_span(y)
        if span is None:
            return strip
        start, end = span
        last = strip.cell_length if end == -1 else min(end, strip.cell_length)
        style = self.screen.get_component_rich_style("screen--selection")
        marked = strip.crop(start, last)
        # Over the segments' own styles, where ``apply_style`` would put it below them.
        over = Strip(
            [Segment(text, (own or Style()) + style) for text, own, _ in marked], marked.cell_length
        )
        return Strip.join([strip.crop(0, start), over, strip.crop(last)])

    def _style(self, tone: Tone | Role) -> Style:
        if tone not in self._styles:
            self._styles[tone] = self.get_component_rich_style(f"page--{tone}")
        return self._styles[tone]
