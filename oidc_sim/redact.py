"""What is shown of a body that has secrets in it.

By field name, and on the bytes as they came: a body that is no JSON or no UTF-8, has a name twice,
escapes a name, has JSON in a text or is a form (what clients of other servers send) hides nothing from
it, and all else stays as the client wrote it. A JSON parser would lose the very faults that a person
wants to see. And by live value, where a secret that was issued here goes by no name (``marks``).
"""

import json
import re
import unicodedata
from urllib.parse import unquote_plus

from oidc_sim.marks import ELLIPSIS, cut, cut_marked_bytes

SECRET_FIELDS = frozenset(
    {
        "accesstoken",
        "apikey",
        "assertion",
        "authorization",
        "clientsecret",
        "code",
        "codeverifier",
        "cookie",
        "csrftoken",
        "devicecode",
        "identitycontext",
        "idtoken",
        "passphrase",
        "password",
        "privatekey",
        "proxyauthorization",
        "refreshtoken",
        "secret",
        "secretaccesskey",
        "sessiontoken",
        "setcookie",
        "subjecttoken",
        "ticket",
        "token",
        "xamzsecuritytoken",
        "xamzsignature",
        "xamzssobearertoken",
        "xapikey",
    }
)
"""AWS's members, parameters and headers, the RFCs', our pages' and the usual ones, in small letters and
digits alone."""
# The possessive "++" and "*+" keep these linear on any bytes: what was read is never read again.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_QUOTED_ONCE = rb"'(?:[^'\\]++|\\.)*+'?"
"""As Python and JavaScript write a text."""
_NAME = re.compile(
    rb"(?P<name>%b)(?P<colon>\s*+:\s*+)?|(?P<other>'[^'\"\\\s]{1,60}+')\s*+:\s*+" % _STRING,
    re.DOTALL,
)
_VALUE = re.compile(
    rb"%b|%b|\[[^\]]*+\]?|\{[^}]*+\}?|[^,}\]\s]++" % (_STRING, _QUOTED_ONCE), re.DOTALL
)
_PARAMETER = re.compile(rb"(?:(?<=[&?\s\x22'])|^)([^=&?\s\x22'<>]{1,100}+)=([^&\s\x22]++)")
_NO_LETTER = re.compile(r"[^a-z0-9]")


def is_secret(name: str) -> bool:
    """Whether a member, parameter or header of this name, however it is spelt, holds a secret."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).lower()) in SECRET_FIELDS


def redact_header(name: bytes, value: bytes) -> bytes:
    """The header's value, cut where the whole of it is a secret, else with what is secret in it cut."""
    if not is_secret(name.decode("latin-1")):
        return redact(value)
    return cut(value.decode("latin-1")).encode("latin-1")


def as_sent(text: str) -> bytes:
    """The bytes of a request line: what was no UTF-8 in it, aiohttp gives as low surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other surrogates come from no socket
        return text.encode("utf-8", "replace")


def redact(body: bytes) -> bytes:
    """The same text with every secret cut: in JSON members, in form or query parameters, anywhere."""
    return cut_marked_bytes(_PARAMETER.sub(_cut_parameter, _redact_members(body)))


def redact_text(text: str) -> str:
    """The same with text as it was decoded."""
    return redact(text.encode("utf-8", "surrogatepass")).decode("utf-8", "backslashreplace")


def _redact_members(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while (found := _NAME.search(body, at)) is not None:
        literal = found["name"] or found["other"]
        is_name = found["other"] or found["colon"]
        pieces += [body[at : found.start()], *([] if is_name else [_redact_within(literal)])]
        at = found.end()
        if not is_name:
            continue
        pieces.append(found[0])
        if is_secret(_name_of(literal)) and (value := _VALUE.match(body, at)) is not None:
            pieces.append(_cut_value(value[0]))
            at = value.end()
    return b"".join([*pieces, body[at:]])


def _redact_within(literal: bytes) -> bytes:
    """A text that may have JSON in it, which is then written anew where something in it is secret."""
    if b"\\" not in literal:
        return literal
    text = _text(literal).encode("utf-8", "surrogatepass")
    shown = _redact_members(text)
    if shown == text:
        return literal
    return json.dumps(shown.decode("utf-8", "surrogatepass")).encode("ascii")


def _cut_value(value: bytes) -> bytes:
    """A string cut; a null, which is no secret, as it is; of anything else, nothing."""
    if value == b"null":
        return value
    shown = cut(_text(value)) if value.startswith(b'"') else ELLIPSIS
    return json.dumps(shown).encode("ascii")


def _text(literal: bytes) -> str:
    """What a JSON string says, also one that is no UTF-8; nothing if it is none."""
    try:
        text = json.loads(literal.decode("utf-8", "replace"), strict=False)
    except ValueError:
        return ""
    return text if isinstance(text, str) else ""


def _name_of(literal: bytes) -> str:
    """What a name says; one that is no JSON, as it stands."""
    return _text(literal) or literal.decode("utf-8", "replace")


def _cut_parameter(parameter: re.Match[bytes]) -> bytes:
    if not is_secret(unquote_plus(parameter[1].decode("latin-1"))):
        return parameter[0]
    value = cut(parameter[2].decode("latin-1")).encode("latin-1")
    return parameter[1] + b"=" + value
