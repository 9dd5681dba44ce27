"""What is shown of a body that has secrets in it.

By field name, and on the bytes as they came: a body that is no JSON, has a name twice, escapes a
name or is a form (what clients of other servers send) hides nothing from it, and all else stays as
the client wrote it. A JSON parser would lose the very faults that a person wants to see.
"""

import json
import re

ELLIPSIS = "..."
"""Three dots of ASCII, because a curl command is made of it too."""
_SHOWN = 4
_SHORTEST = 3 * _SHOWN
"""Of shorter secrets no character is shown."""
SECRET_FIELDS = frozenset(
    {
        "accesstoken",
        "assertion",
        "clientsecret",
        "code",
        "codeverifier",
        "csrftoken",
        "devicecode",
        "identitycontext",
        "idtoken",
        "refreshtoken",
        "secretaccesskey",
        "sessiontoken",
        "subjecttoken",
        "ticket",
        "xamzsecuritytoken",
        "xamzsignature",
    }
)
"""AWS's members and parameters, the RFCs' and our pages', in small letters without underscores and hyphens."""
SECRET_HEADERS = frozenset(
    {b"authorization", b"cookie", b"set-cookie", b"x-amz-security-token", b"x-amz-sso_bearer_token"}
)
"""In small letters."""
# The possessive "++" and "*+" keep these linear on any bytes: what was read is never read again.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_NAME = re.compile(rb"(%b)(\s*+:\s*+)?" % _STRING, re.DOTALL)
_VALUE = re.compile(rb"%b|\[[^\]]*+\]?|\{[^}]*+\}?|[^,}\]\s]++" % _STRING, re.DOTALL)
_PARAMETER = re.compile(rb"(?:(?<=[&?])|^)([A-Za-z_-]++)=([^&\s\x22]++)")


def cut(secret: str) -> str:
    """The first and last four characters: enough to tell two secrets apart."""
    if len(secret) <= _SHORTEST:
        return ELLIPSIS
    return secret[:_SHOWN] + ELLIPSIS + secret[-_SHOWN:]


def is_secret(name: str) -> bool:
    """Whether a member or parameter of this name, in either spelling, holds a secret."""
    return name.replace("_", "").replace("-", "").lower() in SECRET_FIELDS


def redact_header(name: bytes, value: bytes) -> bytes:
    """The header's value, cut where the whole of it is a secret."""
    if name.lower() not in SECRET_HEADERS:
        return value
    return cut(value.decode("latin-1")).encode("latin-1")


def as_sent(text: str) -> bytes:
    """The bytes of a request line: what was no UTF-8 in it, aiohttp gives as low surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other surrogates come from no socket
        return text.encode("utf-8", "replace")


def redact(body: bytes) -> bytes:
    """The same text with every secret cut, in JSON members and in form or query parameters."""
    return _PARAMETER.sub(_cut_parameter, _redact_members(body))


def _redact_members(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while (name := _NAME.search(body, at)) is not None:
        pieces.append(body[at : name.end()])
        at = name.end()
        if name[2] is None or not is_secret(_text(name[1])):
            continue
        if (value := _VALUE.match(body, at)) is not None:
            pieces.append(_cut_value(value[0]))
            at = value.end()
    return b"".join([*pieces, body[at:]])


def _cut_value(value: bytes) -> bytes:
    """A string cut; a null, which is no secret, as it is; of anything else, nothing."""
    if value == b"null":
        return value
    shown = cut(_text(value)) if value.startswith(b'"') else ELLIPSIS
    return json.dumps(shown).encode("ascii")


def _text(literal: bytes) -> str:
    """What a JSON string says; nothing if it is none."""
    try:
        text = json.loads(literal)
    except ValueError:
        return ""
    return text if isinstance(text, str) else ""


def _cut_parameter(parameter: re.Match[bytes]) -> bytes:
    if not is_secret(parameter[1].decode("ascii")):
        return parameter[0]
    value = cut(parameter[2].decode("latin-1")).encode("latin-1")
    return parameter[1] + b"=" + value
