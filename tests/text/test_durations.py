"""Spans of time, typed and told."""

import pytest

from oidc_sim.text.durations import parse_duration, spoken


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("45s", 45),
        ("10m", 600),
        ("10 min", 600),
        ("1h30m", 5400),
        (" 90D ", 90 * 86400),
        ("600", 600),
        ("1d 2h", 93_600),
    ],
)
def test_what_people_type_is_understood(typed: str, seconds: int) -> None:
    assert parse_duration(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", "soon", "-5m", "1.5h", "1y", "h", "\u0661h", "9" * 40, "5m-"]
)
def test_what_is_no_time_is_told_what_one_looks_like(typed: str) -> None:
    with pytest.raises(ValueError, match="1h30m"):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (8 * 3600, "8 h"),
        (5400, "1 h 30 min"),
        (90 * 86400, "90 d"),
        (90 * 86400 + 7261, "90 d 2 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: int, told: str) -> None:
    assert spoken(seconds) == told
