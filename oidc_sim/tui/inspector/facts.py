"""A name and a value on a line."""

from oidc_sim.text.redact import redact_text
from oidc_sim.tui.bars.lines import Line, Span, Tone, line
from oidc_sim.tui.cells import Printable, fit, joined, printable
from oidc_sim.tui.glyphs import Role

NAME_CELLS = 11
"""Cells for the name, the blanks after it included."""
MAX_STRANGER = 400
"""Characters of a name or a scope that are shown."""
_LOOKED_AT = 4096
"""Characters in which secrets are looked for: one that begins in those that are shown ends there."""
RULE = printable("┄")


def fact(name: str, *value: Printable | Span) -> Line:
    """One fact; a long value goes on under its beginning."""
    label = Span(fit(printable(name), NAME_CELLS), Tone.MUTED)
    return line(label, *value, hang=NAME_CELLS)


def plain(text: str) -> Line:
    """A sentence of our own."""
    return line(printable(text))


def muted(text: str) -> Line:
    """A sentence of our own that should not catch the eye."""
    return line(Span(printable(text), Tone.MUTED))


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


def toned(text: Printable, role: Role) -> Span:
    """A text in the colour of a role."""
    return Span(text, role)
