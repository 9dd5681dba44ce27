"""Role credentials (wire.md#69, wire.md#71), of which nothing needs to be stored.

All of it hangs on the signing key: the access key's last characters prove that it was issued here,
the secret is derived from it, and the session token says for whom and until when, under a seal. So
they outlive a restart with the same key, and mean nothing to a server with another. Whoever has the
signing key can make credentials; it is good for this simulator and for nothing of AWS's.
"""

import hmac
import json
from base64 import b32encode, b64decode, b64encode
from dataclasses import asdict
from typing import NamedTuple

from oidc_sim.engine.model import Credentials, RoleSession
from oidc_sim.wire.tokens import WHOLE_MARK, Rng, marked

SIGNING_KEY_BYTES = 32
_PREFIX = "ASIA"
"""Begins access keys that are good for a time only."""
_CHANCE = 10
_PROOF = 6
"""Characters of base32 after the prefix: 50 bits of chance, 30 of proof; twenty with the prefix."""
_SECRET_LENGTH = 40
_SECRET_MARK_AT = 4
"""After some of the secret, so that two that are cut to their ends differ."""
_START = "IQoJb3JpZ2luX2Vj"
"""Beginning of session tokens: a version and the name of a field, in twelve whole bytes."""
_SEAL_BYTES = 32


class SealedRole(NamedTuple):
    """Access key and role that a session token stands for."""

    access_key_id: str
    role: RoleSession


def role_credentials(rng: Rng, signing_key: bytes, role: RoleSession) -> Credentials:
    """Make credentials for this role: 20 and 40 characters, and a token of about 400."""
    access_key_id = _access_key_id(rng, signing_key)
    return Credentials(
        access_key_id=access_key_id,
        secret_access_key=secret_access_key(signing_key, access_key_id),
        session_token=_session_token(signing_key, SealedRole(access_key_id, role)),
    )


def is_issued_here(signing_key: bytes, access_key_id: str) -> bool:
    """Whether this access key was made with this signing key."""
    chance = access_key_id[:-_PROOF]
    right = chance + _proof(signing_key, chance)
    return hmac.compare_digest(right.encode(), access_key_id.encode("utf-8", "surrogatepass"))


def secret_access_key(signing_key: bytes, access_key_id: str) -> str:
    """Derive the secret of an access key; 31 characters of it are secret, nine are the mark."""
    text = b64encode(_seal(signing_key, "secret access key", access_key_id.encode())).decode()
    return marked(text[:_SECRET_LENGTH], _SECRET_MARK_AT)


def read_session_token(signing_key: bytes, session_token: str) -> SealedRole | None:
    """Read whom a session token speaks of; None if it was not sealed with this key."""
    start = _START + WHOLE_MARK
    if not session_token.startswith(start) or not session_token.isascii():
        return None
    try:
        raw = b64decode(session_token[len(start) :], validate=True)
    except ValueError:
        return None
    sealed, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
    if not hmac.compare_digest(_token_seal(signing_key, sealed), seal):
        return None
    members = json.loads(sealed)  # ours: nobody else could seal it
    try:
        return SealedRole(members.pop("access_key_id"), RoleSession(**members))
    except (KeyError, TypeError):  # by an older version, which knew other members
        return None


def _session_token(signing_key: bytes, sealed_role: SealedRole) -> str:
    members = {"access_key_id": sealed_role.access_key_id, **asdict(sealed_role.role)}
    sealed = json.dumps(members, separators=(",", ":")).encode()
    raw = sealed + _token_seal(signing_key, sealed)
    return _START + WHOLE_MARK + b64encode(raw).decode()


def _access_key_id(rng: Rng, signing_key: bytes) -> str:
    chance = _PREFIX + b32encode(rng.randbytes(_CHANCE)).decode()[:_CHANCE]
    return chance + _proof(signing_key, chance)


def _proof(signing_key: bytes, chance: str) -> str:
    raw = chance.encode("utf-8", "surrogatepass")
    return b32encode(_seal(signing_key, "access key", raw)).decode()[:_PROOF]


def _token_seal(signing_key: bytes, sealed: bytes) -> bytes:
    return _seal(signing_key, "session token", sealed)[:_SEAL_BYTES]


def _seal(signing_key: bytes, purpose: str, data: bytes) -> bytes:
    """Make 48 bytes that only the key's owner can make; a seal for one purpose is no good for another."""
    return hmac.digest(signing_key, purpose.encode() + b"\0" + data, "sha384")
