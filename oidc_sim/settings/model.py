"""Every setting, once: the configuration file, the environment and the flags fill this one model.

A field ``error_type`` is the option ``--error-type``, the variable ``OIDC_SIM_ERROR_TYPE`` and the key
``error_type`` of the configuration file. Later sources win: file, environment, flags. Tables are of
the file alone (``FILE_ONLY``).

By hand rather than with pydantic-settings: a merge of three mappings is ten lines, and the errors must
name the flag, the variable or the key that a person typed.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from oidc_sim.engine.directory import Directory
from oidc_sim.engine.model import ExpiredAs, Policy, RefreshRotation
from oidc_sim.settings.directory import (
    AccountTable,
    UserTable,
    directory_of,
    unique_accounts,
    unique_users,
)
from oidc_sim.wire.answers import ErrorTypeForm
from oidc_sim.wire.verification import VerificationUri

ENVIRONMENT_PREFIX = "OIDC_SIM_"
CONFIG_VARIABLE = ENVIRONMENT_PREFIX + "CONFIG"
"""Names the configuration file where ``--config`` does not."""
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{1,12}){1,3}-[0-9]{1,2}")
FILE_BYTES = 1_000_000
"""Bytes of a configuration file; a pipe is fine too."""
_SHOWN_CHARACTERS = 60
"""Characters of a wrong value in an error."""


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line for a person."""


class Profile(StrEnum):
    """How strictly polls are paced."""

    AWS = "aws"
    RFC = "rfc"


class Output(StrEnum):
    """What ``serve`` prints for each event."""

    TEXT = "text"
    JSON = "json"
    NONE = "none"


_INTERVALS_S = {Profile.AWS: 1, Profile.RFC: 5}
"""Intervals that AWS announces (wire.md#25), and that RFC 8628 §3.2 has by default."""


def _listed(value: object) -> object:
    """Split an environment variable's list at its commas."""
    if not isinstance(value, str):
        return value
    return [part for it in value.split(",") if (part := it.strip())]


def _flat(value: object) -> object:
    """Undo TOML's nesting: a key with a dot and no quotes becomes a table in a table."""
    if not isinstance(value, dict):
        return value
    flat: dict[str, object] = {}
    for name, inner in value.items():
        nested = inner if isinstance(inner, dict) else None
        flat |= {name: inner} if nested is None else {f"{name}.{it}": nested[it] for it in nested}
    return flat


def _region(name: str) -> str:
    """Check the form of a region's name: it goes into ids and tokens."""
    if not _REGION.fullmatch(name):
        raise ValueError("is not the name of an AWS region, such as us-east-1")
    return name


def _path(path: Path) -> Path:
    """Expand ``~``: a shell does in an option, but nobody does in the file or the environment."""
    if "\0" in str(path):
        raise ValueError("has a NUL in it")
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("names a home directory that is not known") from None


UsablePath = Annotated[Path, AfterValidator(_path)]


class Settings(BaseModel):
    """Every setting with its bounds. Times are in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    host: str | None = None
    """address to listen on; default 127.0.0.1 and [::1]"""
    port: int = Field(8990, ge=0, le=65535)
    """port to listen on; 0 picks a free one"""
    i_know: bool = False
    """listen on an address that others can reach, with the control API off there"""
    allow_host: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """a further name accepted in Host, as a shell pattern; may be repeated"""
    profile: Profile = Profile.AWS
    """aws: interval 1, never throttles; rfc: interval 5, slow_down for early polls"""
    interval: int | None = Field(None, ge=0, le=3600)
    """announced polling interval, instead of the profile's"""
    lifetime: int = Field(600, ge=1, le=10**8)
    """life of a device code"""
    token_lifetime: int = Field(3600, ge=1, le=10**8)
    """life of an access token that comes with a refresh token"""
    session_lifetime: int = Field(28800, ge=1, le=10**8)
    """life of a sign-in"""
    refresh_rotation: RefreshRotation = RefreshRotation.REUSE
    """reuse: a refresh gives the same refresh token back; rotate: a new one, and the old one ends the sign-in"""
    expired_as: ExpiredAs = ExpiredAs.EXPIRED_TOKEN
    """how an expired code answers while it is remembered"""
    auto_approve: bool = False
    """approve sign-ins by themselves: a device code after one second, a browser at once"""
    hold: int = Field(30, ge=1, le=3600)
    """how long a request is held before it is released by itself"""
    error_type: ErrorTypeForm = ErrorTypeForm.FULL
    """form of x-amzn-ErrorType: full as AWS sends it, bare for old Ruby SDKs"""
    verification_uri: VerificationUri = VerificationUri.LOCAL
    """send people to this server's page, or to the client's start URL"""
    announce_endpoints: bool = False
    """say in RegisterClient where /authorize and /token are, as clients such as granted want; AWS says null"""
    portal_rate: int = Field(0, ge=0, le=10**6)
    """requests a second that the portal answers before 429; 0 is no bound, AWS's is 20"""
    region: Annotated[str, AfterValidator(_region)] = "us-east-1"
    """AWS region that ids and tokens name"""
    seed: int | None = None
    """make every id and token repeatable, and keep nothing unless --state-dir is given; for demos, on loopback only"""
    state_dir: UsablePath | None = None
    """directory for what must outlive the process; default $XDG_STATE_HOME/oidc-sim"""
    ephemeral: bool = False
    """keep nothing after the process ends"""
    ready_file: UsablePath | None = None
    """write url, control token and pid here once the server answers"""
    debug_log: UsablePath | None = None
    """write what goes wrong inside, and each request's way, into this file; slows the server down"""
    output: Output = Output.TEXT
    """what serve prints for each event: a line of text, a line of JSON, or nothing"""
    ascii: bool = False
    """draw the screen with ASCII signs only; by itself where the locale is not UTF-8"""
    plain: bool = False
    """draw the screen without borders and bars, and move nothing; for screen readers"""
    accounts: Annotated[tuple[AccountTable, ...], AfterValidator(unique_accounts)] = ()
    """tables of id, name, email and roles; without any, the seeded two"""
    users: Annotated[tuple[UserTable, ...], AfterValidator(unique_users)] = ()
    """tables of name, email and id, of whom the first signs in; without any, the seeded one"""
    keys: Annotated[dict[str, str], BeforeValidator(_flat)] = {}
    """a table of keys by what they do, such as `"device.approve" = "x"`; `oidc-sim keys` prints ours"""

    @property
    def keeps_state(self) -> bool:
        """Whether anything outlives the process: a seeded run would mix its ids with real ones."""
        return not self.ephemeral and (self.seed is None or self.state_dir is not None)

    def policy(self) -> Policy:
        """Make the engine's part of the settings."""
        interval_s = _INTERVALS_S[self.profile] if self.interval is None else self.interval
        return Policy(
            interval_s=interval_s,
            lifetime_s=self.lifetime,
            throttles=self.profile is Profile.RFC,
            expired_as=self.expired_as,
            token_lifetime_s=self.token_lifetime,
            session_lifetime_s=self.session_lifetime,
            refresh_rotation=self.refresh_rotation,
            hold_s=float(self.hold),
        )

    def directory(self) -> Directory:
        """Make the directory of who can sign in and what they may reach."""
        return directory_of(self.accounts, self.users)


