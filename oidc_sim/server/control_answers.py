"""What the control routes have in common: how they refuse, and how they read a number in a path."""

from collections.abc import Mapping
from typing import Any

from aiohttp.web import StreamResponse

from oidc_sim.engine.replies import Hindrance, Impossible, Reply
from oidc_sim.server.plain import json_reply

_STATUS = {Hindrance.UNKNOWN: 404, Hindrance.CONFLICT: 409}


def number_in(match: Mapping[str, str]) -> int:
    """The number in a path; 0, which nothing has, for what is none."""
    return number_of(match["number"]) or 0


def number_of(text: str) -> int | None:
    """A number of the log or of a rule as it came; None for what is none."""
    is_number = text.isascii() and text.isdigit() and len(text) < len(str(2**63))
    return int(text) if is_number else None


def told(reply: Reply, members: Mapping[str, Any]) -> StreamResponse:
    """These members, unless the engine says why not."""
    if isinstance(reply, Impossible):
        return refusal(_STATUS[reply.hindrance], reply.hindrance, reply.why)
    return json_reply(200, members)


def bad_request(reason: str) -> StreamResponse:
    """The body makes no sense; ``reason`` is a sentence."""
    return refusal(400, "bad_request", reason)


def refusal(status: int, error: str, reason: str) -> StreamResponse:
    """No: a word for programs and a sentence for people."""
    return json_reply(status, {"error": error, "reason": reason})
