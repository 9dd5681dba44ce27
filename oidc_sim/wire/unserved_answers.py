"""What a caller of an AWS service that is not served is told, in the form that its SDK reads.

The status is 501: of the errors of a server it is the one that no SDK tries again.
"""

import json

from oidc_sim.wire.answers import Answer
from oidc_sim.wire.unserved import Call, Protocol

CODE = "NotSimulated"
STATUS = 501
OUTCOME = "not simulated"
_BYTE, _TWO_BYTES = 24, 256
"""From these lengths on, a length in CBOR is a byte, and two (RFC 8949 §3)."""


def message(call: Call) -> str:
    """What this is, what it is not, and how to go on; ASCII."""
    return (
        "This is oidc-sim, which serves AWS's sign-in ('aws sso login') on this machine; it does not "
        f"simulate {call.name}, and nothing was sent to AWS. 'oidc-sim exec --let-through -- COMMAND' "
        "lets a command reach the AWS services that are not served here."
    )


def answer(call: Call, request_id: str) -> Answer:
    """The answer to a program; a browser's page is made elsewhere."""
    body = _BODIES[call.protocol](message(call), request_id).encode("latin-1")
    return Answer(STATUS, body, None, OUTCOME, content_type=call.protocol.value)


def headers(call: Call) -> dict[str, str]:
    """What its SDK looks for in the head; where it looks for nothing, they do no harm."""
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
    """A map of two texts; every character is a byte of it."""
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
