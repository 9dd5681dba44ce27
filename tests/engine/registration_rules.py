"""What an operator can do to registrations, in any order: the third part of the machine."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from oidc_sim.engine.commands import ExpireClient, RegistrationCommand, RestoreClient
from oidc_sim.engine.replies import ClientChanged, Impossible
from tests.engine.device_rules import CERTAINTY, SURE, WHICH
from tests.engine.session_rules import SessionRules
from tests.engine.world import copied

DECISIONS: dict[bool, type[RegistrationCommand]] = {True: ExpireClient, False: RestoreClient}
"""By whether the registration is ended then."""


class RegistrationRules(SessionRules):
    """Registrations are ended before their time, and that is taken back."""

    @rule(which=WHICH, certainty=CERTAINTY)
    def expire_registration(self, which: int, certainty: int) -> None:
        if certainty == SURE:
            self._change(self.client_id(which), is_ended=True)

    @rule(which=WHICH)
    def restore_registration(self, which: int) -> None:
        self._change(self.client_id(which), is_ended=False)

    @rule(which=WHICH)
    def poll_while_the_registration_is_ended(self, which: int) -> None:
        """Whatever its code's state, and nothing is spent: afterwards all is as it would have been."""
        sign_in = self.sign_in(which)
        is_ended = self._change(sign_in.client_id, is_ended=True)
        self._poll(sign_in)
        if is_ended:
            self._change(sign_in.client_id, is_ended=False)
            self._poll(sign_in)

    @rule(which=WHICH, is_ended=st.booleans())
    def think_better_of_a_registration(self, which: int, *, is_ended: bool) -> None:
        before = copied(self.world.state)
        if self._change(self.client_id(which), is_ended=is_ended):
            assert self.world.state != before
            assert self._change(self.client_id(which), is_ended=not is_ended)
        assert self.world.state == before

    def client_id(self, which: int) -> str:
        return self.client(which).client.client_id

    def _change(self, client_id: str, *, is_ended: bool) -> bool:
        may = self.ledger.may_change(client_id, is_ended=is_ended)
        reply = self.world.do(DECISIONS[is_ended](client_id=client_id))
        assert isinstance(reply, ClientChanged if may else Impossible)
        if may:
            self.ledger.clients[client_id].is_ended = is_ended
        return may
