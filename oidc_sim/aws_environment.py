"""What AWS clients are told, so that they know nothing but this server: configuration and variables."""

from collections.abc import Mapping
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
