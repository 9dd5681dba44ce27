"""Who can sign in, and what they may reach: the users, accounts and roles of a small company."""

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
    """Everything that a sign-in can lead to."""

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
"""What is seeded: one user, two accounts with two roles each, one application."""
