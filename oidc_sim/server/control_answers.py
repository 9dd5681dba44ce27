"""What the control routes of rules and held requests have in common."""

from collections.abc import Mapping
from typing import Any

from aiohttp.web import StreamResponse

from oidc_sim.engine.replies import Hindrance, Impossible, Reply
from oidc_sim.server.plain import json_reply

_STATUS = {Hindrance.UNKNOWN: 404, Hindrance.CONFLICT: 409}


def number_in(match: Mapping[str, str]) -> int:
    """The number in a path; 0, which nothing has, for what is none."""
    text = match["number"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0


def told(reply: Reply, members: Mapping[str, Any]) -> StreamResponse:
    """These members, unless the engine says why not."""
    if isinstance(reply, Impossible):
        problem = {"error": reply.hindrance, "reason": reply.why}
        return json_reply(_STATUS[reply.hindrance], problem)
    return json_reply(200, members)


def bad_request(reason: str) -> StreamResponse:
    """The body makes no sense; ``reason`` is a sentence."""
    return json_reply(400, {"error": "bad_request", "reason": reason})
