"""Arguments and exit codes. The only reader of the environment.

Anything heavy is imported where it is needed: ``ctl`` must start fast, and ``serve`` must never
import Textual.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from oidc_sim import __version__, exit_codes
from oidc_sim.actions import DEVICE_ACTIONS
from oidc_sim.running import Running, find_running, runtime_directory
from oidc_sim.settings import Settings, SettingsError, load, option

WHERE = ("port", "state_dir")
"""Settings that also say which running server is meant."""
OTHER_CTL_ACTIONS = {
    "state": "print everything that is true now, as JSON",
    "events": "print what happens, a line of JSON each, until interrupted",
    "reset": "forget every client and device",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    flags = vars(_parser().parse_args(arguments))
    command = flags.pop("command", None)
    config = flags.pop("config", None)
    words = {name: flags.pop(name, None) for name in ("action", "user_code")}
    try:
        settings = load(flags, os.environ, config)
        return _COMMANDS[command](settings, words)
    except SettingsError as error:
        return complain(str(error))
    except KeyboardInterrupt:
        return exit_codes.SIGNALLED + 2
    except BrokenPipeError:
        # Nobody reads standard output any more; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.OK


def complain(sentence: str) -> int:
    """Say on one line why the program cannot go on; returns the exit code for that."""
    print(f"oidc-sim: {sentence}", file=sys.stderr)  # noqa: T201
    return exit_codes.CANNOT_START


def _screen(settings: Settings, _words: Mapping[str, Any]) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return complain("the screen needs a terminal; use 'oidc-sim serve' without one")
    from oidc_sim.runtime import run_screen

    return run_screen(settings, os.environ)


def _serve(settings: Settings, _words: Mapping[str, Any]) -> int:
    from oidc_sim.runtime import run_headless

    return run_headless(settings, os.environ)


def _env(settings: Settings, _words: Mapping[str, Any]) -> int:
    running = _running(settings)
    if running is None:
        return complain(_NO_SERVER)
    for name in ("SSO_OIDC", "SSO", "STS"):
        print(f"export AWS_ENDPOINT_URL_{name}={running.url}")  # noqa: T201
    return exit_codes.OK


def _ctl(settings: Settings, words: Mapping[str, Any]) -> int:
    running = _running(settings)
    if running is None:
        return complain(_NO_SERVER)
    from oidc_sim.ctl import run_action

    return run_action(running, words["action"], words["user_code"])


_NO_SERVER = "no running server found; start one with 'oidc-sim' or 'oidc-sim serve'"
_COMMANDS = {None: _screen, "serve": _serve, "env": _env, "ctl": _ctl}


def _running(settings: Settings) -> Running | None:
    port = settings.port if "port" in settings.model_fields_set else None
    return find_running(runtime_directory(os.environ, settings.state_dir), port)


def _parser() -> argparse.ArgumentParser:
    server = _options(tuple(Settings.model_fields))
    where = _options(WHERE)
    parser = argparse.ArgumentParser(
        prog="oidc-sim",
        description="AWS IAM Identity Center's sign-in service (SSO OIDC) on your laptop, "
        "with a person at the controls. Without a command: server and screen.",
        parents=[server],
    )
    parser.add_argument("--version", action="version", version=f"oidc-sim {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="server without a screen", parents=[server])
    commands.add_parser(
        "env", help="print shell lines that point AWS clients here", parents=[where]
    )
    _add_ctl(commands.add_parser("ctl", help="act on the running server", parents=[where]))
    return parser


def _add_ctl(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for action in DEVICE_ACTIONS:
        actions.add_parser(action.name, help=action.help).add_argument("user_code", metavar="CODE")
    for name, text in OTHER_CTL_ACTIONS.items():
        actions.add_parser(name, help=text)


def _options(names: Sequence[str]) -> argparse.ArgumentParser:
    """One option for each setting; absent ones leave no trace, so that they override nothing."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file with settings")
    for name in names:
        _add_option(parser, name)
    return parser


def _add_option(parser: argparse.ArgumentParser, name: str) -> None:
    field = Settings.model_fields[name]
    kind = field.annotation
    text = (field.description or "").replace("%", "%%")
    if kind is bool:
        parser.add_argument(option(name), action="store_true", help=text)
    elif name == "allow_host":
        parser.add_argument(option(name), action="append", metavar="GLOB", help=text)
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        parser.add_argument(option(name), choices=[str(choice) for choice in kind], help=text)
    else:
        parser.add_argument(option(name), metavar=name.rsplit("_", 1)[-1].upper(), help=text)
