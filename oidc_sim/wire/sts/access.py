"""Who calls STS: only credentials that this server issued are known to it."""

from oidc_sim.wire.sigv4 import Flaw, SignedRequest, read_signature
from oidc_sim.wire.sts import sts
from oidc_sim.wire.sts.caller import Doubt, caller_of
from oidc_sim.wire.sts.credentials import SealedRole
from oidc_sim.wire.sts.sts import StsProblem

_DOUBTS = {
    Doubt.FOREIGN: sts.FOREIGN_KEY,
    Doubt.WRONG_TOKEN: sts.WRONG_TOKEN,
    Doubt.WRONG_SIGNATURE: sts.WRONG_SIGNATURE,
    Doubt.EXPIRED: sts.EXPIRED,
}


def identify(request: SignedRequest, signing_key: bytes, at: float) -> SealedRole | StsProblem:
    """The role whose credentials signed, or why that is not known.

    Any region will do: STS is called in the client's region, which need not be Identity Center's.

    Args:
        request: As it came.
        signing_key: What all credentials of this server hang on.
        at: Simulated time, seconds since 1970.
    """
    signature = read_signature(request)
    if signature is Flaw.MISSING:
        return sts.MISSING_TOKEN
    if isinstance(signature, Flaw):
        return sts.INCOMPLETE_SIGNATURE.saying(f"{signature.value}.")
    if signature.service != sts.SERVICE:
        return sts.WRONG_SERVICE
    caller = caller_of(request, signature, signing_key, at)
    return _DOUBTS[caller] if isinstance(caller, Doubt) else caller
