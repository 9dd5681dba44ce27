"""An answer as the operator wrote it, in a frame that HTTP allows.

What the operator chose is sent, but how long the body is and whether the connection stays is said by
us: a frame that is broken on purpose is a fault's business.
"""

import re
from http import HTTPStatus

from oidc_sim.engine.arrival import Decision
from oidc_sim.server.raw_response import RawResponse

_OURS = frozenset({"content-length", "transfer-encoding", "connection"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_LEAST, _MOST = 200, 599
_BODILESS = frozenset({204, 304})


def objection_to(decision: Decision) -> str | None:
    """What HTTP does not allow about an edited answer, in a sentence (RFC 9110 §5)."""
    if decision.status is not None and not _LEAST <= decision.status <= _MOST:
        return f"a status is a number from {_LEAST} to {_MOST}"
    for name, value in decision.headers:
        if not _TOKEN.fullmatch(name):
            return f"{name[:60]!r} is no name of a header"
        if not _VALUE.fullmatch(value):
            return f"the value of {name[:60]} has a character that no header may have"
    return None


def edited_response(decision: Decision) -> RawResponse:
    """The answer, of a decision that nothing was objected to."""
    status, body = decision.status or HTTPStatus.OK, decision.body or b""
    lines = [f"{name}: {value}" for name, value in decision.headers if name.lower() not in _OURS]
    if status not in _BODILESS:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: keep-alive")
    top = "\r\n".join([f"HTTP/1.1 {int(status)} {_phrase(status)}", *lines, "", ""])
    return RawResponse(status, top.encode("latin-1"), b"" if status in _BODILESS else body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
