"""What can happen to device codes, in any order: the first part of the machine."""

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from oidc_sim.engine.commands import (
    Approve,
    AuthorizeDevice,
    Deny,
    DeviceCommand,
    Expire,
    Reset,
    SetAutoApprove,
    SlowDown,
    Sweep,
    Undo,
)
from oidc_sim.engine.model import ExpiredAs, Policy, RefreshRotation
from oidc_sim.engine.replies import Changed, Registered, Tokens
from tests.engine import ledger as book
from tests.engine import stays
from tests.engine.ledger import Card, Ledger
from tests.engine.signed_in import SignedIn
from tests.engine.stays import PORTAL, Stays
from tests.engine.world import TOKEN, SignIn, World, copied, said

DECISIONS: dict[str, type[DeviceCommand]] = {
    "approve": Approve,
    "deny": Deny,
    "expire": Expire,
    "slow_down": SlowDown,
    "undo": Undo,
}
GAPS_S = st.sampled_from([0.0, 0.125, 0.75, 0.875, 1.0, 4.375, 4.5, 5.0, 9.0, 10.0])
"""Between polls: eighths of seconds, which doubles keep exactly, around each limit of pace."""
WAITS_S = st.one_of(GAPS_S, st.sampled_from([29.875, 30.0, 59.875, 60.0, 89.875, 120.0]))
"""Around each limit of a code's and a token's life as well."""
WHICH = st.integers(0, 5)
"""Counted from the newest, so that most of what is done is done to something that still lives."""
SURE = 3
CERTAINTY = st.integers(0, SURE)
"""Some things are done only now and then, or nothing else would last."""
SCOPES = st.sampled_from([(), ("a:scope",), (PORTAL,)])


