"""A bar for each wait between polls."""

from oidc_sim.conformance.cadence import Cadence
from oidc_sim.tui.glyphs import ASCII, UNICODE, Glyphs, Role
from oidc_sim.tui.inspector.device import chart_lines


def chart(
    *waits_s: float, announced_s: int = 4, glyphs: Glyphs = UNICODE, width: int = 76
) -> list[str]:
    cadence = Cadence(announced_s)
    tick = 0.0
    cadence.note(tick, None)
    for wait_s in waits_s:
        tick += wait_s
        cadence.note(tick, None)
    return [line.text.rstrip() for line in chart_lines(cadence, glyphs, width)]


def test_a_wait_of_the_interval_is_the_middle_bar_and_longer_ones_are_higher() -> None:
    assert chart(4, 4.1, 6, 8, 12, 400) == [
        "waits      ▄▄▅▇██",
        "           ▄ = 4 s asked",
    ]


def test_too_fast_ones_are_marked_without_colour() -> None:
    assert chart(4, 1, 4, 0) == [
        "waits      ▄▂▄▁",
        "            ! !",
        "           ▄ = 4 s asked, ! too fast",
    ]


def test_a_terminal_without_bars_gets_signs_of_ascii() -> None:
    assert chart(0, 2, 4, 6, 99, glyphs=ASCII)[0] == "waits      .:-=#"
    assert "".join(chart(4, 1, 4, glyphs=ASCII)).isascii()


def test_each_bar_is_measured_against_what_was_asked_then() -> None:
    cadence = Cadence(4)
    for tick, slowed_to_s in ((0, None), (4, None), (8, 8), (16, None)):
        cadence.note(tick, slowed_to_s)
    lines = [line.text for line in chart_lines(cadence, UNICODE, 76)]
    assert lines[0] == "waits      ▄▄▄"
    assert lines[1].endswith("▄ = as asked")


def test_the_newest_that_fit_are_shown() -> None:
    assert chart(*[4] * 9, 8, width=16)[0] == "waits      ▄▄▄▄▇"
    assert len(chart(*[4] * 99)[0]) == len("waits      ") + 30


def test_before_the_second_wait_there_is_no_chart() -> None:
    assert chart() == chart(4) == []


def test_too_fast_ones_are_red_too() -> None:
    cadence = Cadence(4)
    for tick in (0, 4, 5):
        cadence.note(tick, None)
    bars = next(chart_lines(cadence, UNICODE, 76))
    assert [span.tone for span in bars.spans[1:]] == ["plain", Role.BAD]
