"""The order in which entries make room: those that nobody uses go before those in use.

Whoever floods the server, be it with registrations that are never used or with codes that nobody polls
for, pushes out what is of that kind, and no client that is at work (T-46).
"""

from collections import OrderedDict
from dataclasses import dataclass, field

NEVER_USED, USED = 0, 1
"""Ranks of registrations: whether anybody came back with one. Used ones go by their last use."""
OVER, UNPOLLED, AWAITED = 0, 1, 2
"""Ranks of device authorizations and browser sign-ins, by who waits for them: nobody any more; perhaps a
client, which has not asked yet; a client that polls, or a browser on its page."""
ENDED, LIVE = 0, 1
"""Ranks of sessions: whether their tokens are good. Live ones go by their last use."""
_RANKS = 3


def _empty() -> tuple["OrderedDict[str, None]", ...]:
    return tuple(OrderedDict() for _ in range(_RANKS))


@dataclass(slots=True)
class EvictionOrder:
    """Keys by rank, and within a rank in the order in which they were placed there last.

    Every step takes the same time however many there are: a plain dictionary steps over all that was
    removed from its front before it finds its first key.
    """

    ranks: tuple["OrderedDict[str, None]", ...] = field(default_factory=_empty)

    def place(self, key: str, rank: int) -> None:
        """Put a key, new or not, behind all others of a rank."""
        ranked = self.ranks[rank]
        try:
            ranked.move_to_end(key)  # as for nearly every poll
        except KeyError:
            self.remove(key)
            ranked[key] = None

    def remove(self, key: str) -> None:
        """Forget a key, if it is known."""
        for ranked in self.ranks:
            ranked.pop(key, None)

    def clear(self) -> None:
        """Forget all keys."""
        for ranked in self.ranks:
            ranked.clear()

    def first(self) -> str:
        """The key that goes first; there must be one."""
        return next(next(iter(ranked)) for ranked in self.ranks if ranked)
