"""An answer as the operator wrote it, in a frame that HTTP allows; ``wire.edited`` says what it does."""

from http import HTTPStatus

from oidc_sim.engine.arrival import Decision
from oidc_sim.server.raw_response import RawResponse
from oidc_sim.wire.edited import BODILESS, OURS


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
