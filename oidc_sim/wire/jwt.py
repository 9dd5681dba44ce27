"""The two JWTs besides the client secret: authorization codes and identity tokens.

By hand, not by a JWT library: one is only shaped like a JWT, and for the other three lines of the
standard library are all of RFC 7515 that HS384 needs.
"""

import hmac
import json
from collections.abc import Mapping

from oidc_sim.text.marks import MARK
from oidc_sim.wire.client_secret import SIGNATURE_BYTES, key_number
from oidc_sim.wire.tokens import Rng, base64url

_CODE_KEY_NUMBERS = {"us-east-1": 1564028078}
"""Known of one region (wire.md#53). The other regions' are made up."""
_CODE_BYTES = 192
"""Lengths are not published; this is about what fits an address that people copy."""


def authorization_code(rng: Rng, region: str) -> str:
    """A header as AWS's (wire.md#53), chance where the claims would be; ``SIMULATED`` begins the signature."""
    number = _CODE_KEY_NUMBERS.get(region, key_number(region) - 1)
    signature = MARK + base64url(rng.randbytes(SIGNATURE_BYTES))[len(MARK) :]
    return f"{_header(number)}.{base64url(rng.randbytes(_CODE_BYTES))}.{signature}"


def signed_jwt(claims: Mapping[str, object], region: str, signing_key: bytes) -> str:
    """A JWT that whoever has the signing key can verify (RFC 7515, HS384).

    AWS signs with a key pair and publishes the other half. That would need a library for asymmetric
    signatures, which is a dependency for one token of one operation; HS384 is in the standard
    library, and is what AWS's own client secrets name. Clients read this token's claims; none of
    them verifies it, as none has the key.
    """
    payload = base64url(json.dumps(claims, separators=(",", ":")).encode())
    signed = f"{_header(key_number(region))}.{payload}"
    signature = hmac.digest(signing_key, signed.encode("ascii"), "sha384")
    return f"{signed}.{base64url(signature)}"


def _header(number: int) -> str:
    return base64url(f'{{"kid":"key-{number}","alg":"HS384"}}'.encode())
