"""CreateTokenWithIAM: who may call it, its body, its answer and the tokens in it.

Whoever signs for this service and region may call it (wire.md#4). The credentials of other servers cannot
be checked, so of them only the form is looked at; those that this server issued must have been used to
sign. Who signed is looked at before the body, whose client is an application of IAM Identity Center
(wire.md#77). Names and order of the claims are those of AWS's examples (wire.md#81, wire.md#82). What AWS
encrypts is opaque to clients, so here it is opaque too: sealed with the signing key, and marked ``SIMULATED``.
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from oidc_sim.engine.commands import ExchangeAtApplication
from oidc_sim.engine.model import (
    AUTHORIZATION_CODE_GRANT,
    JWT_BEARER_GRANT,
    REFRESH_TOKEN_GRANT,
    TOKEN_EXCHANGE_GRANT,
)
from oidc_sim.engine.replies import ApplicationTokens
from oidc_sim.wire.answers import TOKEN_ISSUED, TOKEN_REFRESHED, Answer, compact_json
from oidc_sim.wire.errors import (
    ACCESS_DENIED,
    INVALID_REQUEST,
    UNSUPPORTED_GRANT_TYPE,
    Problem,
    wrong_region,
)
from oidc_sim.wire.requests import RequestBody, missing
from oidc_sim.wire.sigv4 import Flaw, Signature, SignedRequest, read_signature
from oidc_sim.wire.sts import Doubt, caller_of
from oidc_sim.wire.tokens import WHOLE_MARK, signed_jwt

SERVICE = "sso-oauth"
"""The signing name."""
_TEMPORARY = "ASIA"
WRONG_SERVICE = f"Credential should be scoped to correct service: '{SERVICE}'."


@dataclass(frozen=True, slots=True)
class SignatureGate:
    """Checks the signature before the body is read."""

    signing_key: bytes
    region: str
    own_url: str
    """Base URL: where a client that signed for another region is sent, and comes back to."""

    def objection_to(self, request: SignedRequest, at: float) -> Problem | None:
        """Say why this request may not go on, at this simulated time; None when it may.

        What the service says to a bad signature is not published (INFER). Of the exceptions that the operation
        has in its model, AccessDeniedException is the one about the caller: "You do not have sufficient access
        to perform this action." InvalidClientException is about ``clientId``, which is the application and not
        the caller.
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


ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"
REFRESH_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:refresh_token"
"""Both token types are RFC 8693's (§3)."""
WRONG_TOKEN_TYPE = INVALID_REQUEST.saying("The token type is not supported")
"""The text is ours (wire.md#91)."""


class CreateTokenWithIAMBody(RequestBody):
    """Body of CreateTokenWithIAM. Its ``scope`` has no effect: an application's tokens carry the same three."""

    client_id: str | None = None
    grant_type: str | None = None
    code: str | None = None
    refresh_token: str | None = None
    assertion: str | None = None
    scope: tuple[str, ...] | None = None
    redirect_uri: str | None = None
    subject_token: str | None = None
    subject_token_type: str | None = None
    requested_token_type: str | None = None
    code_verifier: str | None = None

    def command(self) -> ExchangeAtApplication | Problem:
        """Make the engine's command; else say first of all which member is missing, or which grant or type unknown."""
        if self.client_id is None:
            return missing("clientId")
        if self.grant_type is None:
            return missing("grantType")
        needed = _NEEDED.get(self.grant_type)
        if needed is None:
            return UNSUPPORTED_GRANT_TYPE
        for member, name in needed:
            if getattr(self, name) is None:
                return missing(member)
        if self.grant_type == TOKEN_EXCHANGE_GRANT and not self._names_known_types():
            return WRONG_TOKEN_TYPE
        return self._exchange(self.client_id, self.grant_type)

    def _names_known_types(self) -> bool:
        """Only access tokens are exchanged; AWS knows two types to ask for, and gives the first."""
        known = {None, "", ACCESS_TOKEN_TYPE, REFRESH_TOKEN_TYPE}
        return self.subject_token_type == ACCESS_TOKEN_TYPE and self.requested_token_type in known

    def _exchange(self, application: str, grant_type: str) -> ExchangeAtApplication:
        return ExchangeAtApplication(
            application=application,
            grant_type=grant_type,
            code=self.code,
            redirect_uri=self.redirect_uri,
            code_verifier=self.code_verifier,
            refresh_token=self.refresh_token,
            assertion=self.assertion,
            subject_token=self.subject_token,
        )


