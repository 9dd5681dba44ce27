"""Any order of requests, deeds and time: the engine and the ledger agree, and no rule is broken."""

import copy
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from oidc_sim.engine.commands import (
    Approve,
    AuthorizeDevice,
    Deny,
    DeviceCommand,
    Expire,
    Reset,
    SlowDown,
    Sweep,
    Undo,
)
from oidc_sim.engine.model import ExpiredAs, Policy
from oidc_sim.engine.replies import Changed, Registered, Tokens
from tests.engine import ledger as book
from tests.engine.ledger import Ledger
from tests.engine.world import TOKEN, SignIn, World, said

DEEDS: dict[str, type[DeviceCommand]] = {
    "approve": Approve,
    "deny": Deny,
    "expire": Expire,
    "slow_down": SlowDown,
    "undo": Undo,
}
GAPS_S = st.sampled_from([0.0, 0.125, 0.75, 0.875, 1.0, 4.375, 4.5, 5.0, 9.0, 10.0])
"""Between polls: eighths of seconds, which doubles keep exactly, around each limit of pace."""
WAITS_S = st.one_of(GAPS_S, st.sampled_from([29.875, 59.875, 60.0, 120.0]))
"""Around each limit of a code's life as well."""
WHICH = st.integers(0, 5)
"""Counted from the newest, so that most of what is done is done to something that still lives."""


class Machine(RuleBasedStateMachine):
    """Several clients with several codes each, an operator, and time."""

    profile = "aws"

    @initialize(expired_as=st.sampled_from(ExpiredAs))
    def begin(self, expired_as: ExpiredAs) -> None:
        self.ledger = Ledger(self.profile, expired_as.value)
        self.world = World(
            policy=Policy(
                interval_s=book.PACE_PROFILES[self.profile],
                throttles=self.profile == "rfc",
                expired_as=expired_as,
                lifetime_s=book.LIFETIME_MS // 1000,
                registration_lifetime_s=book.REGISTRATION_MS // 1000,
                max_clients=book.MAX_CLIENTS,
                max_devices=book.MAX_DEVICES,
            )
        )
        self.clients: list[Registered] = []
        self.sign_ins: list[SignIn] = []
        self.tokens: Counter[str] = Counter()
        self.searched = 0
        for has_scopes in (False, True):
            self.register(has_scopes=has_scopes)
            self.authorize(0)

    def client(self, which: int) -> Registered:
        return self.clients[-1 - which % len(self.clients)]

    def sign_in(self, which: int) -> SignIn:
        return self.sign_ins[-1 - which % len(self.sign_ins)]

    @rule(has_scopes=st.booleans())
    def register(self, *, has_scopes: bool) -> None:
        registered = self.world.register(*(["a:scope"] if has_scopes else []))
        self.ledger.register(registered.client.client_id, has_scopes=has_scopes)
        self.clients.append(registered)

    @rule(which=WHICH)
    def authorize(self, which: int) -> None:
        registered = self.client(which)
        client_id = registered.client.client_id
        if client_id not in self.ledger.clients:
            assert self._ask_for_a_code(client_id, registered.client_secret) == "invalid_client"
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
        foretold = sign_in.preview()
        expected = self.ledger.poll(sign_in.user_code)
        reply = sign_in.ask()
        assert said(reply) == foretold == expected
        if isinstance(reply, Tokens):
            assert card is not None
            assert card.deeds[-1] == "approve"
            self.tokens[sign_in.device_code] += 1
            has_scopes = self.ledger.clients[sign_in.client_id].has_scopes
            assert (reply.refresh_token is not None) is has_scopes

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

    @rule(which=WHICH, deed=st.sampled_from(list(DEEDS)))
    def do(self, which: int, deed: str) -> None:
        self._do(self.sign_in(which), deed)

    @rule(which=WHICH, deed=st.sampled_from(list(DEEDS)))
    def do_and_poll(self, which: int, deed: str) -> None:
        self._do(self.sign_in(which), deed)
        self._poll(self.sign_in(which))

    def _do(self, sign_in: SignIn, deed: str) -> bool:
        may = self.ledger.may(deed, sign_in.user_code)
        reply = self.world.do(DEEDS[deed](sign_in.user_code))
        assert isinstance(reply, Changed) is may
        if may:
            self.ledger.do(deed, sign_in.user_code)
        return may

    @rule(which=WHICH, deed=st.sampled_from(["approve", "deny", "expire", "slow_down"]))
    def think_better_of_it(self, which: int, deed: str) -> None:
        sign_in = self.sign_in(which)
        before = copy.deepcopy(self.world.state)
        if self._do(sign_in, deed):
            assert self.world.state != before
            assert self._do(sign_in, "undo")
        assert self.world.state == before

    @rule(seconds=WAITS_S)
    def wait(self, seconds: float) -> None:
        self._pass(seconds)

    @rule(seconds=WAITS_S)
    def step_the_simulated_clock(self, seconds: float) -> None:
        self.world.step(seconds)
        self.ledger.at_ms += round(seconds * 1000)

    def _pass(self, seconds: float) -> None:
        self.world.wait(seconds)
        self.ledger.at_ms += round(seconds * 1000)
        self.ledger.tick_ms += round(seconds * 1000)

    @rule()
    def sweep(self) -> None:
        self.world.do(Sweep())
        self.ledger.sweep()
        assert self.world.news(Sweep()) == [], "there is more to say right after a sweep"

    @rule(certainty=st.integers(0, 9))
    def reset(self, certainty: int) -> None:
        if certainty == 9:
            self.world.do(Reset())
            self.ledger.reset()

    @invariant()
    def the_ledger_agrees(self) -> None:
        state = self.world.state
        assert list(state.clients) == list(self.ledger.clients)
        assert list(state.devices) == list(self.ledger.cards)
        assert list(state.user_codes.values()) == list(state.devices)
        for user_code, card in self.ledger.cards.items():
            device = state.devices[user_code]
            assert device.state(self.world.now.at) == self.ledger.stands(card)
            assert device.interval_s == self.ledger.interval_s(card)
            assert (device.slow_downs_owed, device.polls) == (card.owed, card.polls)
            assert [deed.value for deed in device.deeds] == card.deeds

    @invariant()
    def a_code_gives_at_most_one_token(self) -> None:
        assert all(count == 1 for count in self.tokens.values())

    @invariant()
    def replaying_the_events_gives_the_same_state(self) -> None:
        assert self.world.replayed() == self.world.state

    @invariant()
    def no_secret_is_in_the_events_or_the_state(self) -> None:
        news = repr(self.world.events[self.searched :])
        self.searched = len(self.world.events)
        state = repr(self.world.state)
        for secret in self.world.ids.secrets:
            assert secret not in news
            assert secret not in state


class RfcMachine(Machine):
    """The same under the profile that throttles."""

    profile = "rfc"


@pytest.mark.parametrize("machine", [Machine, RfcMachine])
def test_the_engine_keeps_its_rules_in_any_order(machine: type[Machine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=200,
            stateful_step_count=50,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
