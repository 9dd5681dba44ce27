"""The verification page as a QR code, for a phone or a projector.

Light is drawn, dark is left out, in white on black: so a camera reads it in any theme, and on a dark
terminal without colours too. Library: ``segno``, which is pure Python and depends on nothing.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, repeat

from rich.cells import cell_len

from oidc_sim.tui.bars.page import Line, Tone, TonedText, wrapped
from oidc_sim.tui.cells import Printable, printable

NARROW_QUIET, QUIET = 2, 4
"""Light modules around it; ISO/IEC 18004 wants four, and cameras make do with two."""
_FEWEST_BESIDE = 60
"""Cells that the text must keep for the code to stand beside it."""
_GAP = 2
_HALVES = {(1, 1): "█", (1, 0): "▀", (0, 1): "▄", (0, 0): " "}
"""Two modules above each other, 1 is light."""


def half_blocks(url: str, quiet: int = NARROW_QUIET) -> tuple[Printable, ...]:
    """A QR code with two modules a cell, above each other."""
    rows = [*_light(url, quiet)]
    if len(rows) % 2:
        rows.append(tuple(repeat(1, len(rows[0]))))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return tuple(
        printable("".join(_HALVES[pair] for pair in zip(above, below, strict=True)))
        for above, below in pairs
    )


def full_blocks(url: str, quiet: int = QUIET) -> tuple[Printable, ...]:
    """A QR code with two cells a module: as large as a terminal can."""
    return tuple(
        printable("".join("██" if is_light else "  " for is_light in row))
        for row in _light(url, quiet)
    )


def largest(url: str, width: int, height: int) -> tuple[Printable, ...]:
    """The largest QR code that fits into so many cells; empty where none does."""
    for make, quiet in (
        (full_blocks, QUIET),
        (full_blocks, NARROW_QUIET),
        (half_blocks, QUIET),
        (half_blocks, NARROW_QUIET),
    ):
        rows = make(url, quiet)
        if len(rows) <= height and len(rows[0]) <= width:
            return rows
    return ()


def with_code(lines: Sequence[Line], url: str, width: int, height: int) -> list[Line]:
    """The lines with the page's code beside or below them, where there is room for it in sight."""
    code = half_blocks(url)
    left = width - len(code[0]) - _GAP
    if left >= _FEWEST_BESIDE and len(code) <= height:
        return _beside(lines, code, left)
    room = height - len(code) - 1
    has_room = len(code[0]) <= width and len(lines) <= room
    if has_room and len([*wrapped(lines, width)]) <= room:
        return [*lines, Line(), *map(code_line, code)]
    return [*lines]


def code_line(row: Printable) -> Line:
    """One row of a QR code as a line."""
    return Line((TonedText(row, Tone.CODE),))


def _beside(lines: Sequence[Line], code: Sequence[Printable], left: int) -> list[Line]:
    rows = [*wrapped(lines, left)]
    filled = chain(rows, repeat(Line(), max(0, len(code) - len(rows))))
    made = []
    for at, row in enumerate(filled):
        if at >= len(code):
            made.append(row)
            continue
        pad = printable(" " * (left - cell_len(row.text) + _GAP))
        made.append(Line((*row.spans, TonedText(pad), TonedText(code[at], Tone.CODE))))
    return made


@lru_cache(maxsize=8)
def _light(url: str, quiet: int) -> tuple[tuple[int, ...], ...]:
    """The modules row by row with the quiet zone, 1 is light."""
    import segno  # only who looks at a code waits for this import

    made = segno.make(url, error="l", micro=False, boost_error=False)
    return tuple(tuple(1 - module for module in row) for row in made.matrix_iter(border=quiet))
