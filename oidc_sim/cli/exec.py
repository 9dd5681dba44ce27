"""``oidc-sim exec -- CMD …``: runs a command for which this server is AWS.

The command has an AWS home of its own, our standard input, output and error, and the signals that we
get. We end as it ends: with its code, with 128 plus the number of the signal that ended it, with 127
when it is not there and 126 when it cannot be run, as shells do.

The AWS home is configuration, variables and a directory for clients that know nothing but this server.
Every AWS endpoint leads here, by the one variable and the one key that hold for all services; a service
that is not served is answered with 501, and nothing goes to AWS. ``lets_through`` leads only the served.

Clients keep tokens and credentials in ``~/.aws`` and find it by HOME, so they need a HOME of their own.
All else in the person's home is linked into it: a command that is found or configured through the home
(``~/.pyenv``, ``~/.npmrc``) works as ever, and writes where it always does. A home names the processes
that live in it, so that one left by SIGKILL can be known from one in use.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.cli import outcome
from oidc_sim.cli.ctl import NoAnswerError, ask
from oidc_sim.cli.event_loop import on_ending_signals
from oidc_sim.cli.outcome import complain
from oidc_sim.cli.running import Process, Running
from oidc_sim.files.private_file import OWNER_ONLY, OWNER_ONLY_DIRECTORY, write_private_file
from oidc_sim.settings.model import Settings, SettingsError

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
"""Variables that lead single services elsewhere (Terraform knows AWS_S3_ENDPOINT and the like), are sent
to them as a token, or report calls to a monitor."""
_NEVER_PROXIED = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sso:
    """The server, account and role that the home's profiles sign in to."""

    url: str
    """Base URL of the server, without a slash at its end."""
    region: str
    account_id: str | None
    role_name: str | None
    """None when the user has no account or role: then the profiles can only sign in."""
    lets_through: bool = False
    """True if a service that is not served here is reached as it would be without us."""

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
    theirs = {name: value for name, value in environment.items() if _is_handed_on(name, sso)}
    proxyless = _proxyless(environment, urlsplit(sso.url).hostname or "")
    return theirs | {
        "HOME": str(home),
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        "AWS_LOGIN_CACHE_DIRECTORY": str(home / ".aws" / "login" / "cache"),
        **({} if sso.lets_through else _for_all_services(sso.url)),
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


def _for_all_services(url: str) -> dict[str, str]:
    """Lead every service to one URL, with no prefix before the host, which would need the DNS."""
    return {"AWS_ENDPOINT_URL": url, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}


def _proxyless(environment: Mapping[str, str], host: str) -> str:
    """List the hosts that are reached without a proxy: those of the environment, and this server's."""
    named = ",".join(environment.get(name, "") for name in ("NO_PROXY", "no_proxy"))
    hosts = map(str.strip, (*named.split(","), *_NEVER_PROXIED, host))
    return ",".join(dict.fromkeys(filter(None, hosts)))


PREFIX = "oidc-sim-home-"
MARKER = ".oidc-sim-home"
"""File that names the processes which live in a home; a home that is to stay has none."""
_MARKER_BYTES = 1000
_NEVER_ELSEWHERE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def aws_home(sso: Sso, real_home: str | None, *, keeps: bool = False) -> Iterator[Path]:
    """Make the home, for the owner alone, and remove it after the block unless ``keeps``.

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
    """Name the processes that live in a home, which is in use while one of them lives.

    Raises:
        OSError: There is no room.
    """
    write_private_file(home / MARKER, json.dumps([astuple(it) for it in dwellers]).encode())


def has_signed_in(home: Path) -> bool:
    """Say whether an AWS client left a token or registration of a sign-in in a home (wire.md#75)."""
    return any((home / ".aws" / "sso" / "cache").glob("*.json"))


def sweep_homes() -> None:
    """Remove this user's homes that SIGKILL left, where no process lives any more."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_left(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)  # never goes through a link


def _is_left(home: str) -> bool:
    """Say whether a home of ours is there whose marker names no process that lives."""
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
    return bool(dwellers) and not any(process.lives for process in dwellers)


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


_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)
"""A terminal sends these to everybody in the foreground, so the command has them already."""
_NOBODY_SIGNED_IN = (
    "nobody signed in to this simulated AWS ({url}) while {command} ran, and its AWS home goes with it: "
    "run 'aws sso login' and what it is for in one exec, such as 'oidc-sim exec -- bash'"
)


class Exec:
    """A command, to be run once."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        *,
        keeps_home: bool = False,
        lets_through: bool = False,
    ) -> None:
        self._words = words
        self._environment = environment
        self._keeps_home = keeps_home
        self._lets_through = lets_through
        self._process: asyncio.subprocess.Process | None = None
        self._early: list[int] = []
        """Signals that came before there was anybody to pass them on to."""

    def at(self, running: Running, settings: Settings) -> int:
        """Run the command at a server that runs already; returns the exit code.

        Raises:
            SettingsError: The server does not say what can be signed in to.
        """
        try:
            accounts = ask(running, "GET", "/_sim/state")["directory"]["accounts"]
            roles = [(it["account_id"], role) for it in accounts for role in it["roles"]]
        except (NoAnswerError, KeyError, TypeError) as error:
            raise SettingsError(f"exec: {error}") from None
        return asyncio.run(self._run(self._sso(running.url, settings, roles)))

    async def front(self, running_server: RunningServer) -> int:
        """Run the command at a server of its own, as its front; returns the exit code."""
        if not running_server.simulator.state.auto_approves and shutil.which(self._words[0]):
            complain(
                f"serves on {running_server.url} while {self._words[0]} runs; approve codes on the page that it "
                "names, with 'oidc-sim ctl approve CODE', or by --auto-approve"
            )
        if running_server.ending.done():
            return running_server.ending.result()
        directory = running_server.simulator.state.directory
        roles = [(it.account_id, role) for it in directory.accounts for role in it.roles]
        return await self._run(self._sso(running_server.url, running_server.settings, roles))

    def _sso(self, url: str, settings: Settings, roles: Sequence[tuple[str, str]]) -> Sso:
        account_id, role_name = roles[0] if roles else (None, None)
        return Sso(
            url=url,
            region=settings.region,
            account_id=account_id,
            role_name=role_name,
            lets_through=self._lets_through,
        )

    async def _run(self, sso: Sso) -> int:
        on_ending_signals(self._pass_on)
        sweep_homes()
        try:
            real_home = self._environment.get("HOME")
            with aws_home(sso, real_home, keeps=self._keeps_home) as home:
                if self._keeps_home:
                    complain(f"the AWS home {home} stays")
                code = await self._wait(home, home_environment(self._environment, home, sso))
                self._explain_failure(home, sso.url)
                return code
        except OSError as error:
            complain(f"cannot make an AWS home: {error.strerror}")
            return outcome.CANNOT_START

    def _explain_failure(self, home: Path, url: str) -> None:
        """Explain this AWS to a person who expected a sign-in from an earlier ``exec``, or from AWS."""
        has_failed = self._process is not None and (self._process.returncode or 0) > 0
        is_aws_cli = Path(self._words[0]).name == "aws"  # of others, a failure may have any reason
        if has_failed and is_aws_cli and not has_signed_in(home):
            complain(_NOBODY_SIGNED_IN.format(url=url, command=self._words[0]))

    async def _wait(self, home: Path, environment: Mapping[str, str]) -> int:
        name = self._words[0]
        try:
            self._process = await asyncio.create_subprocess_exec(*self._words, env=environment)
        except FileNotFoundError:
            complain(f"{name}: command not found")
            return outcome.NOT_FOUND
        except OSError as error:
            complain(f"{name}: {error.strerror}")
            return outcome.NOT_EXECUTABLE
        for number in self._early:
            self._process.send_signal(number)
        if not self._keeps_home:
            with suppress(OSError):  # then its home is known by us alone
                mark(home, [Process.of(os.getpid()), Process.of(self._process.pid)])
        code = await self._process.wait()
        return code if code >= 0 else outcome.SIGNALLED - code

    def _pass_on(self, number: int) -> None:
        if self._process is None:
            self._early.append(number)
        elif self._process.returncode is None and not _comes_from_keys(number):
            self._process.send_signal(number)


def _comes_from_keys(number: int) -> bool:
    """Say whether a signal was typed: then the command, in the foreground with us, got it too."""
    if number not in _FROM_KEYS:
        return False
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
