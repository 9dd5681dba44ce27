"""Notices when somebody sends what looks like a real key or token of AWS's, and says so once (T-27).

Looked for now and then, apart from the answering of requests, and in the newest of them only: whoever
pastes a real secret does not do it a thousand times a second.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Ring
from oidc_sim.text.redact import as_sent, aws_secrets, redact

NEWEST = 100
BYTES = 64 * 1024
"""Requests, and bytes of them, that are looked at in one go: some milliseconds at most."""
_DOCUMENTED = b"EXAMPLE"
"""Ending of the keys in AWS's documents."""
_BODIES = 256
_HEADER = 40
"""Characters of a header's name that is told."""


class RealSecrets:
    """Looks through the requests as they come, until one has a real secret in it."""

    def __init__(self, exchanges: Ring[Exchange], is_issued: Callable[[str], bool]) -> None:
        """Begin with the next request.

        ``is_issued`` says whether an access key was issued here: it looks like AWS's and has no mark.
        """
        self._exchanges = exchanges
        self._looked_at = exchanges.seen
        self._is_over = False
        self._is_issued = is_issued
        self._is_real = lru_cache(_BODIES)(self._has_real)

    def look(self) -> str | None:
        """Say where something real-looking came, never what; None for nothing."""
        seen, self._looked_at = self._looked_at, self._exchanges.seen
        left = BYTES
        for number in range(max(seen, self._looked_at - NEWEST) + 1, self._looked_at + 1):
            exchange = None if self._is_over else self._exchanges.get(number)
            for place, data in _places(exchange) if exchange else ():
                left -= len(data)
                if left >= 0 and self._is_real(data):
                    self._is_over = True
                    return _note(f"{place} of request #{number}")
        return None

    def _has_real(self, data: bytes) -> bool:
        return any(
            not found.endswith(_DOCUMENTED) and not self._is_issued(found.decode("latin-1"))
            for found in aws_secrets(data)
        )


def _places(exchange: Exchange) -> Iterator[tuple[str, bytes]]:
    path, _, query = exchange.target.partition("?")
    yield "the path", as_sent(path)
    yield "the query", as_sent(query)
    yield "the body", exchange.request_body
    for name, value in exchange.request_headers:
        yield f"the header {redact(name)[:_HEADER].decode('latin-1')}", value


def _note(place: str) -> str:
    return (
        f"what looks like a real secret of AWS came in {place}: it is cut in all that is shown "
        "and written; if it is real, end it at AWS"
    )
