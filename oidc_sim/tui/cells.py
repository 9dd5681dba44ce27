"""Printable text in cells: what the screen adds to ``oidc_sim.text.printable``.

Every widget takes ``Printable`` and nothing else; the whole story is in that module.
"""

from typing import Literal

from rich.cells import cell_len, set_cell_size

from oidc_sim.text.printable import (
    MAX_STACKED,
    Printable,
    joined,
    printable,
    printable_bytes,
    printable_lines,
)

__all__ = [
    "ELLIPSIS",
    "Align",
    "Printable",
    "clip",
    "fit",
    "joined",
    "named",
    "printable",
    "printable_bytes",
    "printable_lines",
]

NO_NAME = "(no name)"

Align = Literal["left", "right"]

ELLIPSIS = "…"
"""Says that a text was cut; one cell."""


def named(name: str) -> str:
    """A client's name as it came; of one that nobody would see, that there is none."""
    return name if name.strip(" ") else NO_NAME


def fit(text: Printable, cells: int, align: Align = "left", ellipsis: str = ELLIPSIS) -> Printable:
    """Cuts or pads to exactly ``cells`` terminal cells (none when ``cells`` is not positive).

    A text that is too long ends with ``ellipsis`` (one cell). A wide character is never halved,
    and a mark stays with the character that it stands on. The cost depends on ``cells``, not on
    the length of the text.
    """
    if cells <= 0:
        return Printable("")
    # Each character that takes a cell carries at most two that take none, so these are enough.
    head = text[: (1 + MAX_STACKED) * (cells + 1)]
    taken = cell_len(head)
    if taken > cells:
        return Printable(set_cell_size(head, cells - 1) + ellipsis)
    padding = " " * (cells - taken)
    return Printable(padding + head if align == "right" else head + padding)


def clip(text: Printable, cells: int) -> Printable:
    """Cuts or pads like ``fit``, without a mark: ``12:41:07.112`` becomes ``12:41:07``."""
    if cells <= 0:
        return Printable("")
    if cell_len(text) <= cells:
        return fit(text, cells)
    return fit(Printable(set_cell_size(text, cells).rstrip(".")), cells)
