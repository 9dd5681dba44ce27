"""Every setting, once: the configuration file, the environment and the flags fill this one model.

A field ``error_type`` is the option ``--error-type``, the variable ``OIDC_SIM_ERROR_TYPE`` and the key
``error_type`` of the configuration file. Later sources win: file, environment, flags.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from oidc_sim.engine.model import ExpiredAs, Policy
from oidc_sim.wire.envelope import ErrorTypeForm
from oidc_sim.wire.verification import VerificationUri

ENVIRONMENT_PREFIX = "OIDC_SIM_"


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line for a person."""


class Profile(StrEnum):
    """How strictly polls are paced (design.md §5)."""

    AWS = "aws"
    RFC = "rfc"


class Output(StrEnum):
    """What ``serve`` prints for each event."""

    TEXT = "text"
    JSON = "json"
    NONE = "none"


_INTERVALS_S = {Profile.AWS: 1, Profile.RFC: 5}
"""client-rules.md §2 fact 3."""


def _listed(value: object) -> object:
    """An environment variable holds a list with commas."""
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


class Settings(BaseModel):
    """What can be set, with its bounds. Times are in seconds."""

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
    expired_as: ExpiredAs = ExpiredAs.EXPIRED_TOKEN
    """how a lapsed code answers while it is remembered"""
    error_type: ErrorTypeForm = ErrorTypeForm.FULL
    """form of x-amzn-ErrorType: full as AWS sends it, bare for old Ruby SDKs"""
    verification_uri: VerificationUri = VerificationUri.LOCAL
    """send people to this server's page, or to the client's start URL"""
    region: str = Field("us-east-1", pattern=r"[a-z]{2}(-[a-z]+)+-\d")
    """AWS region that ids and tokens name"""
    seed: int | None = None
    """make every id and token repeatable; for demos, on loopback only"""
    state_dir: Path | None = None
    """directory for what must outlive the process"""
    ephemeral: bool = False
    """keep nothing after the process ends"""
    ready_file: Path | None = None
    """write url, control token and pid here once the server answers"""
    output: Output = Output.TEXT
    """what serve prints for each event: a line of text, a line of JSON, or nothing"""

    def policy(self) -> Policy:
        """The engine's part of it."""
        interval_s = _INTERVALS_S[self.profile] if self.interval is None else self.interval
        return Policy(
            interval_s=interval_s,
            lifetime_s=self.lifetime,
            throttles=self.profile is Profile.RFC,
            expired_as=self.expired_as,
            token_lifetime_s=self.token_lifetime,
            session_lifetime_s=self.session_lifetime,
        )


def option(name: str) -> str:
    """A field's name as it is typed on the command line."""
    return "--" + name.replace("_", "-")


def load(flags: Mapping[str, Any], environment: Mapping[str, str], file: Path | None) -> Settings:
    """Put the settings together.

    Args:
        flags: Fields given on the command line.
        environment: The process environment.
        file: A TOML file, if one was named.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """
    values: dict[str, Any] = {}
    sources = {}
    for source, found in (
        (f"{file}: ", _from_file(file)),
        (ENVIRONMENT_PREFIX, _from_environment(environment)),
        ("--", flags),
    ):
        values.update(found)
        sources.update(dict.fromkeys(found, source))
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_in_one_line(error, sources)) from None


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not TOML: {error}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Fields with a variable of their own; others of this prefix may belong to other tools."""
    names = {ENVIRONMENT_PREFIX + name.upper(): name for name in Settings.model_fields}
    return {names[key]: value for key, value in environment.items() if key in names}


def _in_one_line(error: ValidationError, sources: Mapping[str, str]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    source = sources.get(name, "")
    if source == "--":
        shown = option(name)
    elif source == ENVIRONMENT_PREFIX:
        shown = source + name.upper()
    else:
        shown = source + name
    if first["type"] == "extra_forbidden":
        return f"{shown}: no such setting"
    return f"{shown}: {first['input']!r} is not allowed: {first['msg']}"