_NEEDED = {
    AUTHORIZATION_CODE_GRANT: (("code", "code"),),
    REFRESH_TOKEN_GRANT: (("refreshToken", "refresh_token"),),
    JWT_BEARER_GRANT: (("assertion", "assertion"),),
    TOKEN_EXCHANGE_GRANT: (
        ("subjectToken", "subject_token"),
        ("subjectTokenType", "subject_token_type"),
    ),
}
"""Members that each grant needs: AWS's name and ours."""


LIFETIME_S = 3600
"""``exp - iat`` in AWS's examples."""
_STORE = "d-1234567890"
"""The directory of the default start URL."""
_CONTEXT_START = "AQoJb3JpZ2luX2Vj"
"""Beginning of contexts: a version and the name of a field, as session tokens do."""


def identity_token(reply: ApplicationTokens, region: str, signing_key: bytes) -> str:
    """Make the ``idToken``: a JWT over the user, good for an hour."""
    application = reply.tokens.client_id
    account, instance = _owner(application)
    issued_at = int(reply.issued_at)
    claims = {
        "aws:identity_store_id": _STORE,
        "sub": reply.user.user_id,
        "aws:instance_account": account,
        "sts:identity_context": identity_context(reply, signing_key),
        "sts:audit_context": _opaque(reply, "audit context", signing_key),
        "iss": f"https://identitycenter.amazonaws.com/{instance}",
        "aws:identity_store_arn": f"arn:aws:identitystore::{account}:identitystore/{_STORE}",
        "aud": application,
        "aws:instance_arn": f"arn:aws:sso:::instance/{instance}",
        "aws:credential_id": _opaque(reply, "credential id", signing_key),
        "auth_time": f"{datetime.fromtimestamp(issued_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "exp": issued_at + LIFETIME_S,
        "iat": issued_at,
    }
    return signed_jwt(claims, region, signing_key)


def identity_context(reply: ApplicationTokens, signing_key: bytes) -> str:
    """Make the text of the identity token's ``sts:identity_context``."""
    return _opaque(reply, "identity context", signing_key)


def _owner(application: str) -> tuple[str, str]:
    """Read account and instance in ``arn:aws:sso::ACCOUNT:application/INSTANCE/APPLICATION``."""
    arn = application.split(":")
    return arn[4], arn[5].split("/")[1]


def _opaque(reply: ApplicationTokens, purpose: str, signing_key: bytes) -> str:
    """Seal text for one user and exchange: 92 characters of base64."""
    about = f"{purpose}\0{reply.user.user_id}\0{reply.tokens.user_code}\0{reply.issued_at}"
    sealed = hmac.digest(signing_key, about.encode(), "sha384")
    return _CONTEXT_START + WHOLE_MARK + b64encode(sealed).decode()


def application_tokens(reply: ApplicationTokens, region: str, signing_key: bytes) -> Answer:
    """Write eight members in alphabetical order; what a grant does not give is null.

    AWS's examples leave those members out, as an SDK would; that they are null on the wire is an inference
    from CreateToken, which the same service answers (wire.md#13). SDKs read both alike.
    """
    is_exchange = reply.grant_type == TOKEN_EXCHANGE_GRANT
    is_refresh = reply.grant_type == REFRESH_TOKEN_GRANT
    tokens = reply.tokens
    members: dict[str, Any] = {
        "accessToken": tokens.access_token,
        "awsAdditionalDetails": None,
        "expiresIn": tokens.lifetime_s,
        "idToken": None,
        "issuedTokenType": ACCESS_TOKEN_TYPE if is_exchange else REFRESH_TOKEN_TYPE,
        "refreshToken": tokens.refresh_token,
        "scope": reply.scopes,
        "tokenType": "Bearer",
    }
    if not is_refresh:
        context = identity_context(reply, signing_key)
        members["awsAdditionalDetails"] = {"identityContext": context}
        members["idToken"] = identity_token(reply, region, signing_key)
    outcome = TOKEN_REFRESHED if is_refresh else TOKEN_ISSUED
    return Answer(200, compact_json(members), None, outcome, tokens.user_code, tokens.client_id)
