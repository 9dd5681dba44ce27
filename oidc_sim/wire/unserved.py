"""Recognises calls of AWS services that are not served here, from what any SDK sends, and answers them.

A request without such a sign is none: what nobody signed, and no SDK sent, is answered as AWS's sign-in
service does. Nothing here is believed, only repeated, so names are short and of a few characters. The
answer has the form that the caller's SDK reads; its status is 501, of the errors of a server the one
that no SDK tries again.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

from oidc_sim.wire.answers import Answer
from oidc_sim.wire.operations import GET_CALLER_IDENTITY
from oidc_sim.wire.sigv4 import SignedRequest

SIGNS = ("authorization", "x-amz-target", "amz-sdk-invocation-id")
"""Headers of which most calls have one."""
AGENT_SIGNS = (" api/", " md/command#")
"""In the user agents of SDKs, and of the AWS CLI, which in old versions has none of those headers."""
PRESIGNED = ("X-Amz-Credential=", "AWSAccessKeyId=")
AUTHORIZE_PATH = "/v1/authorize"
"""Where ``aws login`` sends the browser."""
_AUTHORIZE_CLIENT = "arn:aws:signin:"
_SIGN_IN = "signin"
_OURS = frozenset({"sso-oauth", "awsssoportal"})
"""Signing names of the services OIDC and portal. That of STS is in question, ``sso`` is another's."""
_OUR_CLIENTS = frozenset({"sso", "ssooidc"})
_S3 = frozenset({"s3", "s3express", "s3-outposts", "s3-object-lambda"})
_OTHER_XML = frozenset({"route53", "cloudfront"})
_S3_CONTROL = "/v20180820/"
_MAX_PARAMETERS = 100
_MOST_OF_A_PATH = 60

# The names of key and date do not matter here; a region is missing in SigV4a (AWS4-ECDSA-P256-SHA256).
_SCOPE = re.compile(r"[^/,\s]+/\d{8}/(?:[a-z0-9-]+/)?([a-z0-9-]{1,64})/aws4_request", re.ASCII)
_AUTHORIZATION = re.compile(r"AWS4-[A-Z0-9-]+ .*?Credential=([^,\s]+)", re.ASCII)
_AUTHORIZATION_V2 = re.compile(r"AWS [^:\s]+:\S+", re.ASCII)
_TARGET = re.compile(r"([A-Za-z0-9_.]{1,100})\.([A-Za-z0-9_]{1,64})", re.ASCII)
_TARGET_VERSION = re.compile(r"_?V?\d{8}.*", re.ASCII)
_RPC_PATH = re.compile(r"/service/([A-Za-z0-9_.]{1,100})/operation/([A-Za-z0-9_]{1,64})", re.ASCII)
_AGENT_API = re.compile(r"\bapi/([A-Za-z0-9_-]{1,64})[#/]", re.ASCII)
_AGENT_COMMAND = re.compile(r"\bmd/command#([a-z0-9-]{1,64})\.([a-z0-9-]{1,64})", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9/._~%-]", re.ASCII)

_S3_OPERATIONS = {
    ("GET", 0): "ListBuckets",
    ("GET", 1): "ListObjects",
    ("HEAD", 1): "HeadBucket",
    ("PUT", 1): "CreateBucket",
    ("DELETE", 1): "DeleteBucket",
    ("GET", 2): "GetObject",
    ("HEAD", 2): "HeadObject",
    ("PUT", 2): "PutObject",
    ("DELETE", 2): "DeleteObject",
}
"""By method, and whether the path names a bucket and a key."""
_S3_PLAIN = frozenset(
    {"list-type", "prefix", "delimiter", "encoding-type", "max-keys", "marker", "start-after"}
    | {"max-buckets", "AWSAccessKeyId", "Signature", "Expires", "x-amz-security-token"}
)
"""Parameters that make no other operation of it."""


class Protocol(Enum):
    """Forms in which a caller wants its answer."""

    JSON = "application/x-amz-json-1.1"
    JSON_1_0 = "application/x-amz-json-1.0"
    REST_JSON = "application/json"
    CBOR = "application/cbor"
    QUERY = "text/xml"
    EC2 = "text/xml;charset=UTF-8"
    S3 = "application/xml"
    PAGE = "text/html"
    """For the person in front of a browser."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an AWS service, as far as it says what it is."""

    service: str | None
    operation: str
    """AWS's name, the AWS CLI's, or method and path."""
    protocol: Protocol

    @property
    def name(self) -> str:
        """Name it, such as ``s3 ListBuckets``; ASCII, without anything that HTML, XML or a terminal obeys."""
        return f"{self.service} {self.operation}" if self.service else self.operation


