"""Instants and spans in the words of the screen."""

import pytest

from oidc_sim.testing.scenario import NOON
from oidc_sim.tui.glyphs import (
    age,
    ago,
    clock,
    clock_word,
    day,
    fine_clock,
    milliseconds,
    running_time,
    seconds,
    spoken_ago,
    time_left,
)


@pytest.mark.parametrize(
    ("left_s", "shown"),
    [
        (600, "10:00"),
        (599.2, "10:00"),
        (581, "9:41"),
        (0.1, "0:01"),
        (0, "0:00"),
        (-5, "0:00"),
        (3600, "1:00:00"),
        (90061, "25:01:01"),
    ],
)
def test_a_countdown_says_zero_only_when_it_is_over(left_s: float, shown: str) -> None:
    assert time_left(left_s) == shown


@pytest.mark.parametrize(
    ("span_s", "shown"),
    [(0, "0s"), (-1, "0s"), (31.9, "31s"), (719, "11m"), (7300, "2h"), (90 * 86400, "90d")],
)
def test_an_age_is_told_in_its_largest_unit(span_s: float, shown: str) -> None:
    assert age(span_s) == shown


@pytest.mark.parametrize(
    ("span_s", "in_a_list", "in_a_sentence"),
    [
        (0.4, "now", "just now"),
        (3.2, "3s ago", "3 s ago"),
        (125, "2m ago", "2 min ago"),
        (7200, "2h ago", "2 h ago"),
    ],
)
def test_what_is_past_is_told_short_in_lists_and_spoken_in_sentences(
    span_s: float, in_a_list: str, in_a_sentence: str
) -> None:
    assert ago(span_s) == in_a_list
    assert spoken_ago(span_s) == in_a_sentence


@pytest.mark.parametrize(
    ("span_s", "shown"), [(0.3, "0.3s"), (9.94, "9.9s"), (9.96, "10s"), (61.4, "61s")]
)
def test_a_pace_takes_at_most_four_cells_below_a_thousand_seconds(
    span_s: float, shown: str
) -> None:
    assert seconds(span_s) == shown
    assert len(shown) <= 4


@pytest.mark.parametrize(
    ("span_s", "shown"), [(0.0004, "0.4"), (0.00996, "10"), (0.104, "104"), (30, "30,000")]
)
def test_a_duration_is_told_in_milliseconds(span_s: float, shown: str) -> None:
    assert milliseconds(span_s) == shown


def test_an_instant_is_told_in_the_operators_zone() -> None:
    assert clock(NOON) == "12:11:12"
    assert fine_clock(NOON + 0.0375) == "12:11:12.037"
    assert day(NOON) == "2026-11-24 12:11"
    assert running_time(761.9) == "12:41"


def test_the_clocks_offset_is_rounded_not_cut() -> None:
    assert clock_word(599.4, is_off=True) == "clock +10m"
    assert clock_word(-30, is_off=True) == "clock -30s"
    assert clock_word(8 * 3600, is_off=True) == "clock +8h"
    assert clock_word(0.2, is_off=True) == ""
