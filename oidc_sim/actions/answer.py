"""The request and the answer of every action, and its refusals."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_sim.engine.replies import Hindrance, Impossible, Reply

_STATUS = {Hindrance.UNKNOWN: 404, Hindrance.CONFLICT: 409}
OK = 200
Later = Callable[[Callable[[], None]], Mapping[str, Any]]
"""Work whose argument is called between two pieces: it raises when nobody wants the members any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRequest:
    """One wish."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """What stands for the ``{name}`` segments of the route."""
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    """JSON, or nothing."""

    @property
    def number(self) -> int:
        """The number in the path; 0, which nothing has, for what is none."""
        return number_of(self.texts["number"]) or 0


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """The outcome of an action."""

    status: int
    """200, 400 for a body that makes no sense, 404 or 409 for what cannot be done."""
    members: Mapping[str, Any] = field(default_factory=dict)
    later: Later | None = None
    """Gives the members instead, where that takes long: to be called in a thread."""
    turns: Iterable[None] = ()
    """What is still to be done, a turn of the event loop each, before the members are right."""

    @property
    def is_ok(self) -> bool:
        """True when the action was done."""
        return self.status == OK


Act = Callable[[ControlRequest], ControlAnswer]


def number_of(text: str) -> int | None:
    """A number of the log, a request or a rule as it came; None for what is none."""
    is_number = text.isascii() and text.isdigit() and len(text) < len(str(2**63))
    return int(text) if is_number else None


def done(members: Mapping[str, Any]) -> ControlAnswer:
    """Answer yes, with these members."""
    return ControlAnswer(OK, members)


def answer_to(reply: Reply, members: Mapping[str, Any]) -> ControlAnswer:
    """Answer with these members, unless the engine says why not."""
    if isinstance(reply, Impossible):
        return refusal(_STATUS[reply.hindrance], reply.hindrance, reply.why)
    return done(members)


def bad_request(reason: str) -> ControlAnswer:
    """Refuse a body that makes no sense; ``reason`` is a sentence."""
    return refusal(400, "bad_request", reason)


def refusal(status: int, error: str, reason: str) -> ControlAnswer:
    """Answer no, with a word for programs and a sentence for people."""
    return ControlAnswer(status, {"error": error, "reason": reason})
