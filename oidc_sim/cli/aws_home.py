"""Makes a home for AWS clients that know nothing but this server: configuration, variables, directory.

Every AWS endpoint leads here, by the one variable and the one key that hold for all services; what is not
served is answered with 501, and nothing goes to AWS. ``lets_through`` leads only what is served here.

Clients keep tokens and credentials in ``~/.aws`` and find it by HOME, so they need a HOME of their own.
All else in the person's home is linked into it: a command that is found or configured through the home
(``~/.pyenv``, ``~/.npmrc``) works as ever, and what it writes goes where it always goes. A home names the
processes that live in it, so that one left by SIGKILL can be known from one in use.
"""

import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from oidc_sim.cli.running import Process
from oidc_sim.files.private_file import OWNER_ONLY, OWNER_ONLY_DIRECTORY, write_private_file

START_URL = "https://d-1234567890.awsapps.com/start"
"""AWS CLI from 2.35.13 on takes only those that are AWS's own; it never asks there (wire.md#74)."""
SERVICES = {"sso_oidc": "SSO_OIDC", "sso": "SSO", "sts": "STS"}
"""What this server serves: as ``[services]`` calls it, and as variables do (wire.md#73)."""
_SIGN_IN = {"signin": "SIGNIN"}
"""The service of ``aws login``, which is not served; named so that a more special setting is ours, too."""
_REPLACED = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AMAZON_ACCESS_KEY_ID",
    "AMAZON_SECRET_ACCESS_KEY",
    "AMAZON_SESSION_TOKEN",
    "AWS_CREDENTIAL_FILE",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_VAULT",
)
"""Would be used before the home's profiles, or forbid its endpoints (wire.md#76).

The short key names are the Go and Java SDKs', those of AMAZON the old JavaScript SDK's; aws-vault
refuses to work where it finds itself in AWS_VAULT.
"""
_ELSEWHERE = re.compile(
    r"AWS_(ENDPOINT_URL(_.+)?|\w+_ENDPOINT(_URL)?|ACCOUNT_ID_ENDPOINT_MODE|BEARER_TOKEN_.+|CSM_.+)",
    re.ASCII,
)
"""Leads single services elsewhere (Terraform knows AWS_S3_ENDPOINT and the like), is sent to them as a
token, or reports calls to a monitor."""
_NEVER_PROXIED = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sso:
    """What the home's profiles sign in to."""

    url: str
    """Base URL of the server, without a slash at its end."""
    region: str
    account_id: str | None
    role_name: str | None
    """None when the user has no account or role: then the profiles can only sign in."""
    lets_through: bool = False
    """Whether what is not served here goes where it would go without us."""

    @property
    def services(self) -> dict[str, str]:
        """The services that are led here by name."""
        return SERVICES if self.lets_through else SERVICES | _SIGN_IN


def config(sso: Sso) -> str:
    """The configuration: profiles ``default`` and ``sim`` with a session, ``legacy`` without one."""
    role = [
        f"sso_account_id = {sso.account_id}" if sso.account_id else "",
        f"sso_role_name = {sso.role_name}" if sso.role_name else "",
    ]
    common = [*filter(None, role), f"region = {sso.region}", "services = sim"]
    if not sso.lets_through:
        common += [f"endpoint_url = {sso.url}", "disable_host_prefix_injection = true"]
    place = [f"sso_start_url = {START_URL}", f"sso_region = {sso.region}"]
    sections = {
        "default": ["sso_session = sim", *common],
        "profile sim": ["sso_session = sim", *common],
        "profile legacy": [*place, *common],
        "sso-session sim": [*place, "sso_registration_scopes = sso:account:access"],
        "services sim": [f"{name} =\n  endpoint_url = {sso.url}" for name in sso.services],
    }
    return "\n".join("\n".join([f"[{name}]", *lines, ""]) for name, lines in sections.items())


def home_environment(environment: Mapping[str, str], home: Path, sso: Sso) -> dict[str, str]:
    """The environment of a command that lives in this home; ours, but for what leads to AWS."""
    theirs = {name: it for name, it in environment.items() if _is_handed_on(name, sso)}
    proxyless = _proxyless(environment, urlsplit(sso.url).hostname or "")
    return theirs | {
        "HOME": str(home),
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        "AWS_LOGIN_CACHE_DIRECTORY": str(home / ".aws" / "login" / "cache"),
        **({} if sso.lets_through else _all_led_to(sso.url)),
        **{f"AWS_ENDPOINT_URL_{name}": sso.url for name in sso.services.values()},
        "AWS_REGION": sso.region,
        "AWS_DEFAULT_REGION": sso.region,
        "AWS_SDK_LOAD_CONFIG": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": proxyless,
        "no_proxy": proxyless,
    }


