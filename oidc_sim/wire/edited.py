"""What HTTP allows of an answer that somebody wrote by hand (RFC 9110 §5 and §15).

How long the body is and whether the connection stays is said by the server: a frame that is broken on
purpose is a fault's business.
"""

import re

from oidc_sim.engine.arrival import HeldDecision

OURS = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that follow from the body and the connection, whatever is written."""
BODILESS = frozenset({204, 304})
"""Statuses that have no body (RFC 9110 §6.4.1)."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_LEAST, _MOST = 200, 599
STATUS_RULE = f"a status is a number from {_LEAST} to {_MOST}"


def objection_to(decision: HeldDecision) -> str | None:
    """What HTTP does not allow about an edited answer, in a sentence."""
    if decision.status is not None and not _LEAST <= decision.status <= _MOST:
        return STATUS_RULE
    for name, value in decision.headers:
        if not _TOKEN.fullmatch(name):
            return f"{name[:60]!r} is no name of a header"
        if not _VALUE.fullmatch(value):
            return f"the value of {name[:60]} has a character that no header may have"
    return None
