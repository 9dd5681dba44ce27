"""Which names mean that what stands beside them is a secret, however they are spelt.

``refreshToken``, ``REFRESH_TOKEN``, ``x-refresh-token``, ``user[refreshToken]`` and ``tokens.refresh_token``
have the same letters at their end, and that end is what counts.
"""

import re
import unicodedata
from functools import lru_cache

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
    """The letters of a name, small, without what stands between them: what two spellings share."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).lower())


def _is_secret(name: str) -> bool:
    letters = letters_of(name)[-_LETTERS:]
    if letters in _WHOLE or (_ENDS.search(letters) and not _READABLE.search(letters)):
        return True
    return "[" in name and any(is_secret(part) for part in _IN_BRACKETS.split(name))


_is_short_secret = lru_cache(_KEPT)(_is_secret)
"""The same few names come over and over again."""
