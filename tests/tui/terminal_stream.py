"""What a terminal was told to do, and which part of that cannot come from Textual.

The grammar is what Textual 8.2 writes in the runs of these tests; a newer Textual that writes
more fails here first, and then belongs in the grammar after a look.
"""

import re

from oidc_sim.text.printable import printable

_COLOUR = r"[34]8;2;\d{1,3};\d{1,3};\d{1,3}"
_ATTRIBUTE = r"[0123479]"
_SGR = rf"\x1b\[(?:{_COLOUR}|{_ATTRIBUTE})(?:;(?:{_COLOUR}|{_ATTRIBUTE}))*m"
_MODE = r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
_QUERY = r"\x1b\[\?(?:2026|2048)\$p"
_KEYBOARD = r"\x1b\[(?:>\d+|<)u"
_POINTER = r"\x1b\]22;[a-z-]+\x07"
_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")
_OWN = re.compile(rf"{_SGR}|{_MODE}|{_QUERY}|{_KEYBOARD}|{_POINTER}|\r|\n")


def foreign_controls(raw: bytes, *, columns: int, rows: int) -> list[str]:
    """What is neither ink nor a sequence of Textual's own, each with what stands around it."""
    text = raw.decode("utf-8", "surrogateescape")
    text = _PLACE.sub(lambda match: "" if _is_on_screen(match, columns, rows) else match[0], text)
    text = _OWN.sub("", text)
    spots = [
        place for place, character in enumerate(text) if printable("a" + character)[1:] != character
    ]
    return [ascii(text[max(0, spot - 10) : spot + 20]) for spot in spots]


def _is_on_screen(match: re.Match[str], columns: int, rows: int) -> bool:
    return int(match[1]) <= rows and int(match[2]) <= columns
