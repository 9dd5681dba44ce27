"""Where ids, codes and tokens come from: AWS's formats over one source of chance."""

import random
import secrets
from typing import Self

from oidc_sim.engine.model import Now
from oidc_sim.wire import tokens
from oidc_sim.wire.client_secret import client_secret
from oidc_sim.wire.tokens import Rng

_UUID_BITS = 128
_VARIANTS = "89ab"


class RandomIds:
    """The engine's ``Ids`` for one region.

    Request ids come from a source of their own: they are no secrets, one is made for every
    response, and with a seed the codes must not depend on how many requests were answered.
    """

    def __init__(self, rng: Rng, region: str, request_ids: random.Random) -> None:
        self._rng = rng
        self._region = region
        self._request_bits = request_ids.getrandbits

    @classmethod
    def from_secrets(cls, region: str) -> Self:
        """Ids that nobody can guess (threats.md T-21)."""
        return cls(secrets.SystemRandom(), region, random.Random())

    @classmethod
    def seeded(cls, seed: int, region: str) -> Self:
        """The same ids each time: for demonstrations on loopback, never for secrets."""
        return cls(random.Random(f"codes {seed}"), region, random.Random(f"requests {seed}"))

    def client_id(self) -> str:
        """A new client id."""
        return tokens.client_id(self._rng, self._region)

    def client_secret(
        self, client_id: str, name: str, scopes: tuple[str, ...], now: Now, expires_at: float
    ) -> str:
        """A new client secret, with the registration in it."""
        return client_secret(
            self._rng,
            self._region,
            client_id=client_id,
            name=name,
            scopes=scopes,
            created_at=now.at,
            expires_at=expires_at,
        )

    def device_code(self) -> str:
        """A new device code."""
        return tokens.device_code(self._rng)

    def user_code(self) -> str:
        """A new user code."""
        return tokens.user_code(self._rng)

    def access_token(self, expires_at: float) -> str:
        """A new access token that is over at this instant, in seconds since 1970."""
        return tokens.access_token(self._rng, expires_at, self._region)

    def refresh_token(self, expires_at: float) -> str:
        """A new refresh token for a session that ends at this instant, in seconds since 1970."""
        return tokens.refresh_token(self._rng, expires_at, self._region)

    def request_id(self) -> str:
        """Shaped like a UUID of version 4, at a third of ``uuid.uuid4``'s cost."""
        bits = self._request_bits(_UUID_BITS)
        text = f"{bits:032x}"
        variant = _VARIANTS[bits & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
