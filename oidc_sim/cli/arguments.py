"""The command line: commands, and one option for each setting.

An option works before the command and after it (``oidc-sim --port 1234 serve`` and ``oidc-sim serve
--port 1234``). An option that was not typed leaves no trace, so that it overrides nothing; of one that was
typed twice the later wins, as everywhere; lists add up.
"""

import sys
from argparse import (
    SUPPRESS,
    Action,
    ArgumentParser,
    BooleanOptionalAction,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import Any, NoReturn, get_origin

from oidc_sim import __version__
from oidc_sim.actions.table import ACTIONS
from oidc_sim.cli import outcome
from oidc_sim.cli.outcome import complain
from oidc_sim.settings.model import TYPED, Settings, option

WHERE = {
    "port": "port of the running server; without it, the newest that answers",
    "state_dir": "the state directory that the running server was given",
}
"""Settings that also choose a running server, with their help for that."""
_EXEC = (
    "run a command for which this server is AWS, with an AWS home of its own; at the running server "
    "(--port, or the newest), or at one for it alone when there is none or its settings are given. "
    "The home goes with the command, logins too: for several, run exec -- bash"
)
_TOPICS = "list the topics that there is a page on, or show the page of one"
_ISOLATED = (
    "To itself it has ~/.aws with its caches, credentials and AWS variables; every AWS endpoint is this "
    "server, so that AWS's SDKs and the AWS CLI send nothing to AWS: what is not the sign-in is "
    "answered with an error (501) that says so. Not isolated is the rest: a client that does not read "
    "AWS's endpoint variables, other traffic of the command's, and all else in the home directory, "
    "which is there as links, so that a tool that keeps tokens elsewhere than in ~/.aws, such as in "
    "~/.config or a keyring, keeps them where it always does"
)
FOR_EXEC = {
    "keep_home": "leave the AWS home for you to look at",
    "let_through": "lead only what this server serves here, and leave other AWS services alone",
}
"""The switches of ``exec`` alone, with their help."""
_METAVARS = {
    "allow_host": "GLOB",
    "interval": "SECONDS",
    "lifetime": "SECONDS",
    "token_lifetime": "SECONDS",
    "session_lifetime": "SECONDS",
    "hold": "SECONDS",
    "portal_rate": "N",
    "seed": "N",
    "debug_log": "FILE",
}


class Parser(ArgumentParser):
    """A parser with errors of one line, and options typed in full: a prefix breaks some day."""

    def __init__(self, *, parents: Sequence["Parser"] = (), **options: Any) -> None:
        self.known: set[str] = {name for parent in parents for name in parent.known}
        super().__init__(parents=parents, **options)

    def add_argument(self, *names: Any, **options: Any) -> Action:
        """Take an argument, and remember its spellings."""
        action = super().add_argument(*names, **options)
        self.known.update(action.option_strings)
        return action

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Name an option that nobody knows, before its value is taken for a command.

        A parser has every option of the commands below it, so an unknown one is wrong anywhere. This
        also keeps argparse from guessing what a prefix stands for.
        """
        words = sys.argv[1:] if args is None else list(args)
        for word in takewhile(lambda word: word != "--", words):
            if word.startswith("--") and word.partition("=")[0] not in self.known:
                self.error(f"unrecognized arguments: {word}")
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        """Complain on one line, and end."""
        complain(f"{message}; see '{self.prog} --help'")
        raise SystemExit(outcome.CANNOT_START)


def parser() -> Parser:
    """Make the parser; ``parse_args`` gives ``command`` and every setting that was typed."""
    server = _options({name: _help(name) for name in TYPED})
    where = _options({**WHERE, "debug_log": "write what goes wrong inside into this file"})
    top = Parser(
        prog="oidc-sim",
        description="AWS IAM Identity Center's sign-in service (SSO OIDC) on your laptop, "
        "with a person at the controls. Without a command: server and screen.",
        parents=[server],
    )
    top.add_argument("--version", action="version", version=f"oidc-sim {__version__}")
    for name in FOR_EXEC:
        top.add_argument(option(name), action="store_true", help=SUPPRESS)
    top.add_argument("--filter", default=SUPPRESS, help=SUPPRESS)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _add(commands, "serve", "server without a screen", server)
    _add(commands, "env", "print shell lines that point AWS clients here", where)
    _add(commands, "keys", "print the screen's keys, as a table for the configuration file", where)
    topics = commands.add_parser("help", help=_TOPICS, description=f"{_TOPICS.capitalize()}.")
    topics.add_argument("topic", metavar="TOPIC", nargs="?", help="without one: the list of topics")
    _add_ctl(_add(commands, "ctl", "act on the running server", where), where)
    _add_exec(_add(commands, "exec", _EXEC, server))
    return top


def split_command(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str] | None]:
    """Split our own words from the command after the first ``--``; None if there is no ``--``."""
    if "--" not in words:
        return words, None
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _add_exec(parser: Parser) -> None:
    parser.usage = f"{parser.prog} [OPTION ...] -- CMD [ARGUMENT ...]"
    parser.epilog = f"{_ISOLATED}."
    for name, text in FOR_EXEC.items():
        parser.add_argument(option(name), action="store_true", default=SUPPRESS, help=text)


def _add(commands: Any, name: str, text: str, options: Parser) -> Parser:
    added: Parser = commands.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", parents=[options]
    )
    return added


def _add_ctl(ctl: Parser, where: Parser) -> None:
    """One parser for each first word; what comes after it is read by ``oidc_sim.actions.typed_lines``."""
    ctl.add_argument("--filter", default=SUPPRESS, help=SUPPRESS)
    names = ctl.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name in dict.fromkeys(action.name for action in ACTIONS):
        rows = [action for action in ACTIONS if action.name == name]
        added = _add(names, name, rows[0].in_words or rows[0].help, where)
        ways = "\n".join(f"  {row.words}\n      {row.in_words or row.help}" for row in rows)
        added.formatter_class = RawDescriptionHelpFormatter
        added.description = ways
        added.usage = f"{ctl.prog} {name} [WORD ...] [OPTION ...]"
        added.add_argument("words", metavar="WORD", nargs="*", help=SUPPRESS)
        if name == "hold":
            added.add_argument("--filter", default=SUPPRESS, help="the same as the word filter=…")


def _options(helps: Mapping[str, str]) -> Parser:
    parser = Parser(add_help=False, argument_default=SUPPRESS)
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file with settings")
    for name, text in helps.items():
        parser.add_argument(option(name), help=text, **_kind(name))
    return parser


def _kind(name: str) -> dict[str, Any]:
    """Return argparse's options for a setting of this type; pydantic judges the value."""
    kind = Settings.model_fields[name].annotation
    metavar = _METAVARS.get(name, name.rsplit("_", 1)[-1].upper())
    if kind is bool:
        return {"action": BooleanOptionalAction}
    if get_origin(kind) is tuple:
        return {"action": _Gathered, "metavar": metavar}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"choices": [str(choice) for choice in kind]}
    return {"metavar": metavar}


def _help(name: str) -> str:
    field = Settings.model_fields[name]
    text = (field.description or "").replace("%", "%%")
    return f"{text} (default: {field.default})" if field.default else text


class _Gathered(Action):
    """A list, wherever its parts were typed.

    argparse's own ``append`` starts anew after the command, and then overrides what stood before it.
    One object of this class serves both places, so it can remember.
    """

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._parts: list[Any] = []

    def __call__(
        self, _parser: ArgumentParser, namespace: Namespace, values: Any, _option: str | None = None
    ) -> None:
        self._parts.append(values)
        setattr(namespace, self.dest, list(self._parts))
