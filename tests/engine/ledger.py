"""A second opinion on what is true: plain bookkeeping that asks the engine for nothing.

It keeps time in whole milliseconds, tokens as they are, and each device's decisions as a list of words;
decision, expiry and interval are worked out from that list each time, so undo is nothing but a ``pop``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.engine.stays import Stays, Turn, turn

PACE_PROFILES = {"aws": 1, "rfc": 5}
LIFETIME_MS = 60_000
CODE_MS = 30_000
REGISTRATION_MS = 400_000
APPROVES_ITSELF_AFTER_MS = 1000
MAX_CLIENTS = 4
MAX_DEVICES = 6


@dataclass
class Registration:
    scopes: tuple[str, ...]
    is_for_browser: bool
    registered_ms: int
    turn: Turn
    """Of rank 1 once it was used."""
    is_ended: bool = False
    """An operator ended it before its time."""


@dataclass
class Card:
    """One device code, or one browser sign-in."""

    client_id: str
    issued_ms: int
    turn: Turn
    """Of rank 2 while somebody is known to wait for it, of rank 0 when nobody does any more."""
    is_browser: bool = False
    left_ms: int | None = None
    """When its browser was gone."""
    decisions: list[str] = field(default_factory=list)
    owed: int = 0
    told: int = 0
    """Slow_downs that the client got."""
    polled_ms: int | None = None
    is_excused: bool = False
    """Its last poll came after so long that its machine must have slept."""
    is_taken: bool = False
    polls: int = 0
    code_ms: int | None = None
    """When its browser was sent back with a code."""
    is_revoked: bool = False
    is_turned_away: bool = False
    is_in_hand: bool = False
    """A decision was taken back while sign-ins were approved by themselves."""

    @property
    def decision(self) -> str:
        decisions = [decision for decision in self.decisions if decision in {"approve", "deny"}]
        return decisions[-1] if decisions else "none"

    @property
    def ends_ms(self) -> int:
        return self.issued_ms + LIFETIME_MS if self.code_ms is None else self.code_ms + CODE_MS

    @property
    def is_over_ms(self) -> int:
        """From when on nobody remembers it, but for its session's sake."""
        return self.ends_ms + (self.ends_ms - self.issued_ms)


