"""Filters on requests that have come and are not answered yet, for holds and faults."""

from dataclasses import dataclass

from oidc_sim.engine.arrival import Arrival, Filter
from oidc_sim.filtering import Expression, Fields, FilterError, parse
from oidc_sim.filtering.fields import TEXTS
from oidc_sim.filtering.nodes import Facts

ARRIVAL_FIELDS = Fields(frozenset(TEXTS), "{} is not known when a request arrives")
"""What holds and faults can ask for; the rest only the answer tells."""


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """A filter's text that was read, asked of arrivals."""

    expression: Expression

    @property
    def text(self) -> str:
        """As it was typed."""
        return self.expression.text

    @property
    def narrows(self) -> bool:
        """Whether it names something that a request must have."""
        return self.expression.narrows

    def matches(self, arrival: Arrival) -> bool:
        """Whether the request is meant."""
        return self.expression.matches(facts_of(arrival))


def request_filter(text: str) -> Filter | FilterError:
    """Read a filter for requests before their answer; what only the answer tells is an error."""
    expression = parse(text, ARRIVAL_FIELDS)
    return expression if isinstance(expression, FilterError) else RequestFilter(expression)


def facts_of(arrival: Arrival) -> Facts:
    """An arrival by the names that filters use."""
    return {
        "agent": arrival.user_agent,
        "client": tuple(one for one in (arrival.client_name, arrival.client_id) if one),
        "code": arrival.user_code,
        "endpoint": arrival.endpoint,
        "grant": arrival.grant_type,
        "ip": arrival.address,
        "op": arrival.operation,
        "scope": arrival.scopes,
        "state": arrival.state,
    }
