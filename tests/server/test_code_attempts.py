import itertools
from collections import Counter

import pytest

from oidc_sim.server.pages.forms import CodeAttempts

MAX_OF_ONE, MAX_OF_ALL, WINDOW_S = 5, 20, 60
"""As T-20 promises them; not the constants, which would agree with anything."""


def guess(attempts: CodeAttempts, browser: str, tick: float, times: int = 1) -> None:
    for _ in range(times):
        assert attempts.wait_s(browser, tick) == 0
        attempts.note_wrong(browser, tick)


def test_nobody_waits_at_first() -> None:
    assert CodeAttempts().wait_s("a", 0) == 0


def test_a_fifth_wrong_code_in_a_minute_is_the_last() -> None:
    attempts = CodeAttempts()
    guess(attempts, "a", 100, MAX_OF_ONE)
    assert attempts.wait_s("a", 100) == WINDOW_S


@pytest.mark.parametrize(
    ("at", "wait_s"), [(100.0, 60.0), (159.5, 0.5), (160.0, 0.0), (900.0, 0.0)]
)
def test_the_wait_ends_a_minute_after_the_oldest_of_five(at: float, wait_s: float) -> None:
    attempts = CodeAttempts()
    guess(attempts, "a", 100)
    guess(attempts, "a", 100, MAX_OF_ONE - 1)
    assert attempts.wait_s("a", at) == wait_s


def test_attempts_come_back_one_by_one_as_they_went() -> None:
    attempts = CodeAttempts()
    for tick in (0, 10, 20, 30, 40):
        guess(attempts, "a", tick)
    guess(attempts, "a", 60)
    assert attempts.wait_s("a", 60) == 10


def test_one_browsers_wrong_codes_do_not_stop_another() -> None:
    attempts = CodeAttempts()
    guess(attempts, "a", 0, MAX_OF_ONE)
    assert attempts.wait_s("b", 0) == 0


def test_twenty_wrong_codes_in_a_minute_stop_everybody() -> None:
    attempts = CodeAttempts()
    for number in range(MAX_OF_ALL):
        guess(attempts, f"browser {number}", 0)
    assert attempts.wait_s("another", 1) == WINDOW_S - 1


def test_of_ten_thousand_guesses_no_minute_sees_more_than_twenty() -> None:
    attempts = CodeAttempts()
    evaluated = []
    for number in range(10_000):
        tick = number * 0.05
        if attempts.wait_s(f"browser {number}", tick) == 0:
            attempts.note_wrong(f"browser {number}", tick)
            evaluated.append(tick)
    for first, last in zip(evaluated, evaluated[MAX_OF_ALL:], strict=False):
        assert last - first >= WINDOW_S - 1e-9
    assert len(evaluated) == MAX_OF_ALL * 9  # 500 s begin nine windows


def test_of_a_stubborn_browsers_guesses_no_minute_sees_more_than_five() -> None:
    attempts = CodeAttempts()
    minutes = Counter[int]()
    for tick in itertools.takewhile(lambda it: it < 600, itertools.count()):
        if attempts.wait_s("a", tick) == 0:
            attempts.note_wrong("a", tick)
            minutes[tick // 60] += 1
    assert set(minutes.values()) == {MAX_OF_ONE}
