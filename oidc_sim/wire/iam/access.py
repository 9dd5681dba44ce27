"""Who may call CreateTokenWithIAM: whoever signs for this service and region (wire.md#4).

The credentials of other servers cannot be checked: of them only the form is looked at. Those that
this server issued must have been used to sign.
"""

from dataclasses import dataclass

from oidc_sim.wire.errors import ACCESS_DENIED, Problem, wrong_region
from oidc_sim.wire.sigv4 import Flaw, Signature, SignedRequest, read_signature
from oidc_sim.wire.sts.caller import Doubt, caller_of

SERVICE = "sso-oauth"
"""The signing name."""
_TEMPORARY = "ASIA"
WRONG_SERVICE = f"Credential should be scoped to correct service: '{SERVICE}'."


@dataclass(frozen=True, slots=True)
class Gate:
    """The check before the body is read."""

    signing_key: bytes
    region: str
    own_url: str
    """Base URL: where a client that signed for another region is sent, and comes back to."""

    def objection_to(self, request: SignedRequest, at: float) -> Problem | None:
        """Why this request may not go on; None when it may.

        What the service says to a bad signature is not published (INFER). Of the exceptions that
        the operation has in its model, AccessDeniedException is the one about the caller: "You do
        not have sufficient access to perform this action." InvalidClientException is about
        ``clientId``, which is the application and not the caller.

        Args:
            request: As it came.
            at: Simulated time, seconds since 1970.
        """
        signature = read_signature(request)
        if isinstance(signature, Flaw):
            return ACCESS_DENIED.saying(signature.value)
        if signature.service != SERVICE:
            return ACCESS_DENIED.saying(WRONG_SERVICE)
        if signature.region != self.region:
            return wrong_region(self.own_url, self.region)
        return self._objection_to_caller(request, signature, at)

    def _objection_to_caller(
        self, request: SignedRequest, signature: Signature, at: float
    ) -> Problem | None:
        if signature.access_key_id.startswith(_TEMPORARY) and not signature.session_token:
            return ACCESS_DENIED.saying(Doubt.WRONG_TOKEN.value)
        caller = caller_of(request, signature, self.signing_key, at)
        if isinstance(caller, Doubt) and caller is not Doubt.FOREIGN:
            return ACCESS_DENIED.saying(caller.value)
        return None
