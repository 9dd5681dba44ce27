"""A signed-in user at one client: what an exchange begins, a refresh prolongs and a sign-out ends."""

from dataclasses import dataclass, field

CREDENTIALS_KEPT = 20
"""Issued credentials that a session remembers, for the operator to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCredentials:
    """That credentials were issued, without the secret in them. Times are seconds since 1970."""

    at: float
    account_id: str
    role_name: str
    access_key_id: str
    expires_at: float


@dataclass(slots=True, kw_only=True)
class Session:
    """Everything that one sign-in led to. Times are seconds since 1970."""

    session_id: str
    """The user code of the sign-in that began it, or of the application's exchange."""
    client_id: str
    scopes: tuple[str, ...]
    user_id: str
    started_at: float
    expires_at: float
    ended_at: float | None = None
    """When it was signed out or revoked."""
    tokens: dict[str, float] = field(default_factory=dict)
    """Digest of each access token to when it expires."""
    refresh_digests: list[str] = field(default_factory=list)
    """Of each refresh token that it had; the last one is good."""
    refreshes: int = 0
    refreshed_at: float | None = None
    """When it got its newest access token, if not when it began; journals before it do not say."""
    credentials: list[IssuedCredentials] = field(default_factory=list)

    @property
    def refresh_digest(self) -> str | None:
        """Of the refresh token that is good now."""
        return self.refresh_digests[-1] if self.refresh_digests else None

    def is_over(self, at: float) -> bool:
        """Whether it has ended, by sign-out, revocation or time (wire.md#61)."""
        return self.ended_at is not None or at >= self.expires_at

    def accepts(self, access_digest: str, at: float) -> bool:
        """Whether this access token of it is good now."""
        return not self.is_over(at) and at < self.tokens.get(access_digest, 0.0)
