"""Whose credentials signed a request, when this server issued them."""

from enum import StrEnum

from oidc_sim.wire.sigv4 import Signature, SignedRequest, is_signed_by
from oidc_sim.wire.sts.credentials import (
    SealedRole,
    is_issued_here,
    read_session_token,
    secret_access_key,
)

LONGEST_LIFE_S = 3600 + 300
"""Of credentials (wire.md#71), and for a clock that was corrected; what ends later than that was issued
before the clock was set back, and nothing but the token itself tells how long it lives."""


class Doubt(StrEnum):
    """Why nobody is known to have signed; AWS's sentences where it has some."""

    FOREIGN = "The access key was not issued here"
    WRONG_TOKEN = "The security token included in the request is invalid."
    WRONG_SIGNATURE = (
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details."
    )
    EXPIRED = "The security token included in the request is expired"


def caller_of(
    request: SignedRequest, signature: Signature, signing_key: bytes, at: float
) -> SealedRole | Doubt:
    """Who signed this request, or why that is not known.

    Args:
        request: As it came.
        signature: What it says about how it was signed.
        signing_key: What all credentials of this server hang on.
        at: Simulated time, seconds since 1970: credentials expire by it.
    """
    if not is_issued_here(signing_key, signature.access_key_id):
        return Doubt.FOREIGN
    sealed = read_session_token(signing_key, signature.session_token or "")
    if sealed is None or sealed.access_key_id != signature.access_key_id:
        return Doubt.WRONG_TOKEN
    secret = secret_access_key(signing_key, signature.access_key_id)
    if not is_signed_by(request, signature, secret):
        return Doubt.WRONG_SIGNATURE
    is_good = at < sealed.role.expires_at <= at + LONGEST_LIFE_S
    return sealed if is_good else Doubt.EXPIRED