@dataclass(frozen=True, slots=True)
class _Said:
    """Names that the request gives for itself, in the order in which they are believed."""

    signed_for: str | None
    target: tuple[str, str] | None
    client: str | None
    """By the user agent."""
    command: str | None
    """The AWS CLI's, likewise."""

    @property
    def service(self) -> str | None:
        return self.signed_for or (self.target[0] if self.target else self.client)


def call_of(request: SignedRequest, *, is_known_path: bool) -> Call | None:
    """Name the call that a request makes of another service; None if it makes none.

    The body may be empty where it cannot matter. At a known path of ours an SDK's headers alone do not say
    that another service is meant.
    """
    said, parameters = _said_by(request), _parameters(request)
    if request.path == AUTHORIZE_PATH and _is_login(parameters):
        return Call(_SIGN_IN, "Authorize", Protocol.PAGE)
    if said.service is None and (is_known_path or not request.header("amz-sdk-invocation-id")):
        return None
    if said.signed_for in _OURS or _is_our_client(said):
        return None
    if _is_for_sts(said.service, request.path, parameters):
        return None
    service = said.service or (_SIGN_IN if request.path == "/v1/token" else None)
    protocol = _protocol_of(request, service, said, parameters)
    return Call(service, _operation_of(request, service, said, parameters), protocol)


def _is_login(parameters: Mapping[str, str]) -> bool:
    """Whether ``aws login`` made up this query of a browser's."""
    return parameters.get("client_id", "").startswith(_AUTHORIZE_CLIENT)


def _is_our_client(said: _Said) -> bool:
    """Whether the client of a service that is served sent it, and nobody signed it for another."""
    is_unsigned = said.signed_for is None and said.target is None
    client = (said.client or "").replace("_", "").replace("-", "")
    return is_unsigned and client in _OUR_CLIENTS


def _is_for_sts(service: str | None, path: str, parameters: Mapping[str, str]) -> bool:
    """Whether STS has to answer: it is served, and says itself what it has not."""
    return service == "sts" or (path == "/" and parameters.get("Action") == GET_CALLER_IDENTITY)


def _said_by(request: SignedRequest) -> _Said:
    agent = request.header("user-agent") or ""
    api, command = _AGENT_API.search(agent), _AGENT_COMMAND.search(agent)
    named = api[1].lower() if api else command[1] if command else None
    client = "s3" if named == "s3api" else named
    return _Said(_signed_for(request), _target_of(request), client, command[2] if command else None)


def _signed_for(request: SignedRequest) -> str | None:
    """Name the service in the scope of the signature, whether that is right or not."""
    authorization = request.header("authorization") or ""
    query = _query_of(request)
    if _AUTHORIZATION_V2.fullmatch(authorization) or "AWSAccessKeyId" in query:
        return "s3"  # the only one that still knows this signature
    header = _AUTHORIZATION.match(authorization)
    scope = _SCOPE.fullmatch(header[1] if header else query.get("X-Amz-Credential", ""))
    return scope[1] if scope else None


def _target_of(request: SignedRequest) -> tuple[str, str] | None:
    """Name service and operation, of the protocols that name them."""
    if found := _RPC_PATH.fullmatch(request.path):
        return found[1].lower(), found[2]
    found = _TARGET.fullmatch(request.header("x-amz-target") or "")
    return (_TARGET_VERSION.sub("", found[1]).lower(), found[2]) if found else None


def _protocol_of(
    request: SignedRequest, service: str | None, said: _Said, parameters: Mapping[str, str]
) -> Protocol:
    content_type = (request.header("content-type") or "").lower()
    if request.header("smithy-protocol") == "rpc-v2-cbor":
        return Protocol.CBOR
    if said.target:
        is_old = content_type.startswith(Protocol.JSON_1_0.value)
        return Protocol.JSON_1_0 if is_old else Protocol.JSON
    if service == "ec2":
        return Protocol.EC2
    if "Action" in parameters or content_type.startswith("application/x-www-form-urlencoded"):
        return Protocol.QUERY
    if service in _OTHER_XML or (service in _S3 and request.path.startswith(_S3_CONTROL)):
        return Protocol.QUERY  # the same form of an error
    is_s3 = service in _S3 or (service is None and "json" not in content_type)
    return Protocol.S3 if is_s3 else Protocol.REST_JSON


