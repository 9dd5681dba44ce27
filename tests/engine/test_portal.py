"""What an access token opens: the portal, if its scopes say so, and roles that its user has."""

from collections.abc import Callable

import pytest

from oidc_sim.engine.commands import UseToken
from oidc_sim.engine.directory import SEEDED, Account, Directory, IssuedCredentials
from oidc_sim.engine.events import CredentialsIssued
from oidc_sim.engine.model import Policy, RoleSession
from oidc_sim.engine.replies import Bearer, Reason, Refused, RoleTaken
from tests.engine.signed_in import SANDBOX, SignedIn, signed_in
from tests.engine.world import START, World, said

HOUR_S = 3600
SESSION_S = 8 * HOUR_S
ROLE = SANDBOX.roles[0]


@pytest.fixture
def ours(world: World) -> SignedIn:
    return signed_in(world)


SCOPE_TABLE = [
    ((), "welcome"),
    (("sso:account:access",), "welcome"),
    (("codewhisperer:completions", "sso:account:access"), "welcome"),
    (("sso-portal:*",), "welcome"),
    (("sso-portal:list",), "welcome"),
    (("codewhisperer:completions",), "forbidden"),
    (("sso:account:access:more",), "forbidden"),
    (("sso:account",), "forbidden"),
    (("SSO:ACCOUNT:ACCESS",), "forbidden"),
    (("x-sso-portal:*",), "forbidden"),
    (("sso-portal",), "forbidden"),
    (("openid", "aws", "sts:identity_context"), "forbidden"),
]
"""No scopes at all is the old behaviour, with portal access (wire.md#88)."""


@pytest.mark.parametrize(("scopes", "answer"), SCOPE_TABLE)
def test_scopes_open_the_portal_or_do_not(
    world: World, scopes: tuple[str, ...], answer: str
) -> None:
    ours = signed_in(world, *scopes, is_scoped=bool(scopes))
    assert ours.look_up() == answer


@pytest.mark.parametrize(("scopes", "answer"), SCOPE_TABLE)
def test_roles_want_the_same_scopes(world: World, scopes: tuple[str, ...], answer: str) -> None:
    ours = signed_in(world, *scopes, is_scoped=bool(scopes))
    assert said(ours.take_role()) == ("credentials" if answer == "welcome" else answer)


def test_a_refreshed_token_opens_as_much_as_the_first(world: World) -> None:
    assert signed_in(world).refreshed().look_up() == "welcome"
    assert signed_in(world, "codewhisperer:completions").refreshed().look_up() == "forbidden"


def test_who_shows_a_good_token_is_known(ours: SignedIn) -> None:
    assert ours.world.do(UseToken(ours.tokens.access_token)) == Bearer(ours.session)


def test_showing_a_token_leaves_no_trace(ours: SignedIn) -> None:
    assert ours.world.news(UseToken(ours.tokens.access_token)) == []


def test_who_may_not_is_named_for_the_record(world: World) -> None:
    ours = signed_in(world, "codewhisperer:completions")
    no = Refused(Reason.FORBIDDEN, ours.tokens.user_code, ours.client_id)
    assert world.do(UseToken(ours.tokens.access_token)) == no
    assert ours.take_role() == no


def expired(ours: SignedIn) -> None:
    ours.world.wait(HOUR_S)


def over(ours: SignedIn) -> None:
    ours.world.wait(SESSION_S)


def signed_out(ours: SignedIn) -> None:
    ours.sign_out()


@pytest.mark.parametrize("spoil", [expired, over, signed_out])
def test_a_token_whose_time_is_over_opens_nothing(
    ours: SignedIn, spoil: Callable[[SignedIn], None]
) -> None:
    """wire.md#63: all are told the same."""
    spoil(ours)
    assert ours.look_up() == "invalid_token"
    assert said(ours.take_role()) == "invalid_token"
    assert said(ours.sign_out()) == "invalid_token"


@pytest.mark.parametrize("token", ["", "x", "SECRET-ACCESS-TOKEN-UNTIL-1003600-0002"])
def test_an_unknown_token_opens_nothing(ours: SignedIn, token: str) -> None:
    assert said(ours.world.do(UseToken(token))) == "invalid_token"


def test_a_digest_is_no_token(ours: SignedIn) -> None:
    (kept,) = ours.session.tokens
    assert said(ours.world.do(UseToken(kept))) == "invalid_token"


