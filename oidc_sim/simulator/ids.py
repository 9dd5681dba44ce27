"""Makes ids, codes and tokens: AWS's formats over one source of chance."""

import hashlib
import random
import secrets
from typing import Self

from oidc_sim.engine.model import Credentials, Now, RoleSession
from oidc_sim.wire import tokens
from oidc_sim.wire.credentials import SIGNING_KEY_BYTES, role_credentials
from oidc_sim.wire.tokens import Rng, client_secret

_UUID_BITS = 128
_VARIANTS = "89ab"


class RandomIds:
    """The engine's ``Ids`` for one region.

    Request ids come from a source of their own: they are no secrets, one is made for every
    response, and with a seed the codes must not depend on how many requests were answered.
    """

    def __init__(
        self, rng: Rng, region: str, request_ids: random.Random, signing_key: bytes
    ) -> None:
        self._rng = rng
        self.region = region
        self.signing_key = signing_key
        """32 bytes that role credentials, page tokens and identity tokens hang on; secret."""
        self._request_bits = request_ids.getrandbits

    @classmethod
    def from_secrets(cls, region: str, signing_key: bytes | None = None) -> Self:
        """Make ids that nobody can guess (T-21); the signing key of an earlier run keeps its credentials good."""
        key = signing_key or secrets.token_bytes(SIGNING_KEY_BYTES)
        return cls(secrets.SystemRandom(), region, random.Random(), key)

    @classmethod
    def seeded(cls, seed: int, region: str, signing_key: bytes | None = None) -> Self:
        """Make the same ids each time: for demonstrations on loopback, never for secrets."""
        key = signing_key or hashlib.sha256(f"signing key {seed}".encode()).digest()
        codes, requests = random.Random(f"codes {seed}"), random.Random(f"requests {seed}")
        return cls(codes, region, requests, key)

    def client_id(self) -> str:
        """Make a client id."""
        return tokens.client_id(self._rng, self.region)

    def client_secret(
        self, client_id: str, name: str, scopes: tuple[str, ...], now: Now, expires_at: float
    ) -> str:
        """Make a client secret, with the registration in it."""
        return client_secret(
            self._rng,
            self.region,
            client_id=client_id,
            name=name,
            scopes=scopes,
            created_at=now.at,
            expires_at=expires_at,
        )

    def device_code(self) -> str:
        """Make a device code."""
        return tokens.device_code(self._rng)

    def user_code(self) -> str:
        """Make a user code."""
        return tokens.user_code(self._rng)

    def access_token(self, expires_at: float) -> str:
        """Make an access token that expires at this instant, in seconds since 1970."""
        return tokens.access_token(self._rng, expires_at, self.region)

    def refresh_token(self, expires_at: float) -> str:
        """Make a refresh token for a session that ends at this instant, in seconds since 1970."""
        return tokens.refresh_token(self._rng, expires_at, self.region)

    def authorization_code(self) -> str:
        """Make an authorization code."""
        return tokens.authorization_code(self._rng, self.region)

    def credentials(self, role: RoleSession) -> Credentials:
        """Make credentials for a role, good for as long as the signing key is the same."""
        return role_credentials(self._rng, self.signing_key, role)

    def request_id(self) -> str:
        """Make an id shaped like a UUID of version 4, at a third of ``uuid.uuid4``'s cost."""
        bits = self._request_bits(_UUID_BITS)
        text = f"{bits:032x}"
        variant = _VARIANTS[bits & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