def _is_handed_on(name: str, sso: Sso) -> bool:
    return name not in _REPLACED and (sso.lets_through or not _ELSEWHERE.fullmatch(name))


def _all_led_to(url: str) -> dict[str, str]:
    """For every service; without a prefix before the host, for which the DNS would be asked."""
    return {"AWS_ENDPOINT_URL": url, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}


def _proxyless(environment: Mapping[str, str], host: str) -> str:
    """Hosts that no proxy is asked for: those that were, and this server's."""
    named = ",".join(environment.get(name, "") for name in ("NO_PROXY", "no_proxy"))
    hosts = (*named.split(","), *_NEVER_PROXIED, host)
    return ",".join(dict.fromkeys(stripped for it in hosts if (stripped := it.strip())))


PREFIX = "oidc-sim-home-"
MARKER = ".oidc-sim-home"
"""Says who lives here; a home that is to stay has none."""
_MARKER_BYTES = 1000
_NEVER_ELSEWHERE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def aws_home(sso: Sso, real_home: str | None, *, keeps: bool = False) -> Iterator[Path]:
    """Make the home, for the owner alone, and take it away again.

    Args:
        sso: What its profiles are for.
        real_home: The person's own, if there is one.
        keeps: Leave it for the person to look at.

    Raises:
        OSError: There is no room for it.
    """
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        if not keeps:
            mark(home, [Process.of(os.getpid())])
        if real_home:
            _link_all_but_ours(Path(real_home), home)
        (home / ".aws").mkdir(OWNER_ONLY_DIRECTORY)
        for name, text in (("config", config(sso)), ("credentials", "")):
            descriptor = os.open(
                home / ".aws" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY
            )
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        yield home
    finally:
        if not keeps:
            shutil.rmtree(home, ignore_errors=True)  # links go, what they lead to stays


def mark(home: Path, dwellers: Sequence[Process]) -> None:
    """Name the processes that live in a home; it is in use while one of them lives.

    Raises:
        OSError: There is no room.
    """
    write_private_file(home / MARKER, json.dumps([astuple(it) for it in dwellers]).encode())


def has_signed_in(home: Path) -> bool:
    """Whether an AWS client left a sign-in's token, or a registration for one, in a home (wire.md#75)."""
    return any((home / ".aws" / "sso" / "cache").glob("*.json"))


def sweep_homes() -> None:
    """Remove the homes that SIGKILL left: this user's, and of those the ones where nobody lives."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_left(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)  # never goes through a link


def _is_left(home: str) -> bool:
    """Whether a home of ours is there whose marker names nobody who lives."""
    try:
        directory = os.open(home, _NEVER_ELSEWHERE | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        dwellers = _dwellers(directory)
    except (OSError, ValueError, TypeError, RecursionError):
        return False
    finally:
        os.close(directory)
    return bool(dwellers) and not any(it.lives for it in dwellers)


def _dwellers(directory: int) -> list[Process]:
    if not _is_private(directory, stat.S_IFDIR | OWNER_ONLY_DIRECTORY):
        return []
    with os.fdopen(os.open(MARKER, _NEVER_ELSEWHERE, dir_fd=directory), "rb") as file:
        if not _is_private(file.fileno(), stat.S_IFREG | OWNER_ONLY):
            return []
        return [Process(int(pid), began) for pid, began in json.loads(file.read(_MARKER_BYTES))]


def _is_private(descriptor: int, mode: int) -> bool:
    found = os.fstat(descriptor)
    return (found.st_uid, found.st_mode) == (os.getuid(), mode)


def _link_all_but_ours(real_home: Path, home: Path) -> None:
    with suppress(OSError):  # a home that cannot be read has nothing that a command could find
        for entry in real_home.iterdir():
            if entry.name not in {".aws", MARKER}:  # an exec within an exec has a marker, too
                (home / entry.name).symlink_to(entry.absolute())
