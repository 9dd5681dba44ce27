"""Formats of ids, codes and tokens (wire.md#19, wire.md#31): shapes and lengths are AWS's, the bytes are chance.

The text ``SIMULATED`` stands at a fixed place of every one that could be taken for a live secret.
It is written over base64 text, whose alphabet it is of, so lengths and decoding
stay as they are.
"""

from base64 import b64encode, urlsafe_b64encode
from typing import Protocol

from oidc_sim.text.redact.marks import MARK

WHOLE_MARK = MARK + "///"
"""The same as nine whole bytes of base64, to stand between others."""
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; no letters that read alike (RFC 8628 §6.1; wire.md#24)."""
DEVICE_CODE_BYTES = 64
SIGNATURE_NUMBER_BYTES = 48
"""Of P-384."""
_REGION_MARKERS = {"us-east-1": "Bkc0", "ap-southeast-2": "Bbg1"}
"""How the signed part of a token ends (wire.md#31); of other regions no token is published."""
_DEVICE_MARK_AT = 4
"""After some of the chance, so that codes cut to their first four characters differ."""
_TOKEN_MARK_AT = 12
"""The first character after those that hold the expiry."""
_BEFORE_MARKER = "AEIMQUYcgkosw048"
"""The character before a region marker: in captures its low two bits are zero."""


class Rng(Protocol):
    """A source of chance: ``random.SystemRandom`` for real use, a seeded ``random.Random``."""

    def randbytes(self, n: int, /) -> bytes:
        """This many bytes."""

    def choice(self, seq: str, /) -> str:
        """One character of a text."""


def client_id(rng: Rng, region: str) -> str:
    """base64url of 16 random bytes and the region's name, unpadded (wire.md#19)."""
    return base64url(rng.randbytes(16) + region.encode())


def device_code(rng: Rng) -> str:
    """86 characters of base64url, 64 bytes (wire.md#23)."""
    return marked(base64url(rng.randbytes(DEVICE_CODE_BYTES)), _DEVICE_MARK_AT)


def user_code(rng: Rng) -> str:
    """``XXXX-XXXX`` in the alphabet that a person can type (wire.md#24)."""
    letters = "".join(rng.choice(USER_CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def access_token(rng: Rng, expires_at: float, region: str) -> str:
    """``aoa``, 90 characters that begin with the expiry, ``:``, an ECDSA signature (wire.md#31, wire.md#33).

    Args:
        rng: Where chance comes from.
        expires_at: When it is over, in seconds since 1970.
        region: Whose marker it carries.
    """
    return "aoa" + _signed(rng, expires_at, region)


def refresh_token(rng: Rng, session_ends_at: float, region: str) -> str:
    """``aor`` and the same; its expiry is the session's end (wire.md#32, wire.md#33)."""
    return "aor" + _signed(rng, session_ends_at, region)


def base64url(data: bytes) -> str:
    """Unpadded (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def region_marker(region: str) -> str:
    """Four characters; made up, but always the same ones, where no capture tells."""
    known = _REGION_MARKERS.get(region)
    return known or "B" + base64url(region.encode())[-3:].translate(str.maketrans("-_", "ab"))


def marked(text: str, at: int) -> str:
    """The text with ``SIMULATED`` written over it from this place on."""
    return text[:at] + MARK + text[at + len(MARK) :]


def _signed(rng: Rng, expires_at: float, region: str) -> str:
    text = base64url(int(expires_at).to_bytes(8, "big") + rng.randbytes(56))[:85]
    text = marked(text, _TOKEN_MARK_AT) + rng.choice(_BEFORE_MARKER) + region_marker(region)
    return f"{text}:{b64encode(_signature(rng)).rstrip(b'=').decode()}"


def _signature(rng: Rng) -> bytes:
    """DER of two numbers, 102 to 104 bytes: hence the MGQC, MGUC or MGYC that tokens show."""
    numbers = _der_integer(rng) + _der_integer(rng)
    return bytes([0x30, len(numbers)]) + numbers


def _der_integer(rng: Rng) -> bytes:
    """Positive and as short as X.690 §8.3 wants it: no zero in front unless the top bit is set."""
    number = bytearray(rng.randbytes(SIGNATURE_NUMBER_BYTES))
    number[0] = number[0] or 1
    body = bytes(number) if number[0] < 0x80 else b"\0" + bytes(number)  # noqa: PLR2004
    return bytes([0x02, len(body)]) + body
