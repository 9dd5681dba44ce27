"""Exchanges by IAM applications: four grants, and what each of them gives and refuses (wire.md#86)."""

from dataclasses import dataclass, field

import pytest

from oidc_sim.engine import evolve
from oidc_sim.engine.browser import APPLICATION_SCOPES
from oidc_sim.engine.commands import Approve, ExchangeAtApplication, Refresh, Undo
from oidc_sim.engine.directory import SEEDED, Directory
from oidc_sim.engine.events import (
    AssertionSpent,
    CodeRevoked,
    SessionEnd,
    SessionEnded,
    SessionForgotten,
    TokenIssued,
    TokenRefreshed,
)
from oidc_sim.engine.evolve_session import MAX_ASSERTIONS
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
    DeviceState,
    Policy,
    RefreshRotation,
    State,
    digest,
)
from oidc_sim.engine.replies import ApplicationTokens, Reason, Refused, SignInStarted, Tokens
from tests.engine.browsing import REDIRECT, VERIFIER, Browsing, request_of, sign_in_by_browser
from tests.engine.signed_in import SignedIn, signed_in
from tests.engine.world import START, TOKEN, World, said

APP = SEEDED.applications[0]
OTHER_APP = "arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-fedcba0987654321"
TWO_APPS = Directory(users=SEEDED.users, accounts=(), applications=(APP, OTHER_APP))
HOUR_S = 3600
SESSION_S = 8 * HOUR_S
ASSERTION = "e30.e30.signature"