def _operation_of(
    request: SignedRequest, service: str | None, said: _Said, parameters: Mapping[str, str]
) -> str:
    named = said.target[1] if said.target else parameters.get("Action")
    if named is None and service in _S3:
        named = _s3_operation(request)
    named = named or parameters.get("x-id") or said.command
    if named is not None and _NAME.fullmatch(named):
        return named
    path = _NOT_PLAIN.sub("?", request.path)
    cut = path if len(path) <= _MOST_OF_A_PATH else path[:_MOST_OF_A_PATH] + "..."
    return f"{_NOT_PLAIN.sub('?', request.method)[:10]} {cut}"


def _s3_operation(request: SignedRequest) -> str | None:
    """Name the everyday operations by their requests; None for the others."""
    query = _query_of(request)
    if "x-id" in query or request.path.startswith(_S3_CONTROL):
        return query.get("x-id")
    if any(not (it in _S3_PLAIN or it.startswith("X-Amz-")) for it in query):
        return None
    bucket, _, key = request.path.lstrip("/").partition("/")
    named = _S3_OPERATIONS.get((request.method, bool(bucket) + bool(key)))
    return "ListObjectsV2" if named == "ListObjects" and "list-type" in query else named


def _parameters(request: SignedRequest) -> dict[str, str]:
    """Read the parameters of the query and of a form."""
    content_type = (request.header("content-type") or "").lower()
    is_form = content_type.startswith("application/x-www-form-urlencoded")
    form = _pairs(request.body.decode("latin-1")) if is_form else {}
    return _query_of(request) | form


def _query_of(request: SignedRequest) -> dict[str, str]:
    return _pairs(request.query)


def _pairs(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS))
    except ValueError:
        return {}


CODE = "NotSimulated"
STATUS = 501
OUTCOME = "not simulated"
_BYTE, _TWO_BYTES = 24, 256
"""From these lengths on, a length in CBOR is a byte, and two (RFC 8949 §3)."""


def message(call: Call) -> str:
    """Say what this is, what it is not, and how to go on; ASCII."""
    return (
        "This is oidc-sim, which serves AWS's sign-in ('aws sso login') on this machine; it does not "
        f"simulate {call.name}, and nothing was sent to AWS. 'oidc-sim exec --let-through -- COMMAND' "
        "lets a command reach the AWS services that are not served here."
    )


def answer(call: Call, request_id: str) -> Answer:
    """Make the answer to a program; a browser's page is made elsewhere."""
    body = _BODIES[call.protocol](message(call), request_id).encode("latin-1")
    return Answer(STATUS, body, None, OUTCOME, content_type=call.protocol.value)


def headers(call: Call) -> dict[str, str]:
    """Make the headers that its SDK looks for; where it looks for nothing, they do no harm."""
    more = {"smithy-protocol": "rpc-v2-cbor"} if call.protocol is Protocol.CBOR else {}
    return {"x-amzn-ErrorType": CODE, **more}


def _json(text: str, _request_id: str) -> str:
    return json.dumps({"__type": CODE, "message": text})


def _query(text: str, request_id: str) -> str:
    return (
        f"<ErrorResponse>\n  <Error>\n    <Type>Receiver</Type>\n    <Code>{CODE}</Code>\n"
        f"    <Message>{_escaped(text)}</Message>\n  </Error>\n"
        f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    )


def _ec2(text: str, request_id: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Response><Errors><Error><Code>{CODE}</Code><Message>{_escaped(text)}</Message></Error>"
        f"</Errors><RequestID>{request_id}</RequestID></Response>\n"
    )


def _s3(text: str, request_id: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{CODE}</Code><Message>{_escaped(text)}</Message>"
        f"<RequestId>{request_id}</RequestId></Error>\n"
    )


def _cbor(text: str, _request_id: str) -> str:
    """Write a map of two texts; every character is a byte of it."""
    return "\xa2" + "".join(map(_cbor_text, ("__type", CODE, "message", text)))


def _cbor_text(text: str) -> str:
    length = len(text)
    if length < _BYTE:
        return chr(0x60 + length) + text
    if length < _TWO_BYTES:
        return "\x78" + chr(length) + text
    return "\x79" + chr(length >> 8) + chr(length & 0xFF) + text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_BODIES = {
    Protocol.JSON: _json,
    Protocol.JSON_1_0: _json,
    Protocol.REST_JSON: _json,
    Protocol.CBOR: _cbor,
    Protocol.QUERY: _query,
    Protocol.EC2: _ec2,
    Protocol.S3: _s3,
}
