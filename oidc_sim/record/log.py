"""Everything that happened, under one sequence of numbers."""

from dataclasses import dataclass
from functools import lru_cache

from oidc_sim.engine.events import Event
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.ring import Ring

EXCHANGES_KEPT = 10_000
"""ui.md §6: what the request list can show."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event or exchange, and its number in the log."""

    seq: int
    what: Event | Exchange


class Log:
    """Two rings over the same happenings: every entry in order, and the exchanges by themselves."""

    def __init__(self, exchanges_kept: int = EXCHANGES_KEPT) -> None:
        self.entries: Ring[Entry] = Ring(2 * exchanges_kept)
        self.exchanges: Ring[Exchange] = Ring(exchanges_kept)

    @property
    def seq(self) -> int:
        """Number of the newest entry; it moves whenever anything happened."""
        return self.entries.seen

    def note(self, event: Event) -> None:
        """Add an event of the engine."""
        self.entries.append(Entry(self.entries.seen + 1, event))

    def record(self, exchange: Exchange) -> None:
        """Add an exchange, whose number is ``exchanges.seen + 1``."""
        self.exchanges.append(exchange)
        self.entries.append(Entry(self.entries.seen + 1, exchange))


@lru_cache(maxsize=1024)
def same_bytes(body: bytes) -> bytes:
    """The first of equal bodies: a client's polls are all alike, so they are kept once."""
    return body
