"""What a fault or the operator's hand changed: the response that was sent against the true one, as a unified diff."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from oidc_sim.record.exchange import Exchange
from oidc_sim.tui.bars.lines import BLANK, Line, Span, Tone, line, rule
from oidc_sim.tui.cells import Printable, joined, printable
from oidc_sim.tui.glyphs import Role
from oidc_sim.tui.inspector.facts import RULE, muted

_FILE_NAMES = 2
"""Lines at the start of a unified diff that name files."""
_HANG = 2
_BY_HAND = "edited by hand"


def difference_lines(
    exchange: Exchange, true: Sequence[Printable], sent: Sequence[Printable]
) -> Iterator[Line]:
    """The fault's name, or that it was edited, and the diff; nothing where it was the true one.

    Args:
        exchange: What was answered.
        true: The lines of the true response, secrets cut.
        sent: The lines of this one.
    """
    fault = exchange.fault
    if fault is not None:
        yield line(Span(joined(printable("fault: "), printable(fault)), Role.FAULT))
    elif exchange.true_response:
        yield line(Span(printable(_BY_HAND), Role.HELD))
    else:
        return
    if not true:
        yield BLANK
        return
    yield muted("- the true response, + what was sent instead")
    diff = [*unified_diff(true, sent, lineterm="")][_FILE_NAMES:]
    yield from map(_line, diff)
    if not diff:
        yield muted("no difference: it was only late, or cut on its way")
    yield BLANK
    yield rule(printable("as sent"), RULE)


def _line(text: str) -> Line:
    mark, rest = text[:1], Printable(text[1:])
    if mark == "@":
        return line(Span(Printable(text), Tone.MUTED))
    tone = {"+": Role.GOOD, "-": Role.BAD}.get(mark, Tone.PLAIN)
    return line(Span(joined(printable(f"{mark} "), rest), tone), hang=_HANG)
