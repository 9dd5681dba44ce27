"""What can happen to browser sign-ins and sessions, in any order: the second part of the machine."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from oidc_sim.engine import preview
from oidc_sim.engine.replies import Registered, RoleTaken, SendBack, SignInStarted, Tokens
from tests.engine.browsing import Browsing, register_for_browser, request_of
from tests.engine.device_rules import CERTAINTY, SURE, WHICH, DeviceRules
from tests.engine.signed_in import SignedIn
from tests.engine.stays import PORTAL
from tests.engine.world import said

FAULTS = st.sampled_from(["none", "none", "none", "secret", "thief", "verifier", "redirect"])
"""With a code; most come as they should, or little would ever begin."""
WRONG_PROOF = {"verifier": {"code_verifier": "x" * 43}, "redirect": {"redirect_uri": "http://x"}}


@dataclass(frozen=True)
class Code:
    """A code in a client's hand."""

    browser: Browsing
    code: str


class SessionRules(DeviceRules):
    """Browsers come and go, codes are redeemed, tokens are refreshed, used, stolen and signed out."""

    def prepare(self) -> None:
        self.browsers: list[Browsing] = []
        self.codes: list[Code] = []
        super().prepare()
        self._register_for_browser()
        self.browse(0, "a")
        self.sign_in_by_browser_at_once(0)
        self.browse(0, "b")

    def browser(self, which: int) -> Browsing:
        return self.browsers[-1 - which % len(self.browsers)]

    def user_code(self, which: int) -> str:
        both = [it.user_code for it in self.sign_ins] + [it.user_code for it in self.browsers]
        return sorted(both)[-1 - which % len(both)]

    @rule(certainty=CERTAINTY)
    def register_for_browser(self, certainty: int) -> None:
        if certainty == SURE:
            self._register_for_browser()

    def _register_for_browser(self) -> None:
        registered = register_for_browser(self.world)
        self.ledger.register(registered.client.client_id, (PORTAL,), is_for_browser=True)
        self.clients.append(registered)

    @rule(which=WHICH, client_state=st.sampled_from(["a", "b"]))
    def browse(self, which: int, client_state: str) -> None:
        """A reload is no second sign-in."""
        registered = self.client(which)
        client_id = registered.client.client_id
        begun = self.ledger.begun_before(client_id, client_state)
        reply = self.world.do(request_of(client_id, client_state))
        if not self.ledger.knows(client_id):
            assert said(reply) == "invalid_client"
        elif not self.ledger.clients[client_id].is_for_browser:
            assert said(reply) == "unauthorized_client"
        else:
            assert isinstance(reply, SignInStarted)
            user_code = reply.device.user_code
            if begun is not None:
                assert user_code == begun
                return
            assert user_code not in self.ledger.cards
            secret = registered.client_secret
            self.browsers.append(Browsing(self.world, client_id, secret, user_code))
            self.ledger.authorize(user_code, client_id, is_browser=True, client_state=client_state)

    @rule(which=WHICH, is_there=st.booleans())
    def note_browser(self, which: int, *, is_there: bool) -> None:
        browser = self.browser(which)
        browser.note(is_there=is_there)
        self.ledger.note_browser(browser.user_code, is_there=is_there)

    @rule(which=WHICH)
    def finish(self, which: int) -> None:
        self._finish(self.browser(which))

    @rule(which=WHICH)
    def sign_in_by_browser_at_once(self, which: int) -> None:
        """The usual way, so that there are sessions to do something to."""
        browser = self.browser(which)
        self._do(browser.user_code, "approve")
        if self._finish(browser):
            self._redeem(self.codes[-1], "none", self.client(0))

    @rule(which=WHICH, fault=st.sampled_from(list(WRONG_PROOF)))
    def guess_a_verifier(self, which: int, fault: str) -> None:
        browser = self.browser(which)
        self._do(browser.user_code, "approve")
        if self._finish(browser):
            self._redeem(self.codes[-1], fault, self.client(0))
            self._redeem(self.codes[-1], "none", self.client(0))

    def _finish(self, browser: Browsing) -> bool:
        expected = self.ledger.finish(browser.user_code)
        reply = browser.finish()
        assert said(reply) == expected
        if not isinstance(reply, SendBack) or reply.code is None:
            return False
        assert self.ledger.cards[browser.user_code].decisions[-1] == "approve"
        self.codes.append(Code(browser, reply.code))
        return True

    @precondition(lambda self: self.codes)
    @rule(which=WHICH, fault=FAULTS, whose=WHICH)
    def redeem(self, which: int, fault: str, whose: int) -> None:
        self._redeem(self.codes[-1 - which % len(self.codes)], fault, self.client(whose))

    def _redeem(self, held: Code, fault: str, thief: Registered) -> None:
        browser = held.browser
        by = thief.client.client_id if fault == "thief" else browser.client_id
        changes = {
            "secret": {"client_secret": "x"},
            "thief": {"client_id": by, "client_secret": thief.client_secret},
            **WRONG_PROOF,
        }
        card = self.ledger.cards.get(browser.user_code)
        previewed = said(preview(self.world.state, browser.user_code, self.world.now))
        expected = self.ledger.redeem(
            browser.user_code,
            by,
            is_secret_right=fault != "secret",
            is_proof_right=fault not in WRONG_PROOF,
        )
        request = replace(browser.redemption(held.code), **changes.get(fault, {}))
        reply = self.world.do(request)
        assert said(reply) == expected
        if fault == "none" and expected != "invalid_client":
            assert previewed == expected
        if isinstance(reply, Tokens):
            assert fault == "none" or by == browser.client_id
            self.codes_spent[held.code] += 1
            self.take(reply, card, browser.client_secret)

    @precondition(lambda self: self.holders)
    @rule(
        which=WHICH, fault=st.sampled_from(["none", "none", "none", "secret", "thief"]), whose=WHICH
    )
    def refresh(self, which: int, fault: str, whose: int) -> None:
        """With any refresh token that anybody ever had, rotated ones too."""
        self._refresh(self.holder(which), fault, self.client(whose))

    @precondition(lambda self: self.holders)
    @rule(which=WHICH, times=st.integers(1, 3))
    def refresh_and_come_back_with_the_first(self, which: int, times: int) -> None:
        first = self.holder(which)
        for _ in range(times):
            self._refresh(self.holder(0), "none", self.client(0))
        self._refresh(first, "none", self.client(0))

    def _refresh(self, holder: SignedIn, fault: str, thief: Registered) -> None:
        if holder.tokens.refresh_token is None:
            return
        by = thief.client.client_id if fault == "thief" else holder.client_id
        changes = {
            "secret": {"client_secret": "x"},
            "thief": {"client_id": by, "client_secret": thief.client_secret},
        }
        is_known = self.ledger.knows(by, is_secret_right=fault != "secret")
        refresh_token = holder.tokens.refresh_token
        expected = self.ledger.stays.refresh(refresh_token, by, is_known=is_known)
        reply = self.world.do(replace(holder.request(), **changes.get(fault, {})))
        assert said(reply) == expected
        if isinstance(reply, Tokens):
            assert reply.refresh_token is not None
            life_ms = self.ledger.stays.renew(
                reply.user_code, reply.access_token, reply.refresh_token
            )
            assert reply.lifetime_s == max(1, round(life_ms / 1000))
            self.ledger.use(holder.client_id)
            self.holders.append(replace(holder, tokens=reply))

    def holder(self, which: int) -> SignedIn:
        return self.holders[-1 - which % len(self.holders)]

    @precondition(lambda self: self.holders)
    @rule(which=WHICH)
    def take_role(self, which: int) -> None:
        holder = self.holder(which)
        expected = self.ledger.stays.answer(holder.tokens.access_token)
        reply = holder.take_role()
        assert said(reply) == ("credentials" if expected == "welcome" else expected)
        if isinstance(reply, RoleTaken):
            self.ledger.use(self.ledger.stays.take_role(reply.session.session_id))

    @precondition(lambda self: self.holders)
    @rule(which=WHICH)
    def sign_out(self, which: int) -> None:
        holder = self.holder(which)
        expected = self.ledger.stays.sign_out(holder.tokens.access_token)
        assert said(holder.sign_out()) == expected

    @precondition(lambda self: self.holders)
    @rule(which=WHICH)
    def mistake_one_secret_for_another(self, which: int) -> None:
        """None is good for anything but what it was issued for."""
        holder, pc = self.holder(which), self.sign_in(which)
        access_token, refresh_token = holder.tokens.access_token, holder.tokens.refresh_token
        no_device_codes = [access_token, refresh_token or "", *(it.code for it in self.codes[-1:])]
        no_codes = [access_token, refresh_token or "", pc.device_code, pc.user_code]
        for secret in no_device_codes:
            assert pc.poll_with(device_code=secret) == "invalid_grant"
        for secret in no_codes:
            assert self.browser(which).redeem(secret) == "invalid_grant"
        if refresh_token:
            for secret in (access_token, pc.device_code):
                assert holder.refresh(refresh_token=secret) == "invalid_grant"
