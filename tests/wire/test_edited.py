"""What somebody wrote by hand is an answer that HTTP allows, or is objected to."""

import pytest

from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.wire.edited import edited_response, objection_to


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


def test_length_and_connection_are_ours_to_say() -> None:
    headers = (("Transfer-Encoding", "chunked"), ("connection", "close"), ("X-A", "b"))
    response = edited_response(HeldDecision(how="edit", status=201, headers=headers, body=b"abc"))
    assert response.data == (
        b"HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc"
    )


def test_a_status_without_a_body_gets_none() -> None:
    response = edited_response(HeldDecision(how="edit", status=204, body=b"abc"))
    assert response.data == b"HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"


def test_a_status_that_nobody_named_has_no_phrase() -> None:
    assert edited_response(HeldDecision(how="edit", status=599)).head.startswith(
        b"HTTP/1.1 599 \r\n"
    )
