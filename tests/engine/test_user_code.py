import pytest

from oidc_sim.engine.model import canonical_user_code


@pytest.mark.parametrize(
    "typed",
    ["WDJB-MJHT", "wdjb-mjht", "WDJBMJHT", " wdjb mjht ", "W-D-J-B-M-J-H-T", "WDJB\u2013MJHT\n"],
)
def test_a_code_is_found_however_a_person_types_it(typed: str) -> None:
    assert canonical_user_code(typed) == "WDJB-MJHT"


@pytest.mark.parametrize("typed", ["", "-", "WDJB", "WDJB-MJH", "WDJB-MJHTX", "éàü", "\x1b[2J" * 9])
def test_anything_else_becomes_no_code_that_was_given_out(typed: str) -> None:
    assert canonical_user_code(typed) != "WDJB-MJHT"


def test_no_dash_is_made_up_where_no_whole_code_was_typed() -> None:
    assert [*map(canonical_user_code, ("xxxx", "WDJB-MJH", ""))] == ["XXXX", "WDJBMJH", ""]


def test_a_canonical_code_stays_as_it_is() -> None:
    once = canonical_user_code("wdjb mjht")
    assert canonical_user_code(once) == once
