"""What a filter can ask for by name."""

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
LATE = frozenset({*NUMBERS, *FLAGS})
"""What nobody knows of a request before it is answered."""
STATES = ("approved", "collected", "denied", "expired", "pending")
"""What stands after ``state:``, for completion."""


def names(fields: frozenset[str]) -> str:
    """Fields for a sentence: ``agent:, client: or code:``."""
    *most, last = [f"{name}:" for name in sorted(fields)]
    return f"{', '.join(most)} or {last}" if most else last
