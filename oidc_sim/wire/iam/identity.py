"""What CreateTokenWithIAM says about the user: the identity token and the identity context.

Names and order of the claims are those of AWS's examples (wire.md#82). What AWS encrypts is opaque
to clients, so here it is opaque too: sealed with the signing key, and marked ``SIMULATED``.
"""

import hmac
from base64 import b64encode
from datetime import UTC, datetime

from oidc_sim.engine.replies import ApplicationTokens
from oidc_sim.wire.jwt import signed_jwt
from oidc_sim.wire.tokens import WHOLE_MARK

LIFETIME_S = 3600
"""``exp - iat`` in AWS's examples."""
_STORE = "d-1234567890"
"""The directory of the default start URL."""
_CONTEXT_START = "AQoJb3JpZ2luX2Vj"
"""How contexts begin: a version and the name of a field, as session tokens do."""


def identity_token(reply: ApplicationTokens, region: str, signing_key: bytes) -> str:
    """The ``idToken``: a JWT over the user, good for an hour."""
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
    """The same text as the identity token's ``sts:identity_context``."""
    return _opaque(reply, "identity context", signing_key)


def _owner(application: str) -> tuple[str, str]:
    """Account and instance in ``arn:aws:sso::ACCOUNT:application/INSTANCE/APPLICATION``."""
    arn = application.split(":")
    return arn[4], arn[5].split("/")[1]


def _opaque(reply: ApplicationTokens, purpose: str, signing_key: bytes) -> str:
    """Text for one user and exchange: 92 characters of base64."""
    about = f"{purpose}\0{reply.user.user_id}\0{reply.tokens.user_code}\0{reply.issued_at}"
    sealed = hmac.digest(signing_key, about.encode(), "sha384")
    return _CONTEXT_START + WHOLE_MARK + b64encode(sealed).decode()
