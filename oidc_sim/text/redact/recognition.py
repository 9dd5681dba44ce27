"""Recognises a secret by the name beside it, however that is spelt, or by its look under any name.

``refreshToken``, ``REFRESH_TOKEN``, ``x-refresh-token``, ``user[refreshToken]`` and ``tokens.refresh_token``
have the same letters at their end, and that end is what counts. Shapes are of bytes, because so they came.
AWS publishes no grammar of its tokens: these are the beginnings and lengths that captures have
(wire.md#31), and those of its documents for access keys.
"""

import re
import unicodedata
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from oidc_sim.text.redact.marks import MARK, Span, cut_span

_KEY_ID = rb"(?:A[KS]IA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
_SESSION_TOKEN = rb"(?:IQoJ|FwoG|FQoG|FQoD|AQoD|AgoJ)[A-Za-z0-9/+_-]{20,}+={0,2}"
_SSO_TOKEN = rb"ao[ar](?:AAAA[\w-]{8,}+|[\w-]{40,}+)(?::[A-Za-z0-9+/_-]++={0,2})?"
_CLIENT_SECRET = rb"eyJraWQiOiJrZXkt[\w-]++(?:\.[\w-]*+){0,2}"
"""A registration's: its first part says ``{"kid":"key-``."""
_JWT = rb"eyJ[\w-]{5,}+(?:(?:\.[\w-]*+){2,4}|\.eyJ[\w-]++)"
"""Two parts are one that was cut off, if the second is JSON too."""
_SECRET_KEY = rb"(?<![+_-])(?=(?P<forty>[A-Za-z0-9/+]{40})(?![\w+=-]))"
"""Looked at and left where it is: a path before a token may make forty with its beginning."""
_FIRST = rb"(?<![A-Za-z0-9])"
"""Nothing of the kind begins within a word; said once, it is the quickest way through most of a text."""
_SHAPE = re.compile(
    rb"%b(?:%b|%b|(?<![_-])(?:%b|%b|(?P<jwt>%b))|%b)"
    % (_FIRST, _KEY_ID, _SESSION_TOKEN, _SSO_TOKEN, _CLIENT_SECRET, _JWT, _SECRET_KEY)
)
_SCHEME = re.compile(
    rb"\b(?:Bearer|Basic|DPoP|Negotiate|Token)[ \t]{1,9}([^\s\"',;<>=]{8,}+=*+)(?![\"\w])",
    re.IGNORECASE,
)
_IN_URL = re.compile(rb"://[^/?#@:\s\"'<>]{0,256}+:([^/?#@\s\"'<>]++)@")
_TURN = re.compile(rb"[a-z][A-Z]")
_LEAST = 8
_LONG = 20
_TURNS = 14
"""So often at least small letters, big ones and digits take turns in a secret access key: by chance they
do so 25 times in forty, in a path or a word nearly never."""
_REGION = re.compile(rb"[a-z]{2,4}(?:-[a-z]{2,9}){1,3}-\d")
_CHANCE_BYTES = 16
"""Bytes of a client id before its region: forty characters where that has fourteen."""


def shapes(data: bytes) -> Iterator[Span]:
    """Find what looks like a secret."""
    for found in _SHAPE.finditer(data):
        if not found["forty"]:
            yield cut_span(data, *found.span())
        elif is_random(found["forty"]):
            yield cut_span(data, *found.span("forty"))
    for found in _SCHEME.finditer(data):
        if looks_secret(found[1]):
            yield cut_span(data, *found.span(1))
    if b"@" in data:
        for found in _IN_URL.finditer(data):
            yield cut_span(data, *found.span(1))


def aws_secrets(data: bytes) -> Iterator[bytes]:
    """Give what looks like AWS's keys and tokens and has no mark of ours."""
    mark = MARK.encode()
    for found in _SHAPE.finditer(data):
        secret = found["forty"] or found[0]
        if not found["jwt"] and mark not in secret and (not found["forty"] or is_random(secret)):
            yield secret


def looks_secret(value: bytes) -> bool:
    """Whether a word beside a secret's name is more than a word: ``token: expired`` says nothing secret."""
    if len(value) < _LEAST:
        return False
    has_digit = any(byte in b"0123456789" for byte in value)
    return has_digit or len(value) >= _LONG or _TURN.search(value) is not None


def is_random(forty: bytes) -> bool:
    """Whether forty characters of base64 are chance, as in a secret access key, and no client's id."""
    if forty.islower() or forty.isupper():  # a digest
        return False
    turns = sum(_kind(one) != _kind(other) for one, other in pairwise(forty))
    return turns >= _TURNS and not _is_client_id(forty.strip(b"/"))


def _kind(byte: int) -> int:
    char = chr(byte)
    return char.isupper() + 2 * char.isdigit() + 4 * (not char.isalnum())


def _is_client_id(forty: bytes) -> bool:
    try:
        tail = urlsafe_b64decode(forty + b"==")[_CHANCE_BYTES:]
    except ValueError:
        return False
    return _REGION.fullmatch(tail) is not None


_NO_LETTER = re.compile(r"[^a-z]")
_ENDS = re.compile(
    r"(?:secret|token|password|passwort|passwd|pwd|passphrase|passcode"
    r"|(?:access|secret|private|api|signing|encryption|master|shared|account|auth|ssh)key"
    r"|assertion|credential|jwt|cookie|authorization|samlresponse|codeverifier"
    r"|authorizationcode|authcode|devicecode)s?(?:string|value|text|binary|pem)?$"
)
_WHOLE = frozenset(
    {"bearer", "code", "identitycontext", "otp", "pass", "signature", "ticket", "totp"}
    | {"xamzsignature"}
)
"""Too short or too common to count at the end of a longer name: ``userCode`` is for everybody to read."""
_READABLE = re.compile(
    r"(?:next|page|paging|pagination|continuation|starting|idempotency)token$"
    r"|^(?:xamzcredential|rolecredentials)$"
)
"""A place in a list, whose bearer may do nothing that he may not do without it, and which is what a person
looks at who asks why pages repeat; what a signature is for, whose key id is cut by its shape; and AWS's
own member that has secrets in it, each by its name."""
_IN_BRACKETS = re.compile(r"[\[\]]+")
_LETTERS = 64
"""The end of a name; what comes before does not count."""
_KEPT = 1024


def is_secret(name: str) -> bool:
    """Whether a member, parameter or header of this name, however it is spelt, holds a secret."""
    return _is_short_secret(name) if len(name) <= _LETTERS else _is_secret(name)


def letters_of(name: str) -> str:
    """Reduce a name to its letters, small: what two spellings share."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).lower())


def _is_secret(name: str) -> bool:
    letters = letters_of(name)[-_LETTERS:]
    if letters in _WHOLE or (_ENDS.search(letters) and not _READABLE.search(letters)):
        return True
    return "[" in name and any(is_secret(part) for part in _IN_BRACKETS.split(name))


_is_short_secret = lru_cache(_KEPT)(_is_secret)
"""The same few names come over and over again."""
