"""What somebody wrote by hand is an answer that HTTP allows, or is objected to."""

import pytest

from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.wire.edited import objection_to


@pytest.mark.parametrize(
    "decision",
    [
        HeldDecision(how="edit", status=199),
        HeldDecision(how="edit", status=600),
        HeldDecision(how="edit", headers=(("X A", "b"),)),
        HeldDecision(how="edit", headers=(("", "b"),)),
        HeldDecision(how="edit", headers=(("X-A", "b\r\nX-B: c"),)),
        HeldDecision(how="edit", headers=(("X-A", "\u20ac"),)),
    ],
)
def test_what_would_break_the_frame_is_refused(decision: HeldDecision) -> None:
    assert objection_to(decision)


def test_anything_else_is_the_operators_business() -> None:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    assert objection_to(HeldDecision(how="edit", status=500, headers=headers)) is None
