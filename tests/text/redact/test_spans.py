"""Stretches are replaced once, however they lie over each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.text.redact.marks import Span, cut_span, replaced

DATA = b"0123456789"


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], DATA),
        ([Span(2, 4, b"x")], b"01x456789"),
        ([Span(6, 8, b"y"), Span(2, 4, b"x")], b"01x45y89"),
        ([Span(3, 4, b"y"), Span(2, 6, b"x")], b"01x6789"),
        ([Span(2, 4, b"y"), Span(2, 6, b"x")], b"01x6789"),
        ([Span(2, 6, b"x"), Span(4, 8, b"y")], b"01x89"),
    ],
)
def test_the_outer_one_counts_and_no_part_of_another_is_left(
    spans: list[Span], shown: bytes
) -> None:
    assert replaced(DATA, spans) == shown


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5))))
def test_nothing_that_is_to_be_replaced_is_left(places: list[tuple[int, int]]) -> None:
    spans = [Span(at, min(at + size, len(DATA)), b"") for at, size in places]
    gone = {place for span in spans for place in range(span.start, span.end)}
    assert replaced(DATA, spans) == bytes(it for at, it in enumerate(DATA) if at not in gone)


def test_a_secret_is_cut_to_its_ends() -> None:
    assert cut_span(b"xx" + b"a" * 20, 2, 22) == Span(2, 22, b"aaaa...aaaa")