FILE_ONLY = frozenset({"accounts", "users", "keys"})
"""Settings that are tables, which no option and no variable could hold."""
TYPED = tuple(name for name in Settings.model_fields if name not in FILE_ONLY)
"""The settings that have an option and a variable."""


def option(name: str) -> str:
    """Spell a field's name as it is typed on the command line."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """Spell a field's name as it is set in the environment."""
    return ENVIRONMENT_PREFIX + name.upper()


def load(
    flags: Mapping[str, Any], environment: Mapping[str, str], file: Path | None = None
) -> Settings:
    """Put the settings together from flags, environment and file; an empty variable counts as absent.

    Without a file, the one that ``OIDC_SIM_CONFIG`` names is read, if there is one.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """
    if file is None and environment.get(CONFIG_VARIABLE):
        file = Path(environment[CONFIG_VARIABLE])
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    for found, named in (
        (_from_file(file), lambda name: f"{file}: {_as_key(name)}"),
        (_from_environment(environment), variable),
        (flags, option),
    ):
        values.update(found)
        names.update({name: named(name) for name in found})
    return _validated(values, names)


def from_keywords(values: Mapping[str, Any]) -> Settings:
    """Make settings from a program's keywords.

    Raises:
        SettingsError: There is no such setting, or it has no such value.
    """
    return _validated(values, {name: name for name in values})


def _validated(values: Mapping[str, Any], names: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_in_one_line(error, names)) from None


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        with file.open("rb") as opened:
            data = opened.read(FILE_BYTES + 1)
        if len(data) > FILE_BYTES:  # such as /dev/zero, which never ends
            raise SettingsError(f"{file} is too large for settings: more than {FILE_BYTES:,} bytes")
        return tomllib.loads(data.decode())
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # bad TOML, bad UTF-8, a number of 5000 digits
        raise SettingsError(f"{file} is not TOML: {error}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Read fields with a variable of their own; others of this prefix may belong to other tools."""
    names = {variable(name): name for name in TYPED}
    return {names[key]: value for key, value in environment.items() if key in names and value}


def _as_key(name: str) -> str:
    """Spell a key as TOML does: what is no bare key is quoted, with its controls escaped."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _shown(name)


def _in_one_line(error: ValidationError, names: Mapping[str, str]) -> str:
    first = error.errors()[0]
    where, *inside = first["loc"]
    name = names[str(where)]
    if where in FILE_ONLY:
        name += "".join(map(_step, inside))
    if first["type"] == "extra_forbidden":
        return f"{name}: no such setting"
    if first["type"] == "missing":
        return f"{name}: is missing"
    why = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{name}: {_shown(first['input'])} {why}"


def _step(place: int | str) -> str:
    """Name a step into a table, counted as people count."""
    return f" no. {place + 1}" if isinstance(place, int) else f", {_as_key(place)}"


def _shown(value: object) -> str:
    """Show a wrong value, in ASCII and within bounds."""
    text = ascii(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."
