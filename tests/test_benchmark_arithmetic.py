import json
import math

import pytest

from tests.benchmarks.arithmetic import paired_difference, paired_ratio, percentile
from tests.benchmarks.figures import Bound, Figure, table
from tests.benchmarks.load import end_of_answer


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 99, 7.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([4.0, 3.0, 2.0, 1.0], 50, 2.0),
        (list(map(float, range(1, 101))), 95, 95.0),
        (list(map(float, range(1, 101))), 99, 99.0),
        (list(map(float, range(1, 101))), 100, 100.0),
        (list(map(float, range(1, 11))), 99, 10.0),
    ],
)
def test_a_percentile_is_the_value_of_the_nearest_rank(
    values: list[float], share: int, expected: float
) -> None:
    assert percentile(values, share) == expected


def test_a_ratio_compares_each_turn_with_its_neighbour_before_it_takes_the_median() -> None:
    slow_machine_in_the_second_turn = [100.0, 10.0, 90.0], [50.0, 5.0, 30.0]
    assert paired_ratio(*slow_machine_in_the_second_turn) == 2


def test_a_difference_is_the_median_of_the_turns_differences() -> None:
    assert paired_difference([1.0, 5.0, 2.0], [0.5, 1.0, 1.0]) == 1


def test_turns_that_lack_their_neighbour_are_no_ratio() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired_ratio([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("bound", "measured", "is_met"),
    [
        (Bound.AT_LEAST, 0.85, True),
        (Bound.AT_LEAST, 0.849, False),
        (Bound.AT_MOST, 0.85, True),
        (Bound.AT_MOST, 0.851, False),
    ],
)
def test_a_target_is_met_on_its_own_side_only(
    bound: Bound, measured: float, *, is_met: bool
) -> None:
    assert _figure(bound=bound, measured=measured).is_met is is_met


def test_a_missed_figure_says_so_in_the_table_and_to_programs() -> None:
    missed = _figure(measured=0.5, doubt="it rained")
    assert list(table([missed]))[1].endswith("≥ 0.85       0.5  MISSED; it rained")
    assert json.loads(missed.to_json())["met"] is False


@pytest.mark.parametrize(
    ("measured", "printed"),
    [(0.94855, "0.949"), (13.04, "13"), (10_000, "10,000"), (math.inf, "inf")],
)
def test_a_number_is_printed_in_a_few_digits(measured: float, printed: str) -> None:
    assert list(table([_figure(measured=measured)]))[1].split()[3] == printed


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"HTTP/1.1 400 Bad", None),
        (b"HTTP/1.1 400 B\r\nContent-Length: 2\r\n\r\n{", None),
        (b"HTTP/1.1 400 B\r\nContent-Length: 2\r\n\r\n{}", 39),
        (b"HTTP/1.1 400 B\r\ncontent-length: 2\r\nA: b\r\n\r\n{}HTTP", 45),
    ],
)
def test_an_answer_ends_where_its_length_says(data: bytes, end: int | None) -> None:
    assert end_of_answer(data) == end


def _figure(*, measured: float, bound: Bound = Bound.AT_LEAST, doubt: str = "") -> Figure:
    return Figure(
        name="polls", what="polls", measured=measured, bound=bound, target=0.85, doubt=doubt
    )


def test_a_turn_in_which_nothing_was_measured_is_left_out_of_a_ratio() -> None:
    assert paired_ratio([1, 2, 9], [2, 4, 0]) == 0.5
    assert paired_ratio([1], [0]) == math.inf
