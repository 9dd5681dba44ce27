"""A secret's name is known in every spelling, and a harmless one is left alone."""

import pytest

from oidc_sim.text.redact.recognition import is_secret, letters_of
from tests.text.redact.real_looking import NAMES

HARMLESS = (
    *("", "clientId", "client_id", "userCode", "user_code", "state", "nextToken", "next_token"),
    *("pageToken", "tokenType", "token_type", "token_endpoint", "tokenEndpoint", "grant_type"),
    *("subject_token_type", "requested_token_type", "clientSecretExpiresAt", "accessKeyId"),
    *("publicKey", "key", "idempotentKey", "Sec-WebSocket-Key", "code_challenge", "errorCode"),
    *("X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Content-Sha256", "User-Agent"),
    *("roleCredentials", "WWW-Authenticate", "verificationUriComplete", "password_expires_at"),
    *("monkey", "compass", "turnkey", "startUrl", "secretary", "expiresIn", "scope", "nonce"),
)


@pytest.mark.parametrize(
    "name", [*NAMES, *(it.upper() for it in NAMES), *(it.lower() for it in NAMES)]
)
def test_what_names_a_secret_is_known_however_it_is_spelt(name: str) -> None:
    assert is_secret(name)
    assert is_secret(f"outer[{name}]")
    assert is_secret(f"{name}[0]")
    assert is_secret("x" * 10_000 + name)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_sounds_like_one_is_not(name: str) -> None:
    assert not is_secret(name)


def test_the_letters_are_what_two_spellings_share() -> None:
    spellings = ("refreshToken", "REFRESH_TOKEN", "x[refresh-token]", "\uff52efresh\u200b token2")
    assert {letters_of(it).removeprefix("x") for it in spellings} == {"refreshtoken"}
