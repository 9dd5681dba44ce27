"""How a client kept its pace, poll by poll: a bar for each wait, as high as it was long."""

from collections.abc import Iterator

from oidc_sim.conformance.cadence import Cadence
from oidc_sim.tui.bars.lines import Line, Span, Tone
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.glyphs import Glyphs, Role
from oidc_sim.tui.inspector.facts import NAME_CELLS, fact

_FEWEST = 2
"""Waits from which a chart says more than the verdict."""
TOO_FAST = "!"


def chart_lines(cadence: Cadence, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """The newest waits that fit, the newest at the right; too fast ones are marked below.

    Each bar is measured against the interval that was asked for then, which is the middle one.

    Args:
        cadence: What is known of the polls.
        glyphs: The signs for bars.
        width: Cells of a line.
    """
    waits = [*cadence.waits][-max(1, width - NAME_CELLS) :]
    if len(waits) < _FEWEST:
        return
    bars = [_bar(waited_s / max(1, asked_s), glyphs) for waited_s, asked_s, _ in waits]
    tones = [Role.BAD if is_early else Tone.PLAIN for _, _, is_early in waits]
    yield fact("waits", *(Span(bar, tone) for bar, tone in zip(bars, tones, strict=True)))
    marks = "".join(TOO_FAST if is_early else " " for _, _, is_early in waits).rstrip()
    if marks:
        yield fact("", Span(printable(marks), Role.BAD))
    asked = {asked_s for _, asked_s, _ in waits}
    interval = f"{asked.pop()} s" if len(asked) == 1 else "as"
    early = f", {TOO_FAST} too fast" if marks else ""
    middle = glyphs.bars[_middle(glyphs)]
    yield fact("", Span(printable(f"{middle} = {interval} asked{early}"), Tone.MUTED))


def _middle(glyphs: Glyphs) -> int:
    return (len(glyphs.bars) - 1) // 2


def _bar(share: float, glyphs: Glyphs) -> Printable:
    """The bar for a wait of so many times the interval."""
    return printable(glyphs.bars[min(len(glyphs.bars) - 1, round(share * _middle(glyphs)))])
