from dataclasses import replace

import pytest

from oidc_sim.engine.commands import RegisterClient
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    Policy,
    digest,
)
from oidc_sim.engine.registration import MAX_SCOPES, authenticate
from oidc_sim.engine.replies import Registered
from tests.engine.world import START, World, said

PLAIN = RegisterClient(name="pc", client_type="public")
PKCE = replace(
    PLAIN,
    scopes=("sso:account:access",),
    grant_types=(AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT),
    redirect_uris=("http://127.0.0.1/oauth/callback",),
)
NINETY_DAYS_S = 90 * 24 * 60 * 60


def test_a_client_registers_for_ninety_days(world: World) -> None:
    reply = world.do(PLAIN)
    assert isinstance(reply, Registered)
    assert reply.client.issued_at == START.at
    assert reply.client.expires_at == START.at + NINETY_DAYS_S


def test_a_registration_is_kept_as_it_was_told(world: World) -> None:
    reply = world.do(PKCE)
    assert isinstance(reply, Registered)
    client = world.state.clients[reply.client.client_id]
    assert client == reply.client
    assert client.name == PKCE.name
    assert client.scopes == PKCE.scopes
    assert client.grant_types == PKCE.grant_types
    assert client.redirect_uris == PKCE.redirect_uris
    assert client.last_seen_at == START.at
    assert client.devices == 0


def test_of_the_secret_only_its_digest_is_kept(world: World) -> None:
    reply = world.do(PLAIN)
    assert isinstance(reply, Registered)
    assert reply.client.secret_digest == digest(reply.client_secret)
    assert reply.client_secret not in repr(world.state)


def test_equal_registrations_are_two_clients(world: World) -> None:
    first, second = world.do(PLAIN), world.do(PLAIN)
    assert isinstance(first, Registered)
    assert isinstance(second, Registered)
    assert first.client.client_id != second.client.client_id
    assert first.client_secret != second.client_secret


@pytest.mark.parametrize("scopes", [("made:up",), ("scope1", "scope2"), ("\x1b[2J",)])
def test_invented_scopes_register(world: World, scopes: tuple[str, ...]) -> None:
    """wire.md#46."""
    assert isinstance(world.do(replace(PLAIN, scopes=scopes)), Registered)


def test_twenty_five_scopes_register_and_one_more_does_not(world: World) -> None:
    """wire.md#89."""
    scopes = tuple(f"scope:{n}" for n in range(25))
    assert len(scopes) == MAX_SCOPES
    assert isinstance(world.do(replace(PLAIN, scopes=scopes)), Registered)
    assert said(world.do(replace(PLAIN, scopes=(*scopes, "one:more")))) == "invalid_scope"


@pytest.mark.parametrize(
    "grant_types",
    [
        (),
        (DEVICE_CODE_GRANT,),
        (REFRESH_TOKEN_GRANT,),
        (DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT),
        (DEVICE_CODE_GRANT, DEVICE_CODE_GRANT),
    ],
)
def test_these_grants_register_without_scopes(world: World, grant_types: tuple[str, ...]) -> None:
    assert isinstance(world.do(replace(PLAIN, grant_types=grant_types)), Registered)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (replace(PLAIN, client_type="confidential"), "invalid_client_metadata"),
        (replace(PLAIN, client_type="Public"), "invalid_client_metadata"),
        (replace(PLAIN, client_type=""), "invalid_client_metadata"),
        (replace(PLAIN, grant_types=("password",)), "unsupported_grant_type"),
        (replace(PLAIN, grant_types=(DEVICE_CODE_GRANT, "")), "unsupported_grant_type"),
        (replace(PLAIN, redirect_uris=("http://localhost/",)), "invalid_redirect_uri"),
        (replace(PKCE, scopes=()), "invalid_scope"),
        (replace(PKCE, grant_types=(*PKCE.grant_types, DEVICE_CODE_GRANT)), "invalid_scope"),
        (replace(PKCE, redirect_uris=()), "invalid_redirect_uri"),
    ],
)
def test_metadata_that_is_wrong_is_refused_and_leaves_no_trace(
    world: World, command: RegisterClient, reason: str
) -> None:
    """wire.md#47, wire.md#48."""
    assert said(world.do(command)) == reason
    assert world.events == []
    assert world.ids.secrets == []


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1/oauth/callback",
        "http://127.0.0.1:8400/oauth/callback",
        "http://127.0.0.1:65535/oauth/callback",
    ],
)
def test_a_loopback_redirect_registers(world: World, uri: str) -> None:
    """wire.md#49."""
    assert isinstance(world.do(replace(PKCE, redirect_uris=(uri,))), Registered)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://127.0.0.1/oauth/callback",
        "http://[::1]/oauth/callback",
        "http://localhost/oauth/callback",
        "http://127.0.0.2/oauth/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1/oauth/callback/",
        "http://127.0.0.1/oauth/callback?x=1",
        "http://127.0.0.1/oauth/callback#x",
        "http://127.0.0.1/oauth/callback\n",
        " http://127.0.0.1/oauth/callback",
        "http://127.0.0.1:/oauth/callback",
        "http://127.0.0.1:123456/oauth/callback",
        "http://127.0.0.1:٣٤/oauth/callback",
        "http://127.0.0.1@evil.example/oauth/callback",
        "http://127.0.0.1.evil.example/oauth/callback",
        "http://127a0b0c1/oauth/callback",
        "HTTP://127.0.0.1/oauth/callback",
    ],
)
def test_any_other_redirect_is_refused(world: World, uri: str) -> None:
    good = "http://127.0.0.1/oauth/callback"
    reply = world.do(replace(PKCE, redirect_uris=(good, uri)))
    assert said(reply) == "invalid_redirect_uri"


def test_at_the_cap_the_oldest_registration_is_forgotten() -> None:
    world = World(policy=Policy(max_clients=3))
    ids = [world.register().client.client_id for _ in range(5)]
    assert list(world.state.clients) == ids[-3:]


def test_a_right_secret_is_recognised_and_nothing_else_is(world: World) -> None:
    ours, other = world.register(), world.register()
    client_id = ours.client.client_id
    assert authenticate(world.state, client_id, ours.client_secret) == ours.client
    for secret in ("", "x", other.client_secret, ours.client.secret_digest, "\ud800"):
        assert authenticate(world.state, client_id, secret) is None
    for stranger in ("", "client-9999", other.client.client_id):
        assert authenticate(world.state, stranger, ours.client_secret) is None
    assert authenticate(world.state, "client-9999", "") is None


def test_an_expired_client_is_still_recognised(world: World) -> None:
    ours = world.register()
    world.wait(NINETY_DAYS_S)
    assert authenticate(world.state, ours.client.client_id, ours.client_secret) is not None


def test_a_name_is_kept_without_the_secret_in_it_and_the_client_gets_it_back(world: World) -> None:
    """The name is in the client's secret too, whose bytes are AWS's."""
    name = "my " + "AK" + "IA" + "QWERTYUIOPASDFGH"
    reply = world.do(
        replace(PLAIN, name=name, scopes=("a",), recorded_name="cut", recorded_scopes=("b",))
    )
    assert isinstance(reply, Registered)
    assert (reply.client.name, reply.client.scopes) == ("cut", ("b",))
    assert world.state.clients[reply.client.client_id] == reply.client
