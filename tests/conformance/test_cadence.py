"""Whether a client polls faster than it was told to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.conformance.cadence import GAPS_KEPT, Cadence

START = 5_000.0


def fed(announced_s: int, *gaps_s: float) -> Cadence:
    """A cadence after polls this far apart; the first poll comes at once."""
    cadence = Cadence(announced_s)
    tick = START
    cadence.note(tick, None)
    for gap_s in gaps_s:
        tick += gap_s
        cadence.note(tick, None)
    return cadence


def verdicts(announced_s: int, *gaps_s: float) -> list[bool]:
    return [fed(announced_s, *gaps_s[: n + 1]).is_too_fast for n in range(len(gaps_s))]


def test_before_the_second_poll_there_is_nothing_to_say() -> None:
    for cadence in (Cadence(5), fed(5)):
        assert cadence.every_s is None
        assert cadence.waited_s is None
        assert not cadence.is_too_fast


def test_a_sleeper_is_on_time() -> None:
    """End to start: each gap is the interval and what the request took."""
    cadence = fed(5, *[5.04] * 20)
    assert cadence.early_polls == 0
    assert cadence.every_s == pytest.approx(5.04)


def test_a_ticker_is_on_time() -> None:
    """Start to start, late now and then and then early by as much."""
    assert fed(5, 5, 5.2, 4.8, 5, 5.3, 4.7).early_polls == 0


def test_a_client_that_does_not_wait_is_too_fast() -> None:
    cadence = fed(5, 1, 1, 1)
    assert cadence.is_too_fast
    assert cadence.early_polls == 2


def test_the_second_poll_is_not_judged() -> None:
    """AWS CLI polls twice at once at the start, by design."""
    assert verdicts(5, 0, 5, 5) == [False, False, False]
    assert verdicts(5, 0, 0) == [False, True]


def test_a_client_that_slows_down_is_no_longer_too_fast() -> None:
    assert verdicts(5, 5, 1, 5) == [False, True, False]


@pytest.mark.parametrize(
    ("announced_s", "gap_s", "is_early"),
    [
        (1, 0.749, True),
        (1, 0.751, False),
        (5, 4.499, True),
        (5, 4.501, False),
        (15, 13.499, True),
        (15, 13.501, False),
    ],
)
def test_a_tenth_or_a_quarter_second_is_forgiven(
    announced_s: int, gap_s: float, *, is_early: bool
) -> None:
    assert fed(announced_s, announced_s, gap_s).is_too_fast is is_early


def test_the_usual_gap_is_the_median_of_the_last_five() -> None:
    assert GAPS_KEPT == 5
    assert fed(1, 100, 100, 1, 2, 3, 50, 4).every_s == 3
    assert fed(1, 1, 2).every_s == 1.5


def test_the_last_gap_is_what_it_waited() -> None:
    assert fed(1, 5, 7).waited_s == 7


def test_after_slow_down_the_longer_interval_counts() -> None:
    cadence = fed(1, 1, 1)
    cadence.note(START + 3, 6)
    assert cadence.announced_s == 6
    cadence.note(START + 5, None)
    assert cadence.is_too_fast
    cadence.note(START + 11, None)
    assert not cadence.is_too_fast


def test_the_poll_that_is_told_to_slow_down_is_judged_by_what_it_knew() -> None:
    cadence = fed(1, 1, 1)
    cadence.note(START + 3, 60)
    assert not cadence.is_too_fast


def test_gaps_from_before_a_slow_down_are_not_counted_in_the_new_pace() -> None:
    cadence = fed(1, 1, 1, 1)
    cadence.note(START + 4, 6)
    assert cadence.every_s == 1
    cadence.note(START + 10, None)
    assert cadence.every_s == 6


def test_being_told_the_same_interval_again_starts_nothing_anew() -> None:
    cadence = fed(5, 5, 5)
    cadence.note(START + 11, 5)
    cadence.note(START + 16, None)
    assert list(cadence.gaps) == [5, 5, 1, 5]


@given(
    announced_s=st.integers(1, 60),
    jitters=st.lists(st.floats(-0.0999, 0.1), min_size=1, max_size=40),
    start=st.floats(0, 1e6),
)
def test_a_conforming_client_is_never_accused(
    announced_s: int, jitters: list[float], start: float
) -> None:
    cadence = Cadence(announced_s)
    tick = start
    cadence.note(tick, None)
    for jitter in jitters:
        tick += announced_s * (1 + jitter)
        cadence.note(tick, None)
        assert not cadence.is_too_fast
    assert cadence.early_polls == 0


@given(
    announced_s=st.integers(1, 60),
    haste=st.floats(0, 0.7),
    count=st.integers(2, 40),
)
def test_a_client_in_haste_is_always_found_out(announced_s: int, haste: float, count: int) -> None:
    cadence = fed(announced_s, *[announced_s * haste] * count)
    assert cadence.early_polls == count - 1


@pytest.mark.parametrize(
    ("passed_s", "silent_s"), [(1.0, None), (5.0, None), (5.5, 5.5), (600.0, 600.0)]
)
def test_a_client_is_silent_once_two_polls_are_missing(
    passed_s: float, silent_s: float | None
) -> None:
    assert fed(1).silent_s(START + passed_s) == silent_s


def test_one_that_never_polled_or_was_slowed_down_is_waited_for() -> None:
    assert Cadence(1).silent_s(START) is None
    cadence = fed(1)
    cadence.note(START, 6)
    assert cadence.silent_s(START + 20) is None
    assert cadence.silent_s(START + 21) == 21


def test_a_poll_that_was_held_is_judged_by_when_it_came_and_the_next_from_its_answer() -> None:
    cadence = fed(5, 5)
    cadence.note(START + 10, None, held_s=12)
    cadence.note(START + 27, None)
    assert list(cadence.gaps) == [5, 5, 5]
    assert cadence.silent_s(START + 40) is None


def test_a_ticker_may_come_at_once_when_its_held_poll_is_answered() -> None:
    cadence = fed(5, 5)
    cadence.note(START + 10, None, held_s=12, kept_s=12)
    cadence.note(START + 22.1, None)
    cadence.note(START + 25, None)
    assert list(cadence.gaps) == [5, 5], "at once, and again at its next tick, as golang/oauth2"
    cadence.note(START + 26, None)
    assert cadence.is_too_fast


def test_one_that_is_slowed_down_when_its_held_poll_is_answered_waits_from_then() -> None:
    cadence = fed(5, 5)
    cadence.note(START + 10, 10, held_s=12)
    cadence.note(START + 23, None)
    assert (cadence.announced_s, cadence.waited_s, cadence.is_too_fast) == (10, 1, True)


def test_polls_that_came_while_another_was_held_are_not_judged_against_it() -> None:
    cadence = fed(5, 5)
    cadence.note(START + 10, None, held_s=12)
    cadence.note(START + 15, None, held_s=3)
    assert list(cadence.gaps) == [5, 5]
    assert cadence.pace.from_tick == START + 22


def test_a_wait_is_measured_against_what_the_client_knew_when_it_began() -> None:
    cadence = fed(1, 1, 1)
    cadence.note(START + 3, 6)
    assert (cadence.announced_s, cadence.asked_s, cadence.waited_s) == (6, 1, 1)
    cadence.note(START + 9, None)
    assert (cadence.announced_s, cadence.asked_s, cadence.waited_s) == (6, 6, 6)


def test_after_a_machine_slept_the_next_short_gap_of_a_ticker_says_nothing() -> None:
    cadence = fed(5, 5, 100, 2)
    assert (cadence.is_too_fast, cadence.early_polls, cadence.waited_s) == (False, 0, 100)
    cadence.note(START + 109, None)
    assert cadence.is_too_fast
    assert fed(5, 5, 59, 2).early_polls == 1, "nobody slept"
    assert fed(30, 30, 80, 2).early_polls == 1, "it left out two polls"


def test_what_an_sdk_sends_again_is_no_poll_but_a_sign_of_life() -> None:
    cadence = fed(5, 5)
    for tick in (5.5, 6.2):
        cadence.note(START + tick, None, is_own=False)
    assert (cadence.early_polls, list(cadence.gaps)) == (0, [5])
    assert cadence.silent_s(START + 23) is None
    cadence.note(START + 10, None)
    assert list(cadence.gaps) == [5, 5], "from the poll itself, not from what was sent again"


def test_a_server_that_throttles_spares_no_second_poll() -> None:
    cadence = Cadence(5, allows_second=False)
    cadence.note(START, None)
    cadence.note(START, 10)
    assert (cadence.is_too_fast, cadence.early_polls, cadence.announced_s) == (True, 1, 10)


def test_a_client_that_was_faster_than_told_is_silent_sooner() -> None:
    hasty = fed(1, 1, 0.3, 0.3, 0.3)
    hasty.note(START + 2.2, 16)
    assert hasty.silent_s(START + 2.2 + 5) == pytest.approx(5)
    probes = fed(5, 0.01)
    assert probes.silent_s(START + 10) is None, "as AWS CLI, which waits then"
    heeds = fed(1, 1, 1)
    heeds.note(START + 3, 16)
    assert heeds.silent_s(START + 3 + 20) is None, "it was just told to wait longer"
