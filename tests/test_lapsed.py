"""What a step did, in words."""

from oidc_sim.engine.replies import Lapses
from oidc_sim.lapsed import lapsed


def test_what_lapsed_is_counted_by_kind() -> None:
    assert lapsed(Lapses(codes=2, tokens=1)) == "2 codes expired, 1 token expired"
    assert lapsed(Lapses(credentials=1)) == "1 role credential expired"
    assert lapsed(Lapses()) == "nothing expired"
