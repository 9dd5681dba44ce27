import random
from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.model import RoleSession
from oidc_sim.wire import sts
from oidc_sim.wire.credentials import SealedRole, role_credentials
from oidc_sim.wire.sigv4 import SignedRequest
from oidc_sim.wire.sts import LONGEST_LIFE_S, StsProblem, identify
from tests.wire.signing import signed

KEY = b"k" * 32
NOW, EXPIRY = 1767552707.0, 1767556307.0
FORM = b"Action=GetCallerIdentity&Version=2011-06-15"
ROLE = RoleSession(
    session_id="BCDF-GHJK",
    account_id="111122223333",
    role_name="Admin",
    user_name="u",
    expires_at=EXPIRY,
)
OURS = role_credentials(random.Random(1), KEY, ROLE)
OTHERS = role_credentials(random.Random(2), KEY, ROLE)


def asked(**changes: Any) -> SignedRequest:
    signer = {
        "access_key": OURS.access_key_id,
        "secret": OURS.secret_access_key,
        "token": OURS.session_token,
        "region": "eu-central-1",
    }
    return signed(body=FORM, **{**signer, **changes})


def test_whoever_signed_with_credentials_of_this_server_is_known() -> None:
    assert identify(asked(), KEY, NOW) == SealedRole(OURS.access_key_id, ROLE)


def test_a_presigned_request_is_as_good() -> None:
    request = signed(
        "GET",
        f"/?{FORM.decode()}",
        access_key=OURS.access_key_id,
        secret=OURS.secret_access_key,
        token=OURS.session_token,
        presigned=True,
    )
    assert identify(request, KEY, NOW) == SealedRole(OURS.access_key_id, ROLE)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"access_key": "AKIAIOSFODNN7EXAMPLE", "token": None}, sts.FOREIGN_KEY),
        ({"access_key": "ASIAIOSFODNN7EXAMPLE"}, sts.FOREIGN_KEY),
        ({"token": None}, sts.WRONG_TOKEN),
        ({"token": "of elsewhere"}, sts.WRONG_TOKEN),
        ({"token": OTHERS.session_token}, sts.WRONG_TOKEN),
        ({"secret": OTHERS.secret_access_key}, sts.WRONG_SIGNATURE),
        ({"service": "sso-oauth"}, sts.WRONG_SERVICE),
    ],
)
def test_anybody_else_is_told_why_not(changes: dict[str, Any], problem: StsProblem) -> None:
    assert identify(asked(**changes), KEY, NOW) is problem


def test_the_key_of_another_server_makes_everybody_foreign() -> None:
    assert identify(asked(), b"another", NOW) is sts.FOREIGN_KEY


@pytest.mark.parametrize(
    ("at", "is_good"),
    [
        (EXPIRY - 0.001, True),
        (EXPIRY, False),
        (EXPIRY - LONGEST_LIFE_S, True),
        (EXPIRY - LONGEST_LIFE_S - 1, False),
        (EXPIRY - 400 * 86400, False),
    ],
)
def test_credentials_expire_to_the_instant_and_were_never_good_for_more_than_their_time(
    at: float, *, is_good: bool
) -> None:
    found = identify(asked(), KEY, at)
    assert isinstance(found, SealedRole) if is_good else found is sts.EXPIRED


def test_whether_a_signature_is_right_is_looked_at_before_whether_it_is_expired() -> None:
    assert identify(asked(secret="x"), KEY, EXPIRY) is sts.WRONG_SIGNATURE


def test_an_unsigned_request_and_a_broken_signature_are_told_apart() -> None:
    request = asked()
    bare = tuple(it for it in request.headers if it[0] != b"Authorization")
    assert identify(replace(request, headers=bare), KEY, NOW) is sts.MISSING_TOKEN
    broken = (*bare, (b"Authorization", b"AWS4-HMAC-SHA256 x"))
    found = identify(replace(request, headers=broken), KEY, NOW)
    assert isinstance(found, StsProblem)
    assert (found.code, found.status) == ("IncompleteSignature", 400)
