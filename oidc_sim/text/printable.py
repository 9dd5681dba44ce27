"""The one border that a stranger's text crosses on its way to a terminal, screen or not.

Textual takes no escape sequence out of the text that it paints, and a terminal obeys those that
``serve`` prints: a client's name that carries OSC 52 writes the operator's clipboard (T-01). So widgets
and printed lines take ``Printable`` and nothing else, and ``printable`` is the only maker of one.

By hand, because no library does it: Rich's ``escape`` is about markup, ``repr`` escapes what is harmless,
and the control-code filters of Textual and Rich stop five of sixty-five. Standard library only, as
``serve`` starts without Rich.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from typing import NewType

Printable = NewType("Printable", str)
"""Text that moves nothing but ink: no control, format, surrogate or invisible character in it.

Two of them put together are one again, because a mark never comes first (see ``printable``).
"""

MAX_STACKED = 2
"""Marks that may stand on one character; Vietnamese, Thai and Hebrew get by with two."""
_MAX_MEMO = 8192
"""Characters whose text is remembered; a bound, because strangers choose them (T-46)."""

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
"""Characters that nobody can see, although ``str.isprintable`` lets them through."""

_STACKED_LETTERS = frozenset(
    [
        *range(0x1160, 0x1200),  # Hangul vowels and finals, which join the letter before them
        *range(0xD7B0, 0xD800),  # more of them
        *range(0x1F3FB, 0x1F400),  # skin tones
    ]
)
"""Characters that take no cell of their own, although Unicode does not call them marks."""
_FIRST_MARK, _AFTER_LAST_MARK = 0x300, 0x20000
"""Marks beyond are all variation selectors, which are escaped anyway."""


@lru_cache(maxsize=1024)
def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class _Characters(dict[int, str]):
    """Maps each code point to what is shown for it, worked out when first met (for ``str.translate``)."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = character
        if not character.isprintable() or character in _INVISIBLE:
            shown = _escape(character)
        if len(self) >= _MAX_MEMO:
            self.clear()
        self[code] = shown
        return shown


_CHARACTERS = _Characters()


@cache
def _stacks() -> re.Pattern[str]:
    """Match marks that are stacked too high. Made when first needed: it takes 12 ms."""
    marks = [
        code
        for code in range(_FIRST_MARK, _AFTER_LAST_MARK)
        if unicodedata.category(chr(code))[0] == "M" or code in _STACKED_LETTERS
    ]
    one = _character_class(marks)
    return re.compile(f"^{one}+|(?<={one}{{{MAX_STACKED}}}){one}+")


def _character_class(codes: Iterable[int]) -> str:
    """Write ascending code points as a class of ranges.

    ``re`` tries what is above U+FFFF one by one for every character of a text, where there are no ranges.
    """
    runs = groupby(enumerate(codes), key=lambda pair: pair[1] - pair[0])
    ends = [[code for _, code in run] for _, run in runs]
    return f"[{''.join(f'{chr(run[0])}-{chr(run[-1])}' for run in ends)}]"


def _escape_all(match: re.Match[str]) -> str:
    return "".join(map(_escape, match[0]))


def printable(text: str) -> Printable:
    r"""Makes text safe to paint: what is not ink becomes a visible escape.

    Escaped as ``\n``, ``\x1b``, ``\u202e`` or ``\U000e0041`` are C0, DEL, C1, format characters
    (bidi, zero width, tags), lone surrogates, private use, unassigned, separators other than the
    space, fillers and variation selectors; further, all but two marks on one character, and marks
    at the very start, which would stand on whatever is painted to the left of the text.

    Takes linear time: 1 MB in 1 to 100 ms, 160 ms when it is all towers of marks
    (T-03). Leaves clean text as it is, so it may be applied twice. A backslash in the text stays
    one: the escapes are for eyes, the raw text is in the event.
    """
    if text.isascii() and text.isprintable():
        return Printable(text)
    shown = text.translate(_CHARACTERS)
    return Printable(shown if shown.isascii() else _stacks().sub(_escape_all, shown))


def printable_bytes(data: bytes) -> Printable:
    r"""Makes one line of bytes that should be UTF-8; each byte that is not shows as ``\xff``."""
    return printable(data.decode("utf-8", "backslashreplace"))


def printable_lines(text: str) -> list[Printable]:
    r"""Splits text at ``\n`` and ``\r\n`` only, and makes each line printable.

    ``str.splitlines`` also splits at separators that a stranger should not be able to use unseen.
    """
    return [printable(line) for line in re.split("\r?\n", text)]


def printable_json(text: str) -> Printable:
    r"""Makes JSON text that is ASCII safe to paint, one line of it, and leaves it JSON.

    ``json.dumps`` escapes all that a terminal obeys but DEL, for which ``printable`` has an escape that
    JSON does not know.
    """
    return printable(text.replace("\x7f", "\\u007f"))


def joined(*parts: Printable) -> Printable:
    """Puts printable texts together; the result is printable (see ``Printable``)."""
    return Printable("".join(parts))
