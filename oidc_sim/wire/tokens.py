"""Makes ids, codes, secrets and tokens: shapes and lengths are AWS's (wire.md#19, wire.md#31), the bytes are chance.

The text ``SIMULATED`` stands at a fixed place of every one that could be taken for a live secret. It is
written over base64 text, whose alphabet it is of, so lengths and decoding stay as they are.

Client secret, authorization code and identity token are shaped like a JWT (wire.md#20, wire.md#21); the
client secret carries the whole registration. By hand, not by a JWT library: two of the three are only
shaped so, and for the third, three lines of the standard library are all of RFC 7515 that HS384 needs.
"""

import hmac
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from oidc_sim.text.redact.marks import MARK

WHOLE_MARK = MARK + "///"
"""The same as nine whole bytes of base64, to stand between others."""
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; no letters that read alike (RFC 8628 §6.1; wire.md#24)."""
DEVICE_CODE_BYTES = 64
SIGNATURE_NUMBER_BYTES = 48
"""Bytes of a number of P-384."""
_REGION_MARKERS = {"us-east-1": "Bkc0", "ap-southeast-2": "Bbg1"}
"""Endings of a token's signed part (wire.md#31); of other regions no token is published."""
_DEVICE_MARK_AT = 4
"""After some of the chance, so that codes cut to their first four characters differ."""
_TOKEN_MARK_AT = 12
"""The first character after those that hold the expiry."""
_BEFORE_MARKER = "AEIMQUYcgkosw048"
"""The character before a region marker: in captures its low two bits are zero."""


class Rng(Protocol):
    """A source of chance: ``random.SystemRandom`` for real use, a seeded ``random.Random``."""

    def randbytes(self, n: int, /) -> bytes:
        """Give this many bytes."""

    def choice(self, seq: str, /) -> str:
        """Give one character of a text."""


def client_id(rng: Rng, region: str) -> str:
    """Make a client id: base64url of 16 random bytes and the region's name, unpadded (wire.md#19)."""
    return base64url(rng.randbytes(16) + region.encode())


def device_code(rng: Rng) -> str:
    """Make a device code: 86 characters of base64url, 64 bytes (wire.md#23)."""
    return marked(base64url(rng.randbytes(DEVICE_CODE_BYTES)), _DEVICE_MARK_AT)


def user_code(rng: Rng) -> str:
    """Make a user code, ``XXXX-XXXX`` in the alphabet that a person can type (wire.md#24)."""
    letters = "".join(rng.choice(USER_CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def access_token(rng: Rng, expires_at: float, region: str) -> str:
    """Make ``aoa``, 90 characters that begin with the expiry, ``:``, an ECDSA signature (wire.md#31, wire.md#33).

    The expiry is in seconds since 1970; the region is the one whose marker the token carries.
    """
    return "aoa" + _signed(rng, expires_at, region)


def refresh_token(rng: Rng, session_ends_at: float, region: str) -> str:
    """Make ``aor`` and the same; its expiry is the session's end (wire.md#32, wire.md#33)."""
    return "aor" + _signed(rng, session_ends_at, region)


def base64url(data: bytes) -> str:
    """Encode without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def region_marker(region: str) -> str:
    """Give a region's four characters; made up, but always the same ones, where no capture shows them."""
    known = _REGION_MARKERS.get(region)
    return known or "B" + base64url(region.encode())[-3:].translate(str.maketrans("-_", "ab"))


def marked(text: str, at: int) -> str:
    """Write ``SIMULATED`` over a text from this place on."""
    return text[:at] + MARK + text[at + len(MARK) :]


def _signed(rng: Rng, expires_at: float, region: str) -> str:
    text = base64url(int(expires_at).to_bytes(8, "big") + rng.randbytes(56))[:85]
    text = marked(text, _TOKEN_MARK_AT) + rng.choice(_BEFORE_MARKER) + region_marker(region)
    return f"{text}:{b64encode(_signature(rng)).rstrip(b'=').decode()}"


def _signature(rng: Rng) -> bytes:
    """Make DER of two numbers, 102 to 104 bytes: hence the MGQC, MGUC or MGYC that tokens show."""
    numbers = _der_integer(rng) + _der_integer(rng)
    return bytes([0x30, len(numbers)]) + numbers


def _der_integer(rng: Rng) -> bytes:
    """Encode a number, positive and as short as X.690 §8.3 wants it: no zero in front unless the top bit is set."""
    number = bytearray(rng.randbytes(SIGNATURE_NUMBER_BYTES))
    number[0] = number[0] or 1
    body = bytes(number) if number[0] < 0x80 else b"\0" + bytes(number)  # noqa: PLR2004
    return bytes([0x02, len(body)]) + body


SIGNATURE_BYTES = 48
"""Bytes of a signature of HS384."""
_KEY_IDS = {"us-east-1": 1564028099, "us-west-2": 1566968136, "eu-west-1": 1566968013}
"""Fact 21. The other regions' are made up."""
_NAME_CARRIED = 256
_SCOPES_CARRIED = 25
"""Scopes of one registration (wire.md#89)."""
_SCOPE = re.compile(r"[A-Za-z0-9_*-]{1,50}(:[A-Za-z0-9_*-]{1,50}){0,2}")
"""Words as AWS documents them, and the further characters of ``sso-portal:*`` (wire.md#90)."""
_Raw = tuple[str, str]
"""A member's name and its JSON."""


def client_secret(
    rng: Rng,
    region: str,
    *,
    client_id: str,
    name: str,
    scopes: Sequence[str],
    created_at: float,
    expires_at: float,
) -> str:
    """Make a secret of about 2,000 characters, more with scopes; ``SIMULATED`` begins its signature.

    A name or scope that is longer than AWS documents is carried in part, or a client with a huge one could
    not send its secret back: the server reads no more than 64 KiB. Instants are seconds since 1970.
    """
    carried = [scope for scope in scopes if _SCOPE.fullmatch(scope)][:_SCOPES_CARRIED]
    members = [
        *_identity(client_id, name[:_NAME_CARRIED]),
        *_life(created_at, expires_at),
        *_registration(carried),
        *_judgements(carried),
    ]
    inner = "{" + ",".join(f'"{member}":{value}' for member, value in members) + "}"
    payload = base64url(_json({"serialized": inner}).encode())
    return f"{_header(key_number(region))}.{payload}.{_marked_signature(rng)}"


def key_number(region: str) -> int:
    """Give the ten digits in the key id of a region."""
    made_up = 1566968000 + sum(region.encode()) % 1000
    return _KEY_IDS.get(region, made_up)


def _identity(client_id: str, name: str) -> Iterable[_Raw]:
    return (
        ("clientId", _json({"value": client_id})),
        *_each("null", "idempotentKey", "tenantId"),
        ("clientName", _json(name)),
        ("backfillVersion", "null"),
        ("clientType", '"PUBLIC"'),
        *_each("null", "templateArn", "templateContext"),
    )


def _life(created_at: float, expires_at: float) -> Iterable[_Raw]:
    return (
        ("expirationTimestamp", _instant(expires_at)),
        *_each(_instant(created_at), "createdTimestamp", "updatedTimestamp"),
        *_each("null", "createdBy", "updatedBy", "status", "initiateLoginUri"),
        *_each("null", "entitledResourceId", "entitledResourceContainerId"),
        *_each("null", "externalId", "softwareId"),
    )


def _registration(scopes: Sequence[str]) -> Iterable[_Raw]:
    return (
        ("scopes", _json([_scope(scope) for scope in scopes]) if scopes else "null"),
        *_each("null", "authenticationConfiguration", "shadowAuthenticationConfiguration"),
        *_each("null", "enabledGrants", "enforceAuthNConfiguration", "ownerAccountId"),
        *_each("null", "ssoInstanceAccountId", "userConsent"),
        *_each("null", "nonInteractiveSessionsEnabled", "associatedInstanceArn"),
        ("isBackfilled", "false"),
    )


def _judgements(scopes: Sequence[str]) -> Iterable[_Raw]:
    by_friendly_id: dict[str, list[str]] = {}
    for scope in scopes:
        by_friendly_id.setdefault(scope.partition(":")[0], []).append(scope)
    return (
        ("hasInitialScopes", _json(bool(scopes))),
        *_each("false", "areAllScopesConsentedTo", "isExpired"),
        ("ssoScopes", _json([scope for scope in scopes if scope.startswith("sso:")])),
        ("groupScopesByFriendlyId", _json(by_friendly_id)),
        ("shouldGetValueFromTemplate", "false"),
        ("hasRequestedScopes", _json(bool(scopes))),
        ("containsOnlySsoScopes", _json(all(scope.startswith("sso:") for scope in scopes))),
        *_each("false", "isV1Backfilled", "isV2Backfilled", "isV3Backfilled", "isV4Backfilled"),
    )


def _each(value: str, *names: str) -> Iterable[_Raw]:
    return ((name, value) for name in names)


def _scope(scope: str) -> dict[str, str | None]:
    friendly_id, _, action = scope.partition(":")
    return {
        "fullScope": scope,
        "status": "INITIAL",
        "applicationArn": None,
        "friendlyId": friendly_id,
        "useCaseAction": action,
        "type": "ImmutableAccessScope",
        "scopeType": "ACCESS_SCOPE",
    }


def _instant(at: float) -> str:
    """Write seconds with nine decimals; more than six of them a float does not have."""
    return f"{at:.6f}000"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


_CODE_KEY_NUMBERS = {"us-east-1": 1564028078}
"""Known of one region (wire.md#53). The other regions' are made up."""
_CODE_BYTES = 192
"""Lengths are not published; this is about what fits an address that people copy."""


def authorization_code(rng: Rng, region: str) -> str:
    """Make a code with AWS's header (wire.md#53) and chance for claims; ``SIMULATED`` begins the signature."""
    number = _CODE_KEY_NUMBERS.get(region, key_number(region) - 1)
    signature = _marked_signature(rng)
    return f"{_header(number)}.{base64url(rng.randbytes(_CODE_BYTES))}.{signature}"


def signed_jwt(claims: Mapping[str, object], region: str, signing_key: bytes) -> str:
    """Sign a JWT that whoever has the signing key can verify (RFC 7515, HS384).

    AWS signs with a key pair and publishes the other half. That would need a library for asymmetric
    signatures, which is a dependency for one token of one operation; HS384 is in the standard library, and
    is what AWS's own client secrets name. Clients read this token's claims; none of them verifies it, as
    none has the key.
    """
    signed = f"{_header(key_number(region))}.{base64url(_json(claims).encode())}"
    signature = hmac.digest(signing_key, signed.encode("ascii"), "sha384")
    return f"{signed}.{base64url(signature)}"


def _marked_signature(rng: Rng) -> str:
    return marked(base64url(rng.randbytes(SIGNATURE_BYTES)), 0)


def _header(number: int) -> str:
    return base64url(f'{{"kid":"key-{number}","alg":"HS384"}}'.encode())
