"""What a cadence comes to, in words."""

from oidc_sim.coach.cadence import WAITS_KEPT, Cadence
from oidc_sim.coach.verdict import Finding, verdict_on


def polled(*ticks: float, told_s: int = 5) -> Cadence:
    cadence = Cadence(told_s)
    for tick in ticks:
        cadence.note(tick, None)
    return cadence


def test_before_the_second_poll_there_is_no_verdict() -> None:
    assert verdict_on(polled()) is None
    assert verdict_on(polled(1.0)) is None


def test_each_finding_gives_its_reason() -> None:
    assert verdict_on(polled(0, 0)) == (
        Finding.NOT_JUDGED,
        "second poll at once: told 5 s, waited 0.00 s; not judged",
    )
    assert verdict_on(polled(0, 5, 6)) == (Finding.TOO_FAST, "too fast: told 5 s, waited 1.0 s")
    assert verdict_on(polled(0, 5, 6, 11)) == (
        Finding.KEEPS_PACE,
        "keeps pace: told 5 s, waited 5.0 s; 1 too early before",
    )


def test_the_last_waits_are_kept_with_what_was_asked_then() -> None:
    cadence = polled(0, 5, 6)
    cadence.note(11, 10)
    cadence.note(16, None)
    assert list(cadence.waits) == [(5, 5, False), (1, 5, True), (5, 5, False), (5, 10, True)]


def test_of_many_waits_the_newest_are_kept() -> None:
    cadence = polled(*range(0, 500, 5))
    assert len(cadence.waits) == WAITS_KEPT == 30
