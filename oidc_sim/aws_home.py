"""A home for AWS clients that know nothing but this server: configuration, and what to set for it.

Clients keep tokens and credentials in ``~/.aws``, and find it by HOME, so theirs has to be another
one. All else in the home of the person is there too, as links: a command that is found or configured
through it (``~/.pyenv``, ``~/.npmrc``) works as ever, and what it writes goes where it always goes.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

START_URL = "https://d-1234567890.awsapps.com/start"
"""AWS CLI from 2.35.13 on takes only those that are AWS's own; it never asks there (wire.md 8.5)."""
SERVICES = {"sso_oidc": "SSO_OIDC", "sso": "SSO", "sts": "STS"}
"""What this server serves: as ``[services]`` calls it, and as variables do."""
_REPLACED = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
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
)
"""Would be used before the home's profiles, or forbid its endpoints (wire.md 2.1)."""
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
    home = Path(tempfile.mkdtemp(prefix="oidc-sim-home-"))
    try:
        if real_home:
            _link_all_but_aws(Path(real_home), home)
        (home / ".aws").mkdir(0o700)
        for name, text in (("config", config(sso)), ("credentials", "")):
            descriptor = os.open(home / ".aws" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        yield home
    finally:
        if not keeps:
            shutil.rmtree(home, ignore_errors=True)  # links go, what they lead to stays


def config(sso: Sso) -> str:
    """The configuration: profiles ``default`` and ``sim`` with a session, ``legacy`` without one."""
    role = [
        f"sso_account_id = {sso.account_id}" if sso.account_id else "",
        f"sso_role_name = {sso.role_name}" if sso.role_name else "",
    ]
    common = [*filter(None, role), f"region = {sso.region}", "services = sim"]
    place = [f"sso_start_url = {START_URL}", f"sso_region = {sso.region}"]
    sections = {
        "default": ["sso_session = sim", *common],
        "profile sim": ["sso_session = sim", *common],
        "profile legacy": [*place, *common],
        "sso-session sim": [*place, "sso_registration_scopes = sso:account:access"],
        "services sim": [f"{name} =\n  endpoint_url = {sso.url}" for name in SERVICES],
    }
    return "\n".join("\n".join([f"[{name}]", *lines, ""]) for name, lines in sections.items())


def home_environment(environment: Mapping[str, str], home: Path, sso: Sso) -> dict[str, str]:
    """The environment of a command that lives in this home; ours, but for what leads to AWS."""
    theirs = {name: value for name, value in environment.items() if name not in _REPLACED}
    proxyless = _proxyless(environment, urlsplit(sso.url).hostname or "")
    return theirs | {
        "HOME": str(home),
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        **{f"AWS_ENDPOINT_URL_{name}": sso.url for name in SERVICES.values()},
        "AWS_REGION": sso.region,
        "AWS_DEFAULT_REGION": sso.region,
        "AWS_SDK_LOAD_CONFIG": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": proxyless,
        "no_proxy": proxyless,
    }


def _proxyless(environment: Mapping[str, str], host: str) -> str:
    """Hosts that no proxy is asked for: those that were, and this server's."""
    named = ",".join(environment.get(name, "") for name in ("NO_PROXY", "no_proxy"))
    hosts = (*named.split(","), *_NEVER_PROXIED, host)
    return ",".join(dict.fromkeys(stripped for it in hosts if (stripped := it.strip())))


def _link_all_but_aws(real_home: Path, home: Path) -> None:
    with suppress(OSError):  # a home that cannot be read has nothing that a command could find
        for entry in real_home.iterdir():
            if entry.name != ".aws":
                (home / entry.name).symlink_to(entry.absolute())
