"""What a step did, in words."""

from oidc_sim.actions.typed_answers import expired_now
from oidc_sim.engine.replies import Expiries


def test_what_lapsed_is_counted_by_kind() -> None:
    assert expired_now(Expiries(codes=2, tokens=1)) == "2 codes expired, 1 token expired"
    assert expired_now(Expiries(credentials=1)) == "1 role credential expired"
    assert expired_now(Expiries()) == "nothing expired"


def test_codes_that_a_poll_finds_no_more_are_told_apart() -> None:
    gone = "expired and forgotten (polls get invalid_grant)"
    assert expired_now(Expiries(codes=6, forgotten=6)) == f"6 codes {gone}"
    assert expired_now(Expiries(codes=3, forgotten=1)) == f"2 codes expired, 1 code {gone}"
