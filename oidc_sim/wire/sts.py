"""STS's GetCallerIdentity, so that credentials issued here can be seen to work.

STS speaks the query protocol: parameters in a form or in the query, answers in XML. The answer and the
errors' texts are AWS's documented ones; a sentence of our own says what this server is. Only credentials
that this server issued are known to it.
"""

import hashlib
from base64 import b32encode
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from urllib.parse import parse_qsl

from oidc_sim.engine.model import RoleSession
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.credentials import (
    SealedRole,
    is_issued_here,
    read_session_token,
    secret_access_key,
)
from oidc_sim.wire.operations import GET_CALLER_IDENTITY
from oidc_sim.wire.sigv4 import Flaw, Signature, SignedRequest, is_signed_by, read_signature

LONGEST_LIFE_S = 3600 + 300
"""Longest life of credentials (wire.md#71), with room for a clock that was corrected; what ends later than that was issued
before the clock was set back, and nothing but the token itself tells how long it lives."""


class Doubt(StrEnum):
    """Reasons why nobody is known to have signed; AWS's sentences where it has some."""

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
    """Find out who signed this request, or why that is not known.

    Credentials hang on this server's signing key, and expire by simulated time, in seconds since 1970.
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


SERVICE = "sts"
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_MAX_PARAMETERS = 100
_XML = "text/xml"
_ROLE_ID_LENGTH = 17


@dataclass(frozen=True, slots=True)
class StsProblem:
    """One way to be refused by STS."""

    code: str
    status: int
    message: str

    def saying(self, message: str) -> Self:
        """Make the same problem with another message. Never put a client's words into it."""
        return replace(self, message=message)

    def answer(self, request_id: str, session_id: str | None = None) -> Answer:
        """Answer with the problem; a session, where known, is for the record, not the wire."""
        body = (
            f'<ErrorResponse xmlns="{NAMESPACE}">\n'
            f"  <Error>\n"
            f"    <Type>Sender</Type>\n"
            f"    <Code>{self.code}</Code>\n"
            f"    <Message>{self.message}</Message>\n"
            f"  </Error>\n"
            f"  <RequestId>{request_id}</RequestId>\n"
            f"</ErrorResponse>\n"
        )
        return Answer(
            self.status, body.encode("ascii"), None, self.code, session_id, content_type=_XML
        )


INVALID_ACTION = StsProblem(
    "InvalidAction",
    400,
    "This is oidc-sim, a simulator of IAM Identity Center; of STS it has only "
    f"{GET_CALLER_IDENTITY}, version 2011-06-15.",
)
MISSING_TOKEN = StsProblem(
    "MissingAuthenticationToken", 403, "Request is missing Authentication Token"
)
INCOMPLETE_SIGNATURE = StsProblem("IncompleteSignature", 400, "The signature is incomplete")
FOREIGN_KEY = StsProblem(
    "InvalidClientTokenId",
    403,
    "The security token included in the request is invalid: this is oidc-sim, and it knows only "
    "credentials that it issued itself.",
)
WRONG_TOKEN = FOREIGN_KEY.saying(Doubt.WRONG_TOKEN.value)
WRONG_SIGNATURE = StsProblem("SignatureDoesNotMatch", 403, Doubt.WRONG_SIGNATURE.value)
WRONG_SERVICE = WRONG_SIGNATURE.saying("Credential should be scoped to correct service: 'sts'.")
EXPIRED = StsProblem("ExpiredToken", 403, "The security token included in the request is expired")

ALL = (
    INVALID_ACTION,
    MISSING_TOKEN,
    INCOMPLETE_SIGNATURE,
    FOREIGN_KEY,
    WRONG_TOKEN,
    WRONG_SIGNATURE,
    WRONG_SERVICE,
    EXPIRED,
)
"""Each with the status that AWS's list of common errors gives it."""


def asks_for_caller_identity(query: str, body: bytes) -> bool:
    """Whether a request names the operation that is here, in its raw query or in its form.

    A body that is no form names nothing.
    """
    parameters = {**_parameters(query), **_parameters(body.decode("latin-1"))}
    version = parameters.get("Version", "2011-06-15")
    return parameters.get("Action") == GET_CALLER_IDENTITY and version == "2011-06-15"


def caller_identity(role: RoleSession, request_id: str) -> Answer:
    """Answer GetCallerIdentity with 200."""
    reserved = reserved_role_name(role)
    body = (
        f'<GetCallerIdentityResponse xmlns="{NAMESPACE}">\n'
        f"  <GetCallerIdentityResult>\n"
        f"    <Arn>arn:aws:sts::{role.account_id}:assumed-role/{reserved}/{role.user_name}</Arn>\n"
        f"    <UserId>{role_id(role)}:{role.user_name}</UserId>\n"
        f"    <Account>{role.account_id}</Account>\n"
        f"  </GetCallerIdentityResult>\n"
        f"  <ResponseMetadata>\n"
        f"    <RequestId>{request_id}</RequestId>\n"
        f"  </ResponseMetadata>\n"
        f"</GetCallerIdentityResponse>\n"
    )
    outcome = f"{role.role_name} {role.account_id}"
    return Answer(200, body.encode("ascii"), None, outcome, role.session_id, content_type=_XML)


def reserved_role_name(role: RoleSession) -> str:
    """Name the IAM role that Identity Center makes in an account for a permission set."""
    return f"AWSReservedSSO_{role.role_name}_{_of_role(role).hex()[:16]}"


def role_id(role: RoleSession) -> str:
    """Make ``AROA`` and 17 characters; always the same for one role in one account."""
    return "AROA" + b32encode(_of_role(role)).decode()[:_ROLE_ID_LENGTH]


def _of_role(role: RoleSession) -> bytes:
    return hashlib.sha256(f"{role.account_id}/{role.role_name}".encode()).digest()


def _parameters(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, max_num_fields=_MAX_PARAMETERS))
    except ValueError:
        return {}


_DOUBTS = {
    Doubt.FOREIGN: FOREIGN_KEY,
    Doubt.WRONG_TOKEN: WRONG_TOKEN,
    Doubt.WRONG_SIGNATURE: WRONG_SIGNATURE,
    Doubt.EXPIRED: EXPIRED,
}


def identify(request: SignedRequest, signing_key: bytes, at: float) -> SealedRole | StsProblem:
    """Find the role whose credentials signed, or why that is not known; simulated time is in seconds since 1970.

    Any region will do: STS is called in the client's region, which need not be Identity Center's.
    """
    signature = read_signature(request)
    if signature is Flaw.MISSING:
        return MISSING_TOKEN
    if isinstance(signature, Flaw):
        return INCOMPLETE_SIGNATURE.saying(f"{signature.value}.")
    if signature.service != SERVICE:
        return WRONG_SERVICE
    caller = caller_of(request, signature, signing_key, at)
    return _DOUBTS[caller] if isinstance(caller, Doubt) else caller
