"""Rate and sparkline, from a counter looked at now and then."""

from oidc_sim.tui.bars.top_bar import Traffic


def test_before_a_second_is_over_there_is_no_rate() -> None:
    traffic = Traffic(100.2)
    assert not traffic.note(100.9, 50)
    assert traffic.rate == 0
    assert traffic.sparkline() == "▁" * 10


def test_a_client_that_polls_each_second_is_a_low_line() -> None:
    traffic = Traffic(100)
    for second in range(1, 15):
        assert traffic.note(100 + second, second)
    assert traffic.rate == 1
    assert traffic.sparkline() == "▂" * 10


def test_the_rate_follows_within_three_seconds() -> None:
    traffic = Traffic(0)
    seen = 0
    for second, count in enumerate([0, 0, 0, 0, 30, 30, 30, 0, 0, 0]):
        seen += count
        traffic.note(second + 1, seen)
    assert traffic.per_second() == (0, 0, 0, 0, 30, 30, 30, 0, 0, 0)
    assert traffic.sparkline() == "▁▁▁▁███▁▁▁"
    assert traffic.rate == 0


def test_a_burst_scales_the_line_to_its_maximum() -> None:
    traffic = Traffic(0)
    for second, seen in enumerate([7000, 7001, 10501]):
        traffic.note(second + 1, seen)
    assert traffic.sparkline() == "▁▁▁▁▁▁▁█▂▅"
    assert traffic.rate == 10501 / 3


def test_a_stall_counts_as_one_second_of_all_that_came() -> None:
    traffic = Traffic(0)
    traffic.note(1, 1)
    traffic.note(6, 101)
    assert traffic.per_second() == (1, 0, 0, 0, 0, 100)
    traffic.note(1000, 102)
    assert traffic.per_second() == (0,) * 9 + (1,)
