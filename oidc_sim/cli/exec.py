"""``oidc-sim exec -- CMD …``: runs a command for which this server is AWS.

The command has an AWS home of its own (``aws_home``), our standard input, output and error, and the
signals that we get. We end as it ends: with its code, with 128 plus the number of the signal that ended
it, with 127 when it is not there and 126 when it cannot be run, as shells do.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.cli import outcome
from oidc_sim.cli.aws_home import Sso, aws_home, has_signed_in, home_environment, mark, sweep_homes
from oidc_sim.cli.ctl import NoAnswerError, ask
from oidc_sim.cli.event_loop import on_ending_signals
from oidc_sim.cli.outcome import complain
from oidc_sim.cli.running import Process, Running
from oidc_sim.settings.model import Settings, SettingsError

_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)
"""A terminal sends these to everybody in the foreground, so the command has them already."""
_NOBODY_SIGNED_IN = (
    "nobody signed in to this simulated AWS ({url}) while {command} ran, and its AWS home goes with it: "
    "run 'aws sso login' and what it is for in one exec, such as 'oidc-sim exec -- bash'"
)


class Exec:
    """One command, to be run once."""

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
        """Run it at a server that runs already; returns the exit code.

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
        """Run it at a server of its own, whose front it is; returns the exit code."""
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
        """Say what this is to whoever expected a sign-in from an earlier ``exec``, or from AWS."""
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
    """Whether this signal was typed: then the command, in the foreground with us, got it too."""
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