class DeviceRules(RuleBasedStateMachine):
    """Several clients with several codes each, an operator, and time."""

    profile = "aws"

    @initialize(expired_as=st.sampled_from(ExpiredAs), rotation=st.sampled_from(RefreshRotation))
    def begin(self, expired_as: ExpiredAs, rotation: RefreshRotation) -> None:
        self.ledger = Ledger(self.profile, expired_as.value, Stays())
        self.world = World(
            policy=Policy(
                interval_s=book.PACE_PROFILES[self.profile],
                throttles=self.profile == "rfc",
                expired_as=expired_as,
                refresh_rotation=rotation,
                lifetime_s=book.LIFETIME_MS // 1000,
                code_lifetime_s=book.CODE_MS // 1000,
                registration_lifetime_s=book.REGISTRATION_MS // 1000,
                token_lifetime_s=stays.TOKEN_MS // 1000,
                session_lifetime_s=stays.SESSION_MS // 1000,
                max_clients=book.MAX_CLIENTS,
                max_devices=book.MAX_DEVICES,
                max_sessions=stays.MAX_SESSIONS,
            )
        )
        self.clients: list[Registered] = []
        self.sign_ins: list[SignIn] = []
        self.holders: list[SignedIn] = []
        self.codes_spent: Counter[str] = Counter()
        self.prepare()

    def prepare(self) -> None:
        """So that something can be done at once."""
        for scopes in ((), (PORTAL,)):
            self._register(scopes)
            self.authorize(0)
        self.sign_in_at_once(0)
        self.authorize(0)

    def client(self, which: int) -> Registered:
        return self.clients[-1 - which % len(self.clients)]

    def sign_in(self, which: int) -> SignIn:
        return self.sign_ins[-1 - which % len(self.sign_ins)]

    def user_code(self, which: int) -> str:
        """Of any kind of sign-in, the newest first."""
        return self.sign_in(which).user_code

    @rule(scopes=SCOPES, certainty=CERTAINTY)
    def register(self, scopes: tuple[str, ...], certainty: int) -> None:
        if certainty == SURE:
            self._register(scopes)

    def _register(self, scopes: tuple[str, ...]) -> None:
        registered = self.world.register(*scopes)
        self.ledger.register(registered.client.client_id, scopes, is_for_browser=False)
        self.clients.append(registered)

    @rule(which=WHICH)
    def authorize(self, which: int) -> None:
        registered = self.client(which)
        client_id = registered.client.client_id
        client = self.ledger.clients.get(client_id)
        if client is None or client.is_for_browser:
            answer = "invalid_client" if client is None else "unauthorized_client"
            assert self._ask_for_a_code(client_id, registered.client_secret) == answer
            return
        self.sign_ins.append(self.world.authorize(registered))
        self.ledger.authorize(self.sign_ins[-1].user_code, client_id)

    def _ask_for_a_code(self, client_id: str, client_secret: str) -> str:
        request = AuthorizeDevice(client_id=client_id, client_secret=client_secret)
        return said(self.world.do(request))

    @rule(which=WHICH, gaps_s=st.lists(GAPS_S, max_size=3))
    def poll(self, which: int, gaps_s: list[float]) -> None:
        self._poll(self.sign_in(which))
        for gap_s in gaps_s:
            self._pass(gap_s)
            self._poll(self.sign_in(which))

    def _poll(self, sign_in: SignIn) -> None:
        card = self.ledger.cards.get(sign_in.user_code)
        previewed = sign_in.preview()
        expected = self.ledger.poll(sign_in.user_code)
        reply = sign_in.ask()
        assert said(reply) == previewed == expected
        if isinstance(reply, Tokens):
            self.codes_spent[sign_in.device_code] += 1
            self.take(reply, card, sign_in.client_secret)

    def take(self, tokens: Tokens, card: Card | None, client_secret: str) -> None:
        """Write a client's first tokens down."""
        assert card is not None
        assert card.decisions[-1] == "approve"
        client = self.ledger.clients[card.client_id]
        assert (tokens.refresh_token is not None) is bool(client.scopes)
        pair = (tokens.access_token, tokens.refresh_token)
        life_ms = self.ledger.stays.begin(tokens.user_code, card.client_id, client.scopes, pair)
        assert tokens.lifetime_s * 1000 == life_ms
        self.holders.append(SignedIn(self.world, card.client_id, client_secret, tokens))

    @rule(which=WHICH)
    def sign_in_at_once(self, which: int) -> None:
        """The usual way, so that there are sessions to do something to."""
        sign_in = self.sign_in(which)
        self._do(sign_in.user_code, "approve")
        self._poll(sign_in)

    @rule(which=WHICH, whose=WHICH)
    def intrude(self, which: int, whose: int) -> None:
        """Whoever has not the right secret, or not the right code, gets nothing."""
        sign_in, registered = self.sign_in(which), self.client(whose)
        client_id, user_code = registered.client.client_id, sign_in.user_code
        assert self._ask_for_a_code(client_id, "x") == "invalid_client"
        assert sign_in.poll_with(client_secret="x") == self.ledger.answer(
            user_code, sign_in.client_id, is_secret_right=False
        )
        if client_id != sign_in.client_id:
            secret = registered.client_secret
            answer = sign_in.poll_with(client_id=client_id, client_secret=secret)
            assert answer != TOKEN
            assert answer == self.ledger.answer(user_code, client_id)

    @rule(which=WHICH, decision=st.sampled_from(list(DECISIONS)))
    def do(self, which: int, decision: str) -> None:
        self._do(self.user_code(which), decision)

    @rule(which=WHICH, decision=st.sampled_from(list(DECISIONS)))
    def do_and_poll(self, which: int, decision: str) -> None:
        self._do(self.sign_in(which).user_code, decision)
        self._poll(self.sign_in(which))

    def _do(self, user_code: str, decision: str) -> bool:
        may = self.ledger.may(decision, user_code)
        reply = self.world.do(DECISIONS[decision](user_code))
        assert isinstance(reply, Changed) is may
        if may:
            self.ledger.do(decision, user_code)
        return may

    @rule(which=WHICH, decision=st.sampled_from(["approve", "deny", "expire", "slow_down"]))
    def think_better_of_it(self, which: int, decision: str) -> None:
        user_code = self.user_code(which)
        before = copied(self.world.state)
        if self._do(user_code, decision):
            assert self.world.state != before
            assert self._do(user_code, "undo")
            device = before.devices[user_code]
            device.is_in_hand = device.is_in_hand or self.ledger.approves_itself
            device.was_turned_away = False
        assert self.world.state == before

    @rule(is_on=st.sampled_from([True, False, False]))
    def switch_auto_approve(self, *, is_on: bool) -> None:
        self.world.do(SetAutoApprove(is_on))
        self.ledger.approves_itself = is_on

    @rule(seconds=WAITS_S)
    def wait(self, seconds: float) -> None:
        self._pass(seconds)

    @rule(seconds=WAITS_S)
    def step_the_simulated_clock(self, seconds: float) -> None:
        self.world.step(seconds)
        self.ledger.let_time_pass(round(seconds * 1000))

    def _pass(self, seconds: float) -> None:
        self.world.wait(seconds)
        self.ledger.let_time_pass(round(seconds * 1000))
        self.ledger.tick_ms += round(seconds * 1000)

    @rule()
    def sweep(self) -> None:
        self.world.do(Sweep())
        self.ledger.sweep()
        assert self.world.news(Sweep()) == [], "there is more to say right after a sweep"

    @rule(certainty=CERTAINTY, again=CERTAINTY)
    def reset(self, certainty: int, again: int) -> None:
        if certainty == again == SURE:
            self.world.do(Reset())
            self.ledger.reset()