@pytest.mark.parametrize(
    ("account_id", "role_name"),
    [
        ("999999999999", ROLE),
        ("", ROLE),
        (SANDBOX.account_id, "Nobody"),
        (SANDBOX.account_id, ""),
        (SANDBOX.account_id, ROLE.lower()),
        (SANDBOX.name, ROLE),
        (f" {SANDBOX.account_id}", ROLE),
    ],
)
def test_a_role_that_is_not_assigned_is_forbidden(
    ours: SignedIn, account_id: str, role_name: str
) -> None:
    """wire.md#64: unknown and unassigned are told alike, and nothing is issued."""
    heard, drawn = len(ours.world.events), list(ours.world.ids.secrets)
    no = Refused(Reason.FORBIDDEN, ours.tokens.user_code, ours.client_id)
    assert ours.take_role(account_id, role_name) == no
    assert (len(ours.world.events), ours.world.ids.secrets) == (heard, drawn)


@pytest.mark.parametrize("account", SEEDED.accounts, ids=lambda account: account.name)
@pytest.mark.parametrize("role_name", SANDBOX.roles)
def test_every_assigned_role_can_be_taken(ours: SignedIn, account: Account, role_name: str) -> None:
    reply = ours.take_role(account.account_id, role_name)
    assert isinstance(reply, RoleTaken)
    assert reply.session is ours.session
    assert reply.role == RoleSession(
        session_id=ours.tokens.user_code,
        account_id=account.account_id,
        role_name=role_name,
        user_name=SEEDED.users[0].name,
        expires_at=START.at + HOUR_S,
    )


def test_a_role_of_one_account_is_not_one_of_another() -> None:
    first = Account(account_id="1" * 12, name="a", email="", roles=("Admin",))
    second = Account(account_id="2" * 12, name="b", email="", roles=("Reader",))
    directory = Directory(users=SEEDED.users, accounts=(first, second), applications=())
    ours = signed_in(World(directory=directory))
    assert said(ours.take_role(first.account_id, "Admin")) == "credentials"
    assert said(ours.take_role(second.account_id, "Admin")) == "forbidden"


@pytest.mark.parametrize(("life_s", "waited_s"), [(900, 0), (3600, 0.75), (43200, 10.5)])
def test_credentials_live_as_long_as_the_policy_says_in_whole_seconds(
    life_s: int, waited_s: float
) -> None:
    """wire.md#67, wire.md#71."""
    ours = signed_in(World(policy=Policy(credentials_lifetime_s=life_s)))
    ours.world.wait(waited_s)
    reply = ours.take_role()
    assert isinstance(reply, RoleTaken)
    assert reply.role.expires_at == START.at + life_s + int(waited_s)
    assert f"UNTIL-{START.at + life_s + int(waited_s):.0f}" in reply.credentials.session_token


def test_credentials_are_told_without_their_secrets(ours: SignedIn) -> None:
    ours.world.wait(5)
    reply = ours.take_role()
    assert isinstance(reply, RoleTaken)
    told = CredentialsIssued(
        at=START.at + 5,
        session_id=ours.tokens.user_code,
        account_id=SANDBOX.account_id,
        role_name=ROLE,
        access_key_id=reply.credentials.access_key_id,
        expires_at=START.at + 5 + HOUR_S,
    )
    assert ours.world.events[-1] == told
    assert ours.session.credentials == [
        IssuedCredentials(
            at=told.at,
            account_id=told.account_id,
            role_name=told.role_name,
            access_key_id=told.access_key_id,
            expires_at=told.expires_at,
        )
    ]


def test_whoever_takes_a_role_is_alive(ours: SignedIn) -> None:
    ours.world.wait(5)
    ours.take_role()
    assert ours.world.state.clients[ours.client_id].last_seen_at == START.at + 5


def test_credentials_live_on_after_sign_out(ours: SignedIn) -> None:
    """wire.md#70."""
    ours.take_role()
    before = list(ours.session.credentials)
    ours.world.wait(60)
    ours.sign_out()
    assert ours.session.credentials == before
    assert before[0].expires_at > ours.world.now.at


def test_after_sign_out_no_further_role_is_taken(ours: SignedIn) -> None:
    ours.sign_out()
    assert said(ours.take_role()) == "invalid_token"
