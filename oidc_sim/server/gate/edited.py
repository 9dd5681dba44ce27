"""An answer as the operator wrote it, in a frame that HTTP allows; ``wire.edited`` says what it does.

It is sent instead of doing what the request asks for, or in place of the true answer after doing it.
"""

from http import HTTPStatus

from oidc_sim.engine.arrival import Decision
from oidc_sim.server.gate.caught import EDITED, Row, note_answer
from oidc_sim.server.http.raw_response import RawResponse
from oidc_sim.wire.edited import BODILESS, OURS


def answer_truly(decision: Decision, row: Row) -> RawResponse:
    """The edited answer of a request that has been done, with the true answer's values; noted in its row.

    Where the true answer is of another kind than the foretold one, nothing of it fits: what was written
    is sent, and the outcome says which the true one was.

    Args:
        decision: Somebody's, that nothing was objected to.
        row: The request's, with what its service answered.
    """
    outcome, done = EDITED, row.answered or row.pending
    if decision.foretold:
        from oidc_sim.wire.foretold import is_as_foretold, with_true_values  # seldom asked for

        true = done.response_head + done.response_body
        if is_as_foretold(decision.foretold, true):
            decision = with_true_values(decision, true)
        else:
            outcome = f"{EDITED} (true: {done.outcome})"
    response = edited_response(decision)
    note_answer(row, response.status, outcome, response.head, response.content)
    return response


def edited_response(decision: Decision) -> RawResponse:
    """The answer, of a decision that nothing was objected to."""
    status, body = decision.status or HTTPStatus.OK, decision.body or b""
    lines = [f"{name}: {value}" for name, value in decision.headers if name.lower() not in OURS]
    if status not in BODILESS:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: keep-alive")
    top = "\r\n".join([f"HTTP/1.1 {int(status)} {_phrase(status)}", *lines, "", ""])
    return RawResponse(status, top.encode("latin-1"), b"" if status in BODILESS else body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
