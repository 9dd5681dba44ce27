"""Whether a filter names something that a row must have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.filtering import Expression, parse


def narrows(text: str) -> bool:
    read = parse(text)
    assert isinstance(read, Expression), read
    return read.narrows


@pytest.mark.parametrize(
    "text",
    [
        *("aws", "a*", "client:aws*", 'client:"*"', "status>=400", "held", "code:BCDF-GHJK"),
        *("aws & !zz", "!!aws", "!(!aws | !b)", "!(!aws & !boto)", "aws | boto", "ip=127.0.0.1"),
    ],
)
def test_what_names_something_narrows(text: str) -> None:
    assert narrows(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "**", "?*", "client:*", "op=*", "!zz", "client!=zz", "!held", "!(a & b)"),
        *("!zz & !yy", "aws | !zz", "* | aws", "* & !zz", "!(!aws & zz)", "!!*"),
    ],
)
def test_wildcards_and_what_is_left_out_do_not(text: str) -> None:
    assert not narrows(text)


@given(st.text(alphabet="ab*!|& ()", max_size=20))
def test_what_fits_a_row_of_nothing_names_nothing(text: str) -> None:
    read = parse(text)
    if isinstance(read, Expression) and read.matches({}):
        assert not read.narrows
