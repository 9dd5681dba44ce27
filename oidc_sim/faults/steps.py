"""The plan of a fault, as steps that a client sees, and the case from which it is made.

A step sends bytes, pauses, or ends the connection in one of four ways; everything reduces to that.
``oidc_sim.server.http.responses`` carries it out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oidc_sim.engine.arrival import Setting
from oidc_sim.wire.answers import Answer, ErrorTypeForm, compact_json, head
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.http import Response, json_members
from oidc_sim.wire.operations import PORTAL_OPERATIONS
from oidc_sim.wire.portal import TOO_MANY_REQUESTS, PortalProblem


class How(StrEnum):
    """The ways in which a plan leaves its connection."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    """RST, even with unsent bytes."""
    NEVER = "never"
    """It stays open and silent until the client goes or the server stops."""


@dataclass(frozen=True, slots=True)
class Send:
    """Write these bytes as one segment."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing for so many real seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class End:
    """End the plan, and perhaps the connection."""

    how: How


Plan = tuple[Send | Pause | End, ...]
"""Steps in order. Without an ``End`` at their end, the true answer follows, unchanged."""
_PORTAL = frozenset(operation.name for operation in PORTAL_OPERATIONS)
AS_IT_IS: Plan = ()
"""The fault has nothing to do to this answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The request, settings and true answer from which a plan is made."""

    settings: Mapping[str, Setting] = field(default_factory=dict)
    truth: Response | None = None
    """The true answer; None for a fault that does not act after it."""
    operation: str | None = None
    client_id: str = ""
    request_body: bytes = b""
    """Given to a fault that acts before the true answer."""
    request_id: str = ""
    date: str = ""
    """As ``http_date`` gives it."""
    at: float = 0.0
    """Simulated time, seconds since 1970."""
    tick: float = 0.0
    """Real monotonic seconds."""
    error_type: ErrorTypeForm = ErrorTypeForm.FULL
    url: str = ""
    """This server's base URL."""
    turn: int = 0
    """The number of requests that the rule caught before, as a seed of chance."""

    def number(self, name: str) -> float:
        """A setting that is a number."""
        value = self.settings[name]
        assert isinstance(value, int | float)  # noqa: S101 - settings are judged before
        return value

    def text(self, name: str) -> str:
        """A setting that is a text."""
        return str(self.settings[name])

    @property
    def true(self) -> Response:
        """The true answer, where there is one."""
        assert self.truth is not None  # noqa: S101 - the catalogue says when
        return self.truth


Maker = Callable[[Case], Plan]
"""Makes the plan of a fault for one request."""


def whole(response: Response) -> Plan:
    """Send an answer as it is; the connection stays if its head says so."""
    closes = response.header("Connection") == b"close"
    return (Send(response.data), End(How.CLOSE if closes else How.KEEP))


def with_head(case: Case, answer: Answer) -> Response:
    """Put AWS's head before an answer."""
    top = head(answer, request_id=case.request_id, date=case.date, error_type=case.error_type)
    return Response.parse(top + answer.body)


@dataclass(frozen=True, slots=True)
class Answering:
    """Makes plans that answer with one of the services' errors."""

    problem: Problem | PortalProblem
    more: Callable[[Case], Mapping[str, object]] = lambda _: {}
    """Further members of the body."""

    def __call__(self, case: Case) -> Plan:
        """Make the plan for one request."""
        answer = self.problem.answer()
        if more := self.more(case):
            answer = answer._replace(body=compact_json(json_members(answer.body) | dict(more)))
        return whole(with_head(case, answer))


def too_many(case: Case, status: int, retry_after: int) -> Plan:
    """Refuse in the portal's words for its operations, in the service's framework's for the others."""
    if case.operation in _PORTAL:
        answer = TOO_MANY_REQUESTS.answer()._replace(status=status)
    else:
        body = compact_json({"message": "Too Many Requests"})
        answer = Answer(status, body, "TooManyRequestsException", "throttled")
    return whole(with_head(case, answer).having("Retry-After", str(retry_after)))
