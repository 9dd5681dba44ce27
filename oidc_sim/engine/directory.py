"""The people, accounts and roles of a small company, and the sessions of those who signed in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The simulated person who signs in."""

    user_id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An AWS account with the roles that the user may take in it."""

    account_id: str
    name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Users who can sign in, and what they may reach."""

    users: tuple[User, ...]
    """The first one is who signs in."""
    accounts: tuple[Account, ...]
    applications: tuple[str, ...]
    """ARNs of applications."""
    _by_id: dict[str, Account] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the index: thousands of accounts are looked up in one step."""
        by_id = {account.account_id: account for account in self.accounts}
        object.__setattr__(self, "_by_id", by_id)

    def account(self, account_id: str) -> Account | None:
        """The account with this id, if the user has it."""
        return self._by_id.get(account_id)

    def has_role(self, account_id: str, role_name: str) -> bool:
        """Whether the user may take this role in this account."""
        account = self.account(account_id)
        return account is not None and role_name in account.roles


_ROLES = ("AdministratorAccess", "ReadOnlyAccess")
SEEDED = Directory(
    users=(
        User(
            user_id="90676a1b2c-3d4e5f60-7182-4394-a5b6-c7d8e9f0a1b2",
            name="sim-user",
            email="sim-user@example.com",
        ),
    ),
    accounts=(
        Account(
            account_id="111122223333", name="Sandbox", email="sandbox@example.com", roles=_ROLES
        ),
        Account(
            account_id="444455556666",
            name="Production",
            email="production@example.com",
            roles=_ROLES,
        ),
    ),
    applications=(
        "arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef",
    ),
)
"""One user, two accounts with two roles each, one application."""


CREDENTIALS_KEPT = 20
"""Issued credentials that a session remembers, for the operator to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCredentials:
    """Credentials that were issued, without their secret. Times are seconds since 1970."""

    at: float
    account_id: str
    role_name: str
    access_key_id: str
    expires_at: float


@dataclass(slots=True, kw_only=True)
class Session:
    """A signed-in user at one client: begun by an exchange, prolonged by a refresh, ended by a sign-out.

    Times are seconds since 1970.
    """

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
        """Whether an access token of this session is good now."""
        return not self.is_over(at) and at < self.tokens.get(access_digest, 0.0)
