"""What a cadence comes to, in words."""

from oidc_sim.conformance.cadence import WAITS_KEPT, Cadence, Finding, verdict_on


def polled(*ticks: float, announced_s: int = 5) -> Cadence:
    cadence = Cadence(announced_s)
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


def test_the_sentence_names_what_the_client_was_told_before_its_last_wait() -> None:
    slowed = polled(0, 1, 2, announced_s=1)
    slowed.note(3, 6)
    assert verdict_on(slowed) == (Finding.KEEPS_PACE, "keeps pace: told 1 s, waited 1.0 s")
    hasty = polled(0, 1, announced_s=1)
    hasty.note(1.3, 6)
    assert verdict_on(hasty) == (Finding.TOO_FAST, "too fast: told 1 s, waited 0.30 s")


def test_only_the_second_poll_is_called_so() -> None:
    second = Cadence(5)
    for tick, slowed_to_s in ((0, None), (0, 10)):
        second.note(tick, slowed_to_s)
    assert verdict_on(second) == (
        Finding.NOT_JUDGED,
        "second poll at once: told 5 s, waited 0.00 s; not judged",
    )
    for tick, slowed_to_s in ((10, 15), (25, 20), (45, None)):
        second.note(tick, slowed_to_s)
        found = verdict_on(second)
        assert found is not None
        assert found.finding is Finding.KEEPS_PACE
