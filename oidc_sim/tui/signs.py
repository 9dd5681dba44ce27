"""The last step before the terminal, under ``--ascii`` and ``--plain``: other signs for the same cells.

A filter over finished lines rather than a second set of signs handed to every widget: so no widget,
none of Textual's own either, and no client's name can bring in a sign that the terminal cannot show.
Each sign keeps its width, so nothing is laid out anew.
"""

from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from oidc_sim.tui.glyphs import ASCII, UNICODE

UNKNOWN = "?"
"""Stands for each cell of a text that has no letters of ASCII."""
_LIGHT, _HEAVY = "─╭╮╰╯│┄", "━┏┓┗┛┃"
_ENTER, _SECTION = "↵", "§"
_FIRST_LINE, _LAST_LINE = 0x2500, 0x259F
"""Unicode's lines, bars and blocks."""
_AS_ASCII = str.maketrans(
    {
        **dict.fromkeys(map(chr, range(_FIRST_LINE, _LAST_LINE + 1)), "+"),
        **{sign: ASCII.signs[look] for look, sign in UNICODE.signs.items()},
        UNICODE.cursor: ASCII.cursor,
        UNICODE.ellipsis: ASCII.ellipsis,
        **dict(zip(_LIGHT, "-++++|-", strict=True)),
        **dict(zip(_HEAVY, "=####|", strict=True)),
        **dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True)),
        **dict(zip("↑↓←→▲▼", "^v<>^v", strict=True)),
        **dict(zip("–—‘’“”·•µ×", "--''\"\"..ux", strict=True)),  # noqa: RUF001 - as they are met
        "▔": "-",
        "🔎": "> ",
        _ENTER: "&",
        _SECTION: "s",
    }
)
_FOCUSED = "┏"
"""The corner that only what has the focus has: without lines it must still be seen."""
_AS_PLAIN = dict.fromkeys(range(_FIRST_LINE, _LAST_LINE + 1), " ") | {ord(_FOCUSED): ">"}


class Signs(LineFilter):
    """Puts other signs in place of what a terminal cannot show, or a reader should not be told."""

    def __init__(self, *, is_ascii: bool, is_plain: bool) -> None:
        super().__init__(enabled=is_ascii or is_plain)
        self._is_ascii = is_ascii
        self._is_plain = is_plain

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - colours stay
        """The line in other signs."""
        return [
            segment if segment.text.isascii() else segment._replace(text=self.text(segment.text))
            for segment in segments
        ]

    def text(self, text: str) -> str:
        """A text in other signs, as wide as before."""
        if self._is_plain:
            text = text.translate(_AS_PLAIN)
        return in_ascii(text) if self._is_ascii else text


@lru_cache(maxsize=2048)
def in_ascii(text: str) -> str:
    """A text in ASCII, as wide as before."""
    known = text.translate(_AS_ASCII)
    if known.isascii():
        return known
    replaced = "".join(it if it.isascii() else UNKNOWN * cell_len(it) for it in known)
    return set_cell_size(replaced, cell_len(text))
