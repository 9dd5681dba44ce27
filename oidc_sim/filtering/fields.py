"""What a filter can ask for by name."""

from dataclasses import dataclass

TEXTS = {
    "agent": "a user agent",
    "client": "a client",
    "code": "a user code",
    "endpoint": "an endpoint",
    "grant": "a grant type",
    "ip": "an address",
    "op": "an operation",
    "scope": "a scope",
    "state": "a state",
}
"""Fields that hold a text, or several of which one is enough, with their English."""
NUMBERS = {"ms": "a duration in ms", "status": "a status"}
"""Fields that hold a number, with their English."""
FLAGS = {"error": "an error", "fault": "an injected fault", "held": "a hold"}
"""Words that ask for a yes, with their English; quoted they are words like any other."""
STATES = ("approved", "collected", "denied", "expired", "pending")
"""What stands after ``state:``, for completion."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What is known of the rows that a filter lies over: to ask for anything else is a mistake."""

    names: frozenset[str]
    lacking: str = "{} is not known here"
    """Says of a field in ``{}`` that these rows have none."""

    @property
    def expected(self) -> str:
        """What takes a value, for a sentence: ``agent:, client: or code:``."""
        *most, last = [f"{name}:" for name in sorted(self.names - {*FLAGS})]
        return f"{', '.join(most)} or {last}" if most else last


EVERY_FIELD = Fields(frozenset({*TEXTS, *NUMBERS, *FLAGS}))