@dataclass
class Ledger:
    """Everything that should be true; ``at_ms`` and ``tick_ms`` count from the start."""

    profile: str
    expired_as: str
    stays: Stays
    approves_itself: bool = False
    at_ms: int = 0
    tick_ms: int = 0
    clients: dict[str, Registration] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    requests: dict[tuple[str, str], str] = field(default_factory=dict)
    """Client and state of a browser to the last sign-in that it began with them."""

    def let_time_pass(self, ms: int) -> None:
        self.at_ms += ms
        self.stays.at_ms = self.at_ms

    def register(self, client_id: str, scopes: tuple[str, ...], *, is_for_browser: bool) -> None:
        if len(self.clients) == MAX_CLIENTS:
            del self.clients[min(self.clients, key=lambda it: self.clients[it].turn)]
        self.clients[client_id] = Registration(scopes, is_for_browser, self.at_ms, turn(0))

    def use(self, client_id: str) -> None:
        """A client was heard of."""
        if client_id in self.clients:
            self.clients[client_id].turn = turn(1)

    def knows(self, client_id: str, *, is_secret_right: bool = True) -> bool:
        """Whether this client can be who it says, in its registration's time."""
        client = self.clients.get(client_id)
        if client is None or client.is_ended or not is_secret_right:
            return False
        return self._is_in_time(client)

    def may_change(self, client_id: str, *, is_ended: bool) -> bool:
        """Whether an operator can end this registration, or take that back: not when time did it."""
        client = self.clients.get(client_id)
        is_new = client is not None and client.is_ended is not is_ended
        return client is not None and is_new and self._is_in_time(client)

    def _is_in_time(self, client: Registration) -> bool:
        return self.at_ms - client.registered_ms < REGISTRATION_MS

    def begun_before(self, client_id: str, client_state: str) -> str | None:
        """The last sign-in that a browser began with the same, if that browser still has to hear."""
        user_code = self.requests.get((client_id, client_state), "")
        card = self.cards.get(user_code)
        if card is None or not self._awaits_browser(card) or self.at_ms >= card.ends_ms:
            return None
        return user_code

    def note_browser(self, user_code: str, *, is_there: bool) -> None:
        """Its browser was seen, or missed."""
        card = self.cards.get(user_code)
        if card is None or not self._awaits_browser(card):
            return
        if is_there and card.left_ms is not None:
            card.left_ms, card.turn = None, turn(2)
        elif not is_there and card.left_ms is None:
            card.left_ms, card.turn = self.at_ms, turn(0)

    def _awaits_browser(self, card: Card) -> bool:
        return card.code_ms is None and not card.is_turned_away

    def authorize(
        self,
        user_code: str,
        client_id: str,
        *,
        is_browser: bool = False,
        client_state: str = "",
    ) -> None:
        if len(self.cards) == MAX_DEVICES:
            del self.cards[min(self.cards, key=lambda it: self.cards[it].turn)]
        self.cards[user_code] = Card(client_id, self.at_ms, turn(1 + is_browser), is_browser)
        if is_browser:
            self.requests[client_id, client_state] = user_code
        self.use(client_id)

    def sweep(self) -> None:
        self.stays.sweep()
        for card in self.cards.values():
            self._approve_by_itself(card)
        self.cards = {
            user_code: card
            for user_code, card in self.cards.items()
            if self.at_ms < card.is_over_ms or user_code in self.stays.by_code
        }

    def reset(self) -> None:
        self.clients, self.cards, self.stays.by_code = {}, {}, {}

    def is_known_expired(self, card: Card) -> bool:
        return card.is_revoked or "expire" in card.decisions or self.at_ms >= card.ends_ms

    def stands(self, card: Card) -> str:
        """The device's state in a word."""
        if card.is_taken:
            return "collected"
        if self.is_known_expired(card):
            return "expired"
        return {"none": "pending", "approve": "approved", "deny": "denied"}[card.decision]

    def interval_s(self, card: Card) -> int:
        return PACE_PROFILES[self.profile] + 5 * (card.told + card.owed)

    def answer(self, user_code: str, by: str, *, is_secret_right: bool = True) -> str:
        """What a poll for this code would be told now by a client that is not to be let in."""
        card = dict(self._remembered()).get(user_code)
        if card is None:
            return "invalid_grant"
        if not self.knows(by, is_secret_right=is_secret_right):
            return "invalid_client"
        return self._answer_rightful(card) if by == card.client_id else "invalid_grant"

    def poll(self, user_code: str) -> str:
        """The rightful client polls."""
        card = dict(self._remembered()).get(user_code)
        if card is None or not self.knows(card.client_id):
            return self.answer(user_code, self.owner(user_code))
        self._approve_by_itself(card)
        answer = self._answer_rightful(card)
        self._pace(card)
        card.polls += 1
        if card.polls == 1:
            card.turn = turn(2)
        if answer == "token":
            card.is_taken, card.turn = True, turn(0)
        self.use(card.client_id)
        return answer

    def owner(self, user_code: str) -> str:
        return self.cards[user_code].client_id if user_code in self.cards else "nobody"

    def finish(self, user_code: str) -> str:
        """The browser asks where to go."""
        card = self.cards.get(user_code)
        if card is None or card.code_ms is not None or card.is_turned_away:
            return "invalid_request"
        self._approve_by_itself(card)
        stands = self.stands(card)
        if stands == "pending":
            return "waiting"
        if stands != "approved":
            card.is_turned_away, card.turn, card.left_ms = True, turn(0), self.at_ms
            return "error access_denied"
        card.code_ms, card.left_ms = self.at_ms, None
        return "code"

    def redeem(
        self, user_code: str, by: str, *, is_secret_right: bool = True, is_proof_right: bool = True
    ) -> str:
        """Somebody comes with the code of this sign-in."""
        card = self.cards.get(user_code)
        if card is None:
            return "invalid_grant"
        if not self.knows(by, is_secret_right=is_secret_right):
            return "invalid_client"
        if by == card.client_id and card.is_taken:
            self.stays.end(user_code)
        if by != card.client_id or self.stands(card) != "approved":
            return "invalid_grant"
        card.is_taken = is_proof_right
        card.is_revoked = not is_proof_right
        card.turn = turn(0)
        if not is_proof_right:
            return "invalid_grant"
        self.use(by)
        return "token"

    def may(self, decision: str, user_code: str) -> bool:
        card = self.cards.get(user_code)
        if card is None or (decision == "slow_down" and card.is_browser):
            return False
        if decision == "undo":
            return bool(card.decisions) and not card.is_taken
        allowed = {"pending"} if decision != "expire" else {"pending", "approved", "denied"}
        return self.stands(card) in allowed

    def do(self, decision: str, user_code: str) -> None:
        """Carry out what ``may`` allows."""
        card = self.cards[user_code]
        if decision == "undo":
            card.is_turned_away = False
            card.is_in_hand = card.is_in_hand or self.approves_itself
            if card.decisions.pop() == "slow_down":
                card.owed = max(0, card.owed - 1)
        else:
            card.decisions.append(decision)
            card.owed += decision == "slow_down"

    def _approve_by_itself(self, card: Card) -> None:
        due_ms = card.issued_ms + (0 if card.is_browser else APPROVES_ITSELF_AFTER_MS)
        is_free = self.approves_itself and not card.is_in_hand and card.left_ms is None
        is_due = is_free and self.at_ms >= due_ms
        if is_due and self.stands(card) == "pending":
            card.decisions.append("approve")

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
        if self.profile == "aws" or card.polled_ms is None or card.is_excused:
            return False
        interval_ms = self._told_ms(card)
        return self.tick_ms - card.polled_ms < min(interval_ms - 250, interval_ms * 9 // 10)

    def _told_ms(self, card: Card) -> int:
        return 1000 * (PACE_PROFILES[self.profile] + 5 * card.told)

    def _pace(self, card: Card) -> None:
        if card.is_taken:
            return
        gap_ms = 0 if card.polled_ms is None else self.tick_ms - card.polled_ms
        is_slowed = self._answer_rightful(card) == "slow_down"
        slept = gap_ms > max(60_000, 3 * self._told_ms(card))
        if is_slowed:
            card.owed = max(0, card.owed - 1)
            card.told += 1
        card.is_excused = slept and not is_slowed
        card.polled_ms = self.tick_ms

    def _remembered(self) -> Iterator[tuple[str, Card]]:
        """Device codes that can be polled for."""
        for user_code, card in self.cards.items():
            if self.at_ms < card.is_over_ms and not card.is_browser:
                yield user_code, card
