import hmac
import json
import random
import re
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import JWT_BEARER_GRANT
from oidc_sim.engine.replies import ApplicationTokens, Tokens
from oidc_sim.wire.iam import identity_context, identity_token
from oidc_sim.wire.tokens import authorization_code, signed_jwt

KEY = b"k" * 32
APPLICATION = SEEDED.applications[0]


def read(part: str) -> Any:
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def reply(issued_at: float = 1767552707.9, user_code: str = "BCDF-GHJK") -> ApplicationTokens:
    return ApplicationTokens(
        tokens=Tokens(
            user_code=user_code,
            client_id=APPLICATION,
            access_token="aoa",
            refresh_token="aor",
            lifetime_s=3600,
        ),
        grant_type=JWT_BEARER_GRANT,
        user=SEEDED.users[0],
        scopes=("openid", "aws", "sts:identity_context"),
        issued_at=issued_at,
    )


def test_an_authorization_code_begins_as_awss_does() -> None:
    code = authorization_code(random.Random(1), "us-east-1")
    assert code.startswith("eyJraWQiOiJrZXktMTU2NDAyODA3OCIsImFsZyI6IkhTMzg0In0.")
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{256}\.SIMULATED[A-Za-z0-9_-]{55}", code)


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-2", "us-gov-west-1"])
def test_another_regions_code_names_another_key(region: str) -> None:
    header = read(authorization_code(random.Random(1), region).split(".")[0])
    assert re.fullmatch("key-[0-9]{10}", header["kid"])
    assert header["kid"] != "key-1564028078"
    assert list(header) == ["kid", "alg"]


def test_codes_do_not_repeat() -> None:
    rng = random.Random(1)
    assert len({authorization_code(rng, "us-east-1") for _ in range(1000)}) == 1000


def test_whoever_has_the_key_can_verify_an_identity_token() -> None:
    signed, _, signature = identity_token(reply(), "us-east-1", KEY).rpartition(".")
    expected = hmac.digest(KEY, signed.encode(), "sha384")
    assert urlsafe_b64decode(signature + "=" * (-len(signature) % 4)) == expected
    assert read(signed.split(".")[0]) == {"kid": "key-1564028099", "alg": "HS384"}


def test_an_identity_token_has_awss_claims() -> None:
    claims = read(identity_token(reply(), "us-east-1", KEY).split(".")[1])
    assert list(claims) == [
        "aws:identity_store_id",
        "sub",
        "aws:instance_account",
        "sts:identity_context",
        "sts:audit_context",
        "iss",
        "aws:identity_store_arn",
        "aud",
        "aws:instance_arn",
        "aws:credential_id",
        "auth_time",
        "exp",
        "iat",
    ]
    assert claims["sub"] == SEEDED.users[0].user_id
    assert claims["aud"] == APPLICATION
    assert claims["iss"] == "https://identitycenter.amazonaws.com/ssoins-1234567890abcdef"
    assert claims["aws:instance_arn"] == "arn:aws:sso:::instance/ssoins-1234567890abcdef"
    assert claims["aws:instance_account"] == "111122223333"
    assert claims["auth_time"] == "2026-01-04T18:51:47Z"
    assert (claims["iat"], claims["exp"] - claims["iat"]) == (1767552707, 3600)
    assert claims["sts:identity_context"] == identity_context(reply(), KEY)


def test_what_is_opaque_differs_by_purpose_exchange_and_key() -> None:
    claims = read(identity_token(reply(), "us-east-1", KEY).split(".")[1])
    names = ("sts:identity_context", "sts:audit_context", "aws:credential_id")
    contexts = {claims[name] for name in names}
    contexts |= {
        identity_context(reply(user_code="OTHE-RONE"), KEY),
        identity_context(reply(issued_at=1), KEY),
        identity_context(reply(), b"another"),
    }
    assert len(contexts) == 6
    for context in contexts:
        assert re.fullmatch("AQoJb3JpZ2luX2VjSIMULATED[A-Za-z0-9+/]{67}", context)


def test_a_jwt_is_three_parts_of_base64url() -> None:
    token = signed_jwt({"a": "é\u2028"}, "us-east-1", KEY)
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{64}", token)
