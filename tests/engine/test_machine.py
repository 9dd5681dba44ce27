"""Any order of requests, decisions and time: the engine and the ledger agree, and no rule is broken."""

import copy

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from oidc_sim.engine import decide, evolve_session
from oidc_sim.engine.commands import UseToken
from oidc_sim.engine.model import State, digest
from oidc_sim.engine.records import put_back, records
from tests.engine import stays
from tests.engine.registration_rules import RegistrationRules
from tests.engine.world import said


class Machine(RegistrationRules):
    """What holds after every step."""

    def prepare(self) -> None:
        self.searched = 0
        self.dead: set[str] = set()
        super().prepare()

    @invariant()
    def the_ledger_agrees_about_devices(self) -> None:
        state = self.world.state
        assert list(state.clients) == list(self.ledger.clients)
        assert list(state.devices) == list(self.ledger.cards)
        codes = {it.user_code for it in state.devices.values() if it.code_digest}
        assert sorted(state.user_codes.values()) == sorted(codes)
        for user_code, card in self.ledger.cards.items():
            device = state.devices[user_code]
            assert device.state(self.world.now.at) == self.ledger.stands(card)
            assert device.interval_s == self.ledger.interval_s(card)
            assert (device.slow_downs_owed, device.polls) == (card.owed, card.polls)
            assert [decision.value for decision in device.decisions] == card.decisions
            assert (device.browser_left_at is None) is (card.left_ms is None)

    @invariant()
    def the_ledger_agrees_about_registrations(self) -> None:
        for client_id, client in self.world.state.clients.items():
            assert client.was_expired is self.ledger.clients[client_id].is_ended
            assert client.is_expired(self.world.now.at) is not self.ledger.knows(client_id)

    @invariant()
    def the_ledger_agrees_about_sessions(self) -> None:
        state = self.world.state
        assert list(state.sessions) == list(self.ledger.stays.by_code)
        for user_code, stay in self.ledger.stays.by_code.items():
            session = state.sessions[user_code]
            assert session.is_over(self.world.now.at) is self.ledger.stays.is_over(stay)
            assert (session.client_id, session.scopes) == (stay.client_id, stay.scopes)
            assert session.refresh_digests == [digest(token) for token in stay.refresh]
            assert session.refreshes == stay.refreshes
            assert len(session.credentials) == min(stay.roles, stays.CREDENTIALS_KEPT)

    @invariant()
    def a_token_is_accepted_while_the_ledger_says_so_and_never_again(self) -> None:
        """Not after sign-out, expiry or a replay, whatever happens then."""
        for token in {holder.tokens.access_token for holder in self.holders}:
            _, reply = decide(self.world.state, UseToken(token), self.world.now, self.world.ids)
            assert said(reply) == self.ledger.stays.answer(token)
            if said(reply) == "invalid_token":
                self.dead.add(token)
            assert (token in self.dead) is (said(reply) == "invalid_token")

    @invariant()
    def everything_that_is_kept_can_make_room(self) -> None:
        state = self.world.state
        for kept, order in (
            (state.clients, state.client_order),
            (state.devices, state.device_order),
            (state.sessions, state.session_order),
        ):
            assert sorted(kept) == sorted(it for ranked in order.ranks for it in ranked)

    @invariant()
    def every_digest_leads_to_a_session_that_has_it(self) -> None:
        state = self.world.state
        for kept, session_id in state.access_tokens.items():
            assert kept in state.sessions[session_id].tokens
        for kept, session_id in state.refresh_tokens.items():
            assert kept in state.sessions[session_id].refresh_digests

    @invariant()
    def a_code_gives_tokens_at_most_once(self) -> None:
        assert all(count == 1 for count in self.codes_spent.values())

    @invariant()
    def replaying_the_events_gives_the_same_state(self) -> None:
        assert self.world.replayed() == self.world.state

    @invariant()
    def records_put_back_give_the_same_state(self) -> None:
        made = State(policy=self.world.state.policy)
        for record in records(self.world.state):
            put_back(made, copy.deepcopy(record))
        assert made == self.world.state

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


def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine have the ledger's limits of a session."""
    for name in ("MAX_TOKENS", "CREDENTIALS_KEPT"):
        monkeypatch.setattr(evolve_session, name, getattr(stays, name))


@pytest.mark.timeout(300)  # ten seconds of work, but machines are shared
@pytest.mark.parametrize("machine", [Machine, RfcMachine])
def test_the_engine_keeps_its_rules_in_any_order(
    machine: type[Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_limits(monkeypatch)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=150,
            stateful_step_count=50,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
