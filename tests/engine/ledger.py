"""A second opinion on what is true: plain bookkeeping that asks the engine for nothing.

It keeps time in whole milliseconds and each device's deeds as a list of words; decision, expiry and
interval are worked out from that list each time, so undo is nothing but a ``pop``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

PACE_PROFILES = {"aws": 1, "rfc": 5}
LIFETIME_MS = 60_000
REGISTRATION_MS = 400_000
MAX_CLIENTS = 4
MAX_DEVICES = 6


@dataclass
class Registration:
    has_scopes: bool
    registered_ms: int


@dataclass
class Card:
    """One device code."""

    client_id: str
    issued_ms: int
    deeds: list[str] = field(default_factory=list)
    owed: int = 0
    growth_s: int = 0
    window_ms: int | None = None
    window_grew: bool = False
    is_taken: bool = False
    polls: int = 0

    @property
    def decision(self) -> str:
        decisions = [deed for deed in self.deeds if deed in {"approve", "deny"}]
        return decisions[-1] if decisions else "none"


@dataclass
class Ledger:
    """Everything that should be true; ``at_ms`` and ``tick_ms`` count from the start."""

    profile: str
    expired_as: str
    at_ms: int = 0
    tick_ms: int = 0
    clients: dict[str, Registration] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)

    def register(self, client_id: str, *, has_scopes: bool) -> None:
        if len(self.clients) == MAX_CLIENTS:
            del self.clients[min(self.clients, key=list(self.clients).index)]
        self.clients[client_id] = Registration(has_scopes, self.at_ms)

    def authorize(self, user_code: str, client_id: str) -> None:
        if len(self.cards) == MAX_DEVICES:
            del self.cards[min(self.cards, key=list(self.cards).index)]
        self.cards[user_code] = Card(client_id, self.at_ms)

    def sweep(self) -> None:
        self.cards = dict(self._remembered())

    def reset(self) -> None:
        self.clients, self.cards = {}, {}

    def has_lapsed(self, card: Card) -> bool:
        return "expire" in card.deeds or self.at_ms - card.issued_ms >= LIFETIME_MS

    def stands(self, card: Card) -> str:
        """The device's state in a word."""
        if card.is_taken:
            return "collected"
        if self.has_lapsed(card):
            return "expired"
        return {"none": "pending", "approve": "approved", "deny": "denied"}[card.decision]

    def interval_s(self, card: Card) -> int:
        return PACE_PROFILES[self.profile] + 5 * card.deeds.count("slow_down") + card.growth_s

    def answer(self, user_code: str, by: str, *, is_secret_right: bool = True) -> str:
        """What a poll for this code would be told now."""
        card = dict(self._remembered()).get(user_code)
        if card is None:
            return "invalid_grant"
        client = self.clients.get(by)
        if client is None or not is_secret_right:
            return "invalid_client"
        if self.at_ms - client.registered_ms >= REGISTRATION_MS:
            return "invalid_client"
        return self._answer_rightful(card) if by == card.client_id else "invalid_grant"

    def poll(self, user_code: str) -> str:
        """The rightful client polls."""
        answer = self.answer(user_code, self.owner(user_code))
        card = self.cards.get(user_code)
        if card is None or answer == "invalid_client" or self._is_forgettable(card):
            return answer
        self._pace(card)
        card.polls += 1
        card.is_taken = card.is_taken or answer == "token"
        return answer

    def owner(self, user_code: str) -> str:
        return self.cards[user_code].client_id if user_code in self.cards else "nobody"

    def may(self, deed: str, user_code: str) -> bool:
        card = self.cards.get(user_code)
        if card is None:
            return False
        if deed == "undo":
            return bool(card.deeds) and not card.is_taken
        allowed = {"pending"} if deed != "expire" else {"pending", "approved", "denied"}
        return self.stands(card) in allowed

    def do(self, deed: str, user_code: str) -> None:
        """Carry out what ``may`` allows."""
        card = self.cards[user_code]
        if deed == "undo":
            if card.deeds.pop() == "slow_down":
                card.owed = max(0, card.owed - 1)
        else:
            card.deeds.append(deed)
            card.owed += deed == "slow_down"

    def _answer_rightful(self, card: Card) -> str:
        stands = self.stands(card)
        if stands == "pending":
            is_slowed = card.owed > 0 or self._is_early(card)
            return "slow_down" if is_slowed else "authorization_pending"
        return {
            "collected": "invalid_grant",
            "expired": self.expired_as,
            "denied": "access_denied",
            "approved": "token",
        }[stands]

    def _is_early(self, card: Card) -> bool:
        if self.profile == "aws" or card.window_ms is None:
            return False
        interval_ms = 1000 * self.interval_s(card)
        return self.tick_ms - card.window_ms < min(interval_ms - 250, interval_ms * 9 // 10)

    def _pace(self, card: Card) -> None:
        is_pending = self.stands(card) == "pending"
        if is_pending and card.owed:
            card.owed -= 1
        elif is_pending and self._is_early(card):
            card.growth_s += 0 if card.window_grew else 5
            card.window_grew = True
            return
        card.window_ms, card.window_grew = self.tick_ms, False

    def _is_forgettable(self, card: Card) -> bool:
        return self.at_ms - card.issued_ms >= 2 * LIFETIME_MS

    def _remembered(self) -> Iterator[tuple[str, Card]]:
        for user_code, card in self.cards.items():
            if not self._is_forgettable(card):
                yield user_code, card
