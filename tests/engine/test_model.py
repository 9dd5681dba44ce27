import hashlib

import pytest

from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    DEVICE_CODE_GRANT,
    REFRESH_TOKEN_GRANT,
    Client,
    Policy,
    digest,
)

BOTH = (DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT)
SCOPED = ("sso:account:access",)


def client(scopes: tuple[str, ...], grant_types: tuple[str, ...]) -> Client:
    return Client(
        client_id="c",
        secret_digest="",
        name="pc",
        scopes=scopes,
        grant_types=grant_types,
        redirect_uris=(),
        issued_at=0,
        expires_at=1,
        last_seen_at=0,
    )


@pytest.mark.parametrize("secret", ["", "x", "é", "\x00", "a" * 10_000])
def test_a_digest_is_sha256_in_hexadecimal(secret: str) -> None:
    assert digest(secret) == hashlib.sha256(secret.encode()).hexdigest()


def test_no_text_is_too_odd_for_a_digest() -> None:
    assert digest("\ud800") != digest("\udfff")


@pytest.mark.parametrize(
    ("grant_types", "allowed"),
    [
        ((), BOTH),
        (BOTH, BOTH),
        ((DEVICE_CODE_GRANT,), (DEVICE_CODE_GRANT,)),
        ((AUTHORIZATION_CODE_GRANT,), (AUTHORIZATION_CODE_GRANT,)),
    ],
)
def test_a_client_may_use_what_it_registered_for(
    grant_types: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    known = (DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT, AUTHORIZATION_CODE_GRANT, "password")
    ours = client((), grant_types)
    assert tuple(g for g in known if ours.may_use(g)) == allowed


@pytest.mark.parametrize("grant_types", [(), BOTH])
def test_with_scopes_and_the_grant_tokens_can_be_refreshed(grant_types: tuple[str, ...]) -> None:
    assert client(SCOPED, grant_types).is_refreshable


@pytest.mark.parametrize(
    ("scopes", "grant_types"), [(SCOPED, (DEVICE_CODE_GRANT,)), ((), ()), ((), BOTH)]
)
def test_without_scopes_or_the_grant_they_cannot(
    scopes: tuple[str, ...], grant_types: tuple[str, ...]
) -> None:
    assert not client(scopes, grant_types).is_refreshable


def test_the_policy_is_aws_unless_told_otherwise() -> None:
    policy = Policy()
    assert (policy.interval_s, policy.lifetime_s, policy.throttles) == (1, 600, False)
    assert policy.expired_as.value == "expired_token"
    assert policy.registration_lifetime_s == 90 * 86400
    assert (policy.token_lifetime_s, policy.session_lifetime_s) == (3600, 28800)
