"""The one border that a stranger's text crosses on its way to the terminal.

Textual takes no escape sequence out of the text that it paints: a client's name that carries
OSC 52 writes the operator's clipboard, whatever ``markup`` says (threats.md 2.1). So widgets of
this package take ``Printable`` and nothing else, and ``printable`` is the only maker of one.

By hand, because no library does it: Rich's ``escape`` is about markup, ``repr`` escapes what is
harmless, and the control-code filters of Textual and Rich stop five of sixty-five.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NewType

from rich.cells import cell_len, get_character_cell_size, set_cell_size

Printable = NewType("Printable", str)
"""Text that moves nothing but ink: no control, format, surrogate or invisible character in it.

Two of them put together are one again, because a mark never comes first (see ``printable``).
"""

Align = Literal["left", "right"]

ELLIPSIS = "…"
"""Says that a text was cut; one cell."""

_MAX_STACKED = 2
"""Marks that may stand on one character; Vietnamese, Thai and Hebrew get by with two."""
_MAX_MEMO = 8192
"""Characters whose text is remembered; a bound, because strangers choose them (threats.md T-46)."""

_INVISIBLE = frozenset(
    map(
        chr,
        [
            0x034F,  # combining grapheme joiner
            *(0x115F, 0x1160, 0x3164, 0xFFA0),  # Hangul fillers
            *(0x17B4, 0x17B5),  # Khmer inherent vowels
            *range(0x180B, 0x1810),  # Mongolian variation selectors
            0x2800,  # Braille pattern without a dot
            *range(0xFE00, 0xFE10),  # variation selectors
            *range(0xE0100, 0xE01F0),  # variation selectors supplement
        ],
    )
)
"""What ``str.isprintable`` lets through although nobody can see it (ui.md 5.4)."""

_stacked: set[str] = set()
"""Characters met so far that take no cell of their own, such as combining marks."""


@lru_cache(maxsize=1024)
def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class _Characters(dict[int, str]):
    """What is shown for each code point, worked out when first met (for ``str.translate``)."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = character
        if not character.isprintable() or character in _INVISIBLE:
            shown = _escape(character)
        elif unicodedata.category(character)[0] == "M" or not get_character_cell_size(character):
            _stacked.add(character)
        if len(self) >= _MAX_MEMO:
            self.clear()
        self[code] = shown
        return shown


_CHARACTERS = _Characters()


@lru_cache(maxsize=1)
def _stacks(_known: int) -> re.Pattern[str]:
    """Finds what is stacked too high; made again when a new stacked character was met."""
    marks = f"[{''.join(_stacked)}]"
    return re.compile(f"^{marks}+|(?<={marks}{{{_MAX_STACKED}}}){marks}+")


def _cap_stacks(text: str) -> str:
    """Escapes every mark after the second on one character, and those with nothing to stand on."""
    return _stacks(len(_stacked)).sub(lambda match: "".join(map(_escape, match[0])), text)


def printable(text: str) -> Printable:
    r"""Makes text safe to paint: what is not ink becomes a visible escape.

    Escaped as ``\n``, ``\x1b``, ``\u202e`` or ``\U000e0041`` are C0, DEL, C1, format characters (bidi,
    zero width, tags), lone surrogates, private use, unassigned, separators other than the space,
    fillers and variation selectors; further, all but two marks on one character, and marks at the
    very start, which would stand on whatever is painted to the left of the text.

    Takes linear time: 1 MB in less than 100 ms (threats.md T-03). Leaves clean text as it is, so
    it may be applied twice. A backslash in the text stays one: the escapes are for eyes, the raw
    text is in the event.
    """
    if text.isascii() and text.isprintable():
        return Printable(text)
    shown = text.translate(_CHARACTERS)
    return Printable(shown if _stacked.isdisjoint(shown) else _cap_stacks(shown))


def printable_bytes(data: bytes) -> Printable:
    r"""Makes one line of bytes that should be UTF-8; each byte that is not shows as ``\xff``."""
    return printable(data.decode("utf-8", "backslashreplace"))


def printable_lines(text: str) -> list[Printable]:
    r"""Splits text at ``\n`` and ``\r\n`` only, and makes each line printable.

    ``str.splitlines`` also splits at separators that a stranger should not be able to use unseen.
    """
    return [printable(line) for line in re.split("\r?\n", text)]


def joined(*parts: Printable) -> Printable:
    """Puts printable texts together; the result is printable (see ``Printable``)."""
    return Printable("".join(parts))


def fit(text: Printable, cells: int, align: Align = "left", ellipsis: str = ELLIPSIS) -> Printable:
    """Cuts or pads to exactly ``cells`` terminal cells (none when ``cells`` is not positive).

    A text that is too long ends with ``ellipsis`` (one cell). A wide character is never halved,
    and a mark stays with the character that it stands on. The cost depends on ``cells``, not on
    the length of the text.
    """
    if cells <= 0:
        return Printable("")
    # Each character that takes a cell carries at most two that take none, so these are enough.
    head = text[: (1 + _MAX_STACKED) * (cells + 1)]
    taken = cell_len(head)
    if taken > cells:
        return Printable(set_cell_size(head, cells - 1) + ellipsis)
    padding = " " * (cells - taken)
    return Printable(padding + head if align == "right" else head + padding)