@dataclass(frozen=True)
class Application:
    """An application that exchanges what it has."""

    world: World
    arn: str = APP
    proof: dict[str, str] = field(
        default_factory=lambda: {"redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    )

    def request(self, grant_type: str, **proof: str) -> ExchangeAtApplication:
        return ExchangeAtApplication(application=self.arn, grant_type=grant_type, **proof)

    def ask(self, grant_type: str, **proof: str) -> str:
        """Exchange, and give the reply in a word."""
        return said(self.world.do(self.request(grant_type, **proof)))

    def get(self, grant_type: str, **proof: str) -> ApplicationTokens:
        """Exchange, and give what came."""
        reply = self.world.do(self.request(grant_type, **proof))
        assert isinstance(reply, ApplicationTokens), reply
        return reply

    def browse(self) -> Browsing:
        """A browser that came for it."""
        reply = self.world.do(request_of(self.arn))
        assert isinstance(reply, SignInStarted)
        return Browsing(self.world, self.arn, "", reply.device.user_code)

    def redeem(self, code: str, **changes: str) -> str:
        return self.ask(AUTHORIZATION_CODE_GRANT, code=code, **{**self.proof, **changes})

    def tokens(self) -> Tokens:
        """Tokens by assertion, which anybody can make up."""
        number = len(self.world.events)
        return self.get(JWT_BEARER_GRANT, assertion=f"e30.e30.{number}").tokens


@pytest.fixture
def app(world: World) -> Application:
    return Application(world)


@pytest.fixture
def apps() -> tuple[Application, Application]:
    world = World(directory=TWO_APPS)
    return Application(world), Application(world, OTHER_APP)


def welcomes(world: World, tokens: Tokens) -> bool:
    """Whether the access token is good, for whatever it opens."""
    answer = SignedIn(world, tokens.client_id, "", tokens).look_up()
    assert answer in {"forbidden", "invalid_token"}, "an application's token opens no portal"
    return answer == "forbidden"


# --- who, and which grant -------------------------------------------------------------------------


@pytest.mark.parametrize("arn", ["", "x", APP + "x", APP.upper(), OTHER_APP])
@pytest.mark.parametrize("grant_type", [JWT_BEARER_GRANT, "nonsense"])
def test_an_unknown_application_is_an_invalid_client(
    world: World, arn: str, grant_type: str
) -> None:
    reply = world.do(Application(world, arn).request(grant_type, assertion=ASSERTION))
    assert reply == Refused(Reason.INVALID_CLIENT)
    assert world.events == []


def test_a_registered_client_is_no_application(world: World) -> None:
    client_id = world.register("s").client.client_id
    assert Application(world, client_id).ask(JWT_BEARER_GRANT, assertion=ASSERTION) == (
        "invalid_client"
    )


@pytest.mark.parametrize("grant_type", ["", "nonsense", "password", DEVICE_CODE_GRANT])
def test_an_unknown_grant_is_refused_as_such(app: Application, grant_type: str) -> None:
    reply = app.world.do(app.request(grant_type, assertion=ASSERTION))
    assert reply == Refused(Reason.UNSUPPORTED_GRANT_TYPE, client_id=APP)


GRANTS = [
    AUTHORIZATION_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    JWT_BEARER_GRANT,
    TOKEN_EXCHANGE_GRANT,
]


@pytest.mark.parametrize("grant_type", GRANTS)
def test_a_grant_without_what_it_exchanges_is_an_invalid_grant(
    app: Application, grant_type: str
) -> None:
    assert app.ask(grant_type) == "invalid_grant"
    assert app.world.events == []


@pytest.mark.parametrize("grant_type", GRANTS)
def test_a_grant_looks_at_nothing_but_what_it_exchanges(app: Application, grant_type: str) -> None:
    """A good proof under another grant's name is none."""
    good = {
        AUTHORIZATION_CODE_GRANT: ("code", app.browse().approved_code()),
        REFRESH_TOKEN_GRANT: ("refresh_token", str(app.tokens().refresh_token)),
        JWT_BEARER_GRANT: ("assertion", ASSERTION),
        TOKEN_EXCHANGE_GRANT: ("subject_token", app.tokens().access_token),
    }
    names = dict(good.values())
    for other in GRANTS:
        _, proof = good[other]
        wrong = {name: proof for name in names if name != good[grant_type][0]}
        assert app.ask(grant_type, **wrong, **app.proof) == "invalid_grant"


def test_every_grant_speaks_of_the_one_user_and_the_same_scopes(app: Application) -> None:
    """wire.md#81."""
    app.world.wait(9)
    by_code = app.get(AUTHORIZATION_CODE_GRANT, code=app.browse().approved_code(), **app.proof)
    by_refresh = app.get(REFRESH_TOKEN_GRANT, refresh_token=str(by_code.tokens.refresh_token))
    by_assertion = app.get(JWT_BEARER_GRANT, assertion=ASSERTION)
    by_token = app.get(TOKEN_EXCHANGE_GRANT, subject_token=by_code.tokens.access_token)
    replies = [by_code, by_refresh, by_assertion, by_token]
    assert [reply.grant_type for reply in replies] == GRANTS
    for reply in replies:
        assert reply.user == SEEDED.users[0]
        assert reply.scopes == APPLICATION_SCOPES
        assert reply.issued_at == START.at + 9
        assert reply.tokens.client_id == APP
        assert reply.tokens.lifetime_s == HOUR_S
        assert welcomes(app.world, reply.tokens)


def test_a_token_of_an_application_never_outlives_its_session() -> None:
    app = Application(World(policy=Policy(session_lifetime_s=900)))
    tokens = app.tokens()
    assert tokens.lifetime_s == 900
    app.world.wait(899.999)
    assert welcomes(app.world, tokens)
    app.world.wait(0.001)
    assert not welcomes(app.world, tokens)


# --- authorization_code ---------------------------------------------------------------------------


def test_a_code_is_redeemed_once_and_collects_its_sign_in(app: Application) -> None:
    browser = app.browse()
    code = browser.approved_code()
    assert app.redeem(code) == TOKEN
    assert browser.state is DeviceState.COLLECTED
    assert browser.user_code in app.world.state.sessions


def test_a_code_that_comes_twice_ends_the_session(app: Application) -> None:
    browser = app.browse()
    code = browser.approved_code()
    tokens = app.get(AUTHORIZATION_CODE_GRANT, code=code, **app.proof).tokens
    assert app.redeem(code) == "invalid_grant"
    assert app.world.events[-1] == SessionEnded(
        at=START.at, session_id=browser.user_code, why=SessionEnd.CODE_REPLAYED
    )
    assert not welcomes(app.world, tokens)
    assert app.ask(REFRESH_TOKEN_GRANT, refresh_token=str(tokens.refresh_token)) == "invalid_grant"


@pytest.mark.parametrize(
    "fault", [{"code_verifier": "x" * 43}, {"redirect_uri": "http://evil/oauth/callback"}]
)
def test_a_code_with_the_wrong_proof_is_revoked(app: Application, fault: dict[str, str]) -> None:
    code = app.browse().approved_code()
    assert app.redeem(code, **fault) == "invalid_grant"
    assert isinstance(app.world.events[-1], CodeRevoked)
    assert app.redeem(code) == "invalid_grant"


def test_an_application_proves_itself_even_with_no_proof_at_all(app: Application) -> None:
    code = app.browse().approved_code()
    assert app.ask(AUTHORIZATION_CODE_GRANT, code=code) == "invalid_grant"
    assert app.redeem(code) == "invalid_grant"


def test_a_code_is_not_redeemed_before_anybody_approved_nor_after_it_was_taken_back(
    app: Application,
) -> None:
    browser = app.browse()
    code = browser.approved_code()
    app.world.do(Undo(browser.user_code))
    assert app.redeem(code) == "invalid_grant"
    app.world.do(Approve(browser.user_code))
    assert app.redeem(code) == TOKEN


def test_a_code_of_a_client_is_none_of_an_application(app: Application) -> None:
    browser = sign_in_by_browser(app.world)
    code = browser.approved_code()
    assert app.redeem(code) == "invalid_grant"
    assert browser.redeem(code) == TOKEN


def test_a_code_of_one_application_is_none_of_another(
    apps: tuple[Application, Application],
) -> None:
    ours, theirs = apps
    code = ours.browse().approved_code()
    assert theirs.redeem(code) == "invalid_grant"
    assert ours.redeem(code) == TOKEN


def test_an_applications_code_is_not_redeemed_without_its_signature(app: Application) -> None:
    """At the other door a client comes with a secret, and an application has none there."""
    browser = app.browse()
    code = browser.approved_code()
    assert browser.redeem(code) == "invalid_client"
    assert app.redeem(code) == TOKEN


# --- refresh_token --------------------------------------------------------------------------------


def test_an_application_refreshes_as_a_client_does(app: Application) -> None:
    first = app.tokens()
    again = app.get(REFRESH_TOKEN_GRANT, refresh_token=str(first.refresh_token)).tokens
    assert again.access_token != first.access_token
    assert again.refresh_token == first.refresh_token
    assert again.user_code == first.user_code
    assert isinstance(app.world.events[-1], TokenRefreshed)


def test_a_rotated_refresh_token_that_comes_back_ends_the_applications_session() -> None:
    app = Application(World(policy=Policy(refresh_rotation=RefreshRotation.ROTATE)))
    first = str(app.tokens().refresh_token)
    again = app.get(REFRESH_TOKEN_GRANT, refresh_token=first).tokens
    reply = app.world.do(app.request(REFRESH_TOKEN_GRANT, refresh_token=first))
    assert reply == Refused(Reason.INVALID_GRANT, again.user_code, APP)
    assert not welcomes(app.world, again)


@pytest.mark.parametrize("early_s", [0.001, 0])
def test_an_application_refreshes_until_its_session_ends(app: Application, early_s: float) -> None:
    tokens = app.tokens()
    app.world.wait(SESSION_S - early_s)
    answer = app.ask(REFRESH_TOKEN_GRANT, refresh_token=str(tokens.refresh_token))
    assert answer == (TOKEN if early_s else "invalid_grant")


def test_a_refresh_token_of_another_is_an_invalid_request(
    apps: tuple[Application, Application],
) -> None:
    ours, theirs = apps
    mine = str(ours.tokens().refresh_token)
    assert theirs.ask(REFRESH_TOKEN_GRANT, refresh_token=mine) == "invalid_request"
    assert ours.ask(REFRESH_TOKEN_GRANT, refresh_token=mine) == TOKEN
    clients = str(signed_in(ours.world).tokens.refresh_token)
    assert ours.ask(REFRESH_TOKEN_GRANT, refresh_token=clients) == "invalid_request"


def test_an_applications_refresh_token_is_good_at_no_other_door(app: Application) -> None:
    refresh_token = str(app.tokens().refresh_token)
    ours = app.world.register("s")
    for client_id, secret in ((APP, ""), (ours.client.client_id, ours.client_secret)):
        reply = app.world.do(
            Refresh(refresh_token=refresh_token, client_id=client_id, client_secret=secret)
        )
        assert said(reply) in {"invalid_client", "invalid_request"}


# --- jwt-bearer -----------------------------------------------------------------------------------


def test_an_assertion_is_good_once(app: Application) -> None:
    assert [app.ask(JWT_BEARER_GRANT, assertion=ASSERTION) for _ in range(3)] == [
        TOKEN,
        "invalid_grant",
        "invalid_grant",
    ]


def test_an_assertion_is_good_once_at_all_applications_together(
    apps: tuple[Application, Application],
) -> None:
    ours, theirs = apps
    assert ours.ask(JWT_BEARER_GRANT, assertion=ASSERTION) == TOKEN
    assert theirs.ask(JWT_BEARER_GRANT, assertion=ASSERTION) == "invalid_grant"


def test_an_assertion_is_kept_as_a_digest(app: Application) -> None:
    app.world.wait(3)
    spent, issued = app.world.news(app.request(JWT_BEARER_GRANT, assertion=ASSERTION))
    assert spent == AssertionSpent(at=START.at + 3, assertion_digest=digest(ASSERTION))
    assert isinstance(issued, TokenIssued)
    assert app.world.state.assertions == {digest(ASSERTION): START.at + 3}
    assert issued.user_code in app.world.state.sessions
    assert issued.user_code not in app.world.state.devices


@pytest.mark.parametrize(
    "assertion",
    ["", "x", "a.b", "..", ".b.c", "a..c", "a.b.c.d", "a.b.c\n", "a.b.c=", "a b.c.d", "\u00e9.b.c"],
)
def test_what_is_no_jwt_is_no_assertion(app: Application, assertion: str) -> None:
    assert app.ask(JWT_BEARER_GRANT, assertion=assertion) == "invalid_grant"
    assert app.world.state.assertions == {}


def test_spent_assertions_are_remembered_up_to_a_bound_and_the_oldest_goes() -> None:
    state = State()
    for number in range(MAX_ASSERTIONS + 2):
        evolve(state, AssertionSpent(at=number, assertion_digest=str(number)))
    assert len(state.assertions) == MAX_ASSERTIONS
    assert next(iter(state.assertions)) == "2"


# --- token-exchange -------------------------------------------------------------------------------


def test_a_live_token_is_exchanged_for_one_without_a_refresh_token(app: Application) -> None:
    """wire.md#81: refreshToken is not for token-exchange."""
    ours = signed_in(app.world)
    tokens = app.get(TOKEN_EXCHANGE_GRANT, subject_token=ours.tokens.access_token).tokens
    assert tokens.refresh_token is None
    assert tokens.access_token != ours.tokens.access_token
    assert tokens.user_code != ours.tokens.user_code
    assert ours.look_up() == "welcome", "what was exchanged is still good"


@pytest.mark.parametrize("spoil", ["expired", "over", "signed out", "made up", "a refresh token"])
def test_a_dead_token_is_not_exchanged(app: Application, spoil: str) -> None:
    ours = signed_in(app.world)
    token = ours.tokens.access_token
    if spoil == "expired":
        app.world.wait(HOUR_S)
    elif spoil == "over":
        app.world.wait(SESSION_S)
    elif spoil == "signed out":
        ours.sign_out()
    elif spoil == "made up":
        token = "x"
    else:
        token = str(ours.tokens.refresh_token)
    heard = len(app.world.events)
    assert app.ask(TOKEN_EXCHANGE_GRANT, subject_token=token) == "invalid_grant"
    assert len(app.world.events) == heard


# --- room -----------------------------------------------------------------------------------------


def test_at_the_bound_an_applications_session_ends_the_oldest_one_too() -> None:
    """T-46: assertions are free to make up, sessions are not free to keep."""
    app = Application(World(policy=Policy(max_sessions=3)))
    held = [app.tokens() for _ in range(5)]
    assert len(app.world.state.sessions) == 3
    assert [welcomes(app.world, tokens) for tokens in held] == [False] * 2 + [True] * 3
    forgotten = [event for event in app.world.events if isinstance(event, SessionForgotten)]
    assert [event.session_id for event in forgotten] == [it.user_code for it in held[:2]]


def test_no_session_goes_by_a_user_code_that_is_taken(world: World) -> None:
    pc = world.sign_in()
    world.ids.counts["USER"] = 0
    tokens = Application(world).tokens()
    assert tokens.user_code != pc.user_code
    world.ids.counts["USER"] = 0
    assert world.sign_in().user_code not in {pc.user_code, tokens.user_code}
