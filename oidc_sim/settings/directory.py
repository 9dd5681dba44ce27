"""Reads users and accounts from tables of the configuration file, since no option could hold them.

[[accounts]]
id = "111122223333"
name = "Sandbox"
roles = ["AdministratorAccess", "ReadOnlyAccess"]
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from oidc_sim.engine.directory import SEEDED, Account, Directory, User

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}")
"""IAM's characters: roles and users become parts of ARNs."""
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_T = TypeVar("_T")


def _arn_part(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("is not 1 to 64 letters, digits or _+=,.@-")
    return text


def _account_id(text: str) -> str:
    if not _ACCOUNT_ID.fullmatch(text):
        raise ValueError("is not 12 digits")
    return text


def _unique_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return _unique(names, names)


_ArnPart = Annotated[str, AfterValidator(_arn_part)]
_Text = Annotated[str, Field(min_length=1, max_length=128)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountTable(_Table):
    """One ``[[accounts]]``: an account and the roles that the user may take in it."""

    id: Annotated[str, AfterValidator(_account_id)]
    name: _Text
    email: _Text | None = None
    roles: Annotated[tuple[_ArnPart, ...], Field(min_length=1), AfterValidator(_unique_names)] = (
        SEEDED.accounts[0].roles
    )

    def account(self) -> Account:
        """Make the engine's account; without an address of its own it gets one of example.com."""
        email = self.email or f"aws+{self.id}@example.com"
        return Account(account_id=self.id, name=self.name, email=email, roles=self.roles)


class UserTable(_Table):
    """One ``[[users]]``. The first one is who signs in."""

    name: _ArnPart
    email: _Text | None = None
    id: _Text | None = None

    def user(self) -> User:
        """Make the engine's user; without an id of its own it gets one that follows from its name."""
        hashed = hashlib.sha256(self.name.encode()).digest()
        made_up = f"{hashed[16:21].hex()}-{UUID(bytes=hashed[:16])}"
        email = self.email or f"{self.name}@example.com"
        return User(user_id=self.id or made_up, name=self.name, email=email)


def unique_accounts(tables: tuple[AccountTable, ...]) -> tuple[AccountTable, ...]:
    """Refuse an account id that comes twice."""
    return _unique(tables, (table.id for table in tables))


def unique_users(tables: tuple[UserTable, ...]) -> tuple[UserTable, ...]:
    """Refuse a user name that comes twice."""
    return _unique(tables, (table.name for table in tables))


def directory_of(accounts: Iterable[AccountTable], users: Iterable[UserTable]) -> Directory:
    """Make the directory of these tables, with the seeded one's entries for tables that are not given."""
    return Directory(
        users=tuple(table.user() for table in users) or SEEDED.users,
        accounts=tuple(table.account() for table in accounts) or SEEDED.accounts,
        applications=SEEDED.applications,
    )


def _unique(values: _T, names: Iterable[str]) -> _T:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValueError(f"has {twice[0]!a} more than once")
    return values
