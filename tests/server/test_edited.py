"""Answers that an operator wrote stand in a frame that HTTP allows."""

from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.server.gate.gate import edited_response


def test_length_and_connection_are_ours_to_say() -> None:
    headers = (("Transfer-Encoding", "chunked"), ("connection", "close"), ("X-A", "b"))
    response = edited_response(HeldDecision(how="edit", status=201, headers=headers, body=b"abc"))
    assert response.whole == (
        b"HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc"
    )


def test_a_status_without_a_body_gets_none() -> None:
    response = edited_response(HeldDecision(how="edit", status=204, body=b"abc"))
    assert response.whole == b"HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"


def test_a_status_that_nobody_named_has_no_phrase() -> None:
    assert edited_response(HeldDecision(how="edit", status=599)).head.startswith(
        b"HTTP/1.1 599 \r\n"
    )
