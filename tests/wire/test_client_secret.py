import json
import random
import re
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oidc_sim.text.redact.marks import MARK
from oidc_sim.wire.tokens import client_secret, key_number

MEMBERS_OF_2026 = [
    "clientId",
    "idempotentKey",
    "tenantId",
    "clientName",
    "backfillVersion",
    "clientType",
    "templateArn",
    "templateContext",
    "expirationTimestamp",
    "createdTimestamp",
    "updatedTimestamp",
    "createdBy",
    "updatedBy",
    "status",
    "initiateLoginUri",
    "entitledResourceId",
    "entitledResourceContainerId",
    "externalId",
    "softwareId",
    "scopes",
    "authenticationConfiguration",
    "shadowAuthenticationConfiguration",
    "enabledGrants",
    "enforceAuthNConfiguration",
    "ownerAccountId",
    "ssoInstanceAccountId",
    "userConsent",
    "nonInteractiveSessionsEnabled",
    "associatedInstanceArn",
    "isBackfilled",
    "hasInitialScopes",
    "areAllScopesConsentedTo",
    "isExpired",
    "ssoScopes",
    "groupScopesByFriendlyId",
    "shouldGetValueFromTemplate",
    "hasRequestedScopes",
    "containsOnlySsoScopes",
    "isV1Backfilled",
    "isV2Backfilled",
    "isV3Backfilled",
    "isV4Backfilled",
]
CODEWHISPERER = [
    f"codewhisperer:{action}"
    for action in ("completions", "analysis", "conversations", "transformations", "taskassist")
]
LARGEST_BODY = 65536


def secret(name: str = "name", scopes: list[str] | None = None, region: str = "us-east-1") -> str:
    return client_secret(
        random.Random(1),
        region,
        client_id="client",
        name=name,
        scopes=scopes or [],
        created_at=1767552707.25,
        expires_at=1775328707.25,
    )


def part(token: str, index: int) -> bytes:
    text = token.split(".")[index]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def inner(token: str) -> Any:
    return json.loads(json.loads(part(token, 1))["serialized"])


def test_the_header_names_key_and_algorithm_compactly() -> None:
    """wire.md#20."""
    assert part(secret(), 0) == b'{"kid":"key-1564028099","alg":"HS384"}'


@pytest.mark.parametrize(
    ("region", "number"),
    [("us-east-1", 1564028099), ("us-west-2", 1566968136), ("eu-west-1", 1566968013)],
)
def test_the_known_regions_have_their_keys(region: str, number: int) -> None:
    assert key_number(region) == number


@pytest.mark.parametrize("region", ["eu-central-1", "ap-southeast-2", "us-gov-west-1"])
def test_any_other_key_has_ten_digits_too(region: str) -> None:
    assert re.fullmatch(r"\d{10}", str(key_number(region)))


def test_the_signature_is_48_bytes_and_says_that_it_is_simulated() -> None:
    token = secret()
    assert token.split(".")[2].startswith(MARK)
    assert len(part(token, 2)) == 48


def test_the_registration_has_the_members_of_2026_in_their_order() -> None:
    assert list(inner(secret())) == MEMBERS_OF_2026


def test_the_registration_is_the_clients() -> None:
    registration = inner(secret("a \u202e name", ["sso:account:access"]))
    assert registration["clientId"] == {"value": "client"}
    assert registration["clientName"] == "a \u202e name"
    assert registration["expirationTimestamp"] - registration["createdTimestamp"] == 7776000
    assert registration["scopes"] == [
        {
            "fullScope": "sso:account:access",
            "status": "INITIAL",
            "applicationArn": None,
            "friendlyId": "sso",
            "useCaseAction": "account:access",
            "type": "ImmutableAccessScope",
            "scopeType": "ACCESS_SCOPE",
        }
    ]


def test_instants_have_nine_decimals() -> None:
    serialized = json.loads(part(secret(), 1))["serialized"]
    assert '"createdTimestamp":1767552707.250000000,' in serialized


def test_it_is_about_as_long_as_those_published() -> None:
    assert round(len(secret("botocore-client-1610640854")), -3) == 2000
    assert 3300 <= len(secret("AWS IDE Extensions for VSCode", CODEWHISPERER)) <= 4300


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50) | st.just("\U0001f600" * 60_000),
    st.lists(
        st.text(max_size=20) | st.sampled_from([":".join(["a" * 50] * 3), "a" * 60_000]),
        max_size=200,
    ),
)
@example("name", ["a" * 60_000])
def test_whatever_registers_its_secret_fits_into_a_body(name: str, scopes: list[str]) -> None:
    """wire.md#90."""
    token = secret(name, scopes)
    assert len(token) < LARGEST_BODY // 2
    assert inner(token)["clientName"] == name[:256]
