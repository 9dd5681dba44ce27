"""Runs the command that the command line names. The environment is read here, and handed on.

Anything heavy is imported where it is needed: ``ctl`` must start fast, and ``serve`` must never
import Textual.

By hand over argparse rather than with click or typer: one dependency less to start up, and the options
are made from the settings' one model anyway.
"""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from oidc_sim import __version__
from oidc_sim.cli import outcome
from oidc_sim.cli.arguments import FOR_EXEC, WHERE, parser, split_command
from oidc_sim.cli.outcome import complain
from oidc_sim.cli.running import Running, find_running, find_silent
from oidc_sim.files.directories import runtime_directory
from oidc_sim.settings.environment import fit_for_locale
from oidc_sim.settings.model import Settings, SettingsError, load, option

_EXEC_USAGE = "a command goes after '--', and only with exec: oidc-sim exec -- CMD …"
_NO_TERMINAL = "the screen needs a terminal; use 'oidc-sim serve' without one"
_SILENT = "does not answer; it is away, as the faults refuse and crash have it"
_START_ONE = "start one with 'oidc-sim' or 'oidc-sim serve'"
_DUMB_TERMINAL = "this terminal (TERM=dumb) cannot show the screen; use 'oidc-sim serve'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    _open_standard_files()
    try:
        return outcome.ending(lambda: _run(arguments))
    except SettingsError as error:
        return _give_up(str(error))


def _run(arguments: Sequence[str] | None) -> int:
    ours, theirs = split_command(sys.argv[1:] if arguments is None else arguments)
    try:
        flags = vars(parser().parse_args(ours))
    except SystemExit as end:  # argparse has printed help, the version or a complaint
        return int(end.code or outcome.OK)
    command = flags.pop("command", None)
    config = flags.pop("config", None)
    names = ("action", *FOR_EXEC, "filter", "words", "topic")
    words = {name: flags.pop(name, None) for name in names}
    if (command == "exec") is not bool(theirs):
        return _give_up(_EXEC_USAGE)
    if not theirs and (wrong := next(filter(words.get, FOR_EXEC), None)):
        return _give_up(f"{option(wrong)} is for exec")
    if words["filter"] and words["action"] != "hold":
        return _give_up("--filter is for ctl hold")
    words |= {"command": theirs, "typed": {*flags, *(["config"] if config else [])}}
    settings = load(flags, os.environ, config)
    if settings.debug_log is None:
        return _carry_out(command, settings, words)
    from oidc_sim.record.debug_log import debug_log

    begins = f"oidc-sim {__version__} {command or 'screen'}, Python {sys.version.split()[0]}"
    with ExitStack() as closing:
        try:
            closing.enter_context(debug_log(settings.debug_log, begins))
        except OSError as error:
            why = f"cannot write {settings.debug_log}: {error.strerror or error}"
            raise SettingsError(f"--debug-log: {why}") from None
        return _carry_out(command, settings, words)


def _carry_out(command: str | None, settings: Settings, words: Mapping[str, Any]) -> int:
    """Run one command; a failure inside is one line, and its traceback is in the debug log."""
    try:
        return _COMMANDS[command](settings, words)
    except (SettingsError, BrokenPipeError):
        raise
    except OSError as error:
        from oidc_sim.record.debug_log import log_failure

        log_failure("the system refused something", error)
        raise
    except Exception as error:  # noqa: BLE001 - Python's own traceback may quote a client's secret
        from oidc_sim.record.debug_log import report_failure

        complain(report_failure("failed", error))
        return outcome.FAILED


def _open_standard_files() -> None:
    """Put the null device where the caller closed standard input, output or error.

    Else the next file that is opened takes the place: what is printed would go into a client's
    connection, and what a client sends would be read as commands.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free


def _give_up(sentence: str) -> int:
    complain(sentence)
    return outcome.CANNOT_START


def _screen(settings: Settings, _words: Mapping[str, Any]) -> int:
    if not (os.isatty(0) and os.isatty(1)):
        return _give_up(_NO_TERMINAL)
    if os.environ.get("TERM") == "dumb":
        return _give_up(_DUMB_TERMINAL)
    _prepare_textual()
    if settings.keys:
        _require_usable(settings.keys)
    from oidc_sim.cli.runtime import run_screen

    return run_screen(fit_for_locale(settings, os.environ), os.environ)


def _require_usable(keys: Mapping[str, str]) -> None:
    """Check the user's keys before anything starts."""
    from oidc_sim.tui.moved_keys import KeysError, MovedKeys

    try:
        MovedKeys(keys)
    except KeysError as error:
        raise SettingsError(str(error)) from None


def _keys(_settings: Settings, _words: Mapping[str, Any]) -> int:
    from oidc_sim.tui.moved_keys import keys_toml

    print("\n".join(keys_toml()))  # noqa: T201
    return outcome.OK


def _prepare_textual() -> None:
    """Set what Textual reads from the environment when it is imported, unless the user did."""
    os.environ.setdefault("TEXTUAL_FPS", "120")  # a key is painted after 8 ms and not 17
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # empty means unset (no-color.org); Textual would obey it


def _serve(settings: Settings, _words: Mapping[str, Any]) -> int:
    from oidc_sim.cli.runtime import run_headless

    return run_headless(settings, os.environ)


def _no_server(settings: Settings) -> str:
    is_named = "port" in settings.model_fields_set and settings.port
    where = f" on port {settings.port}" if is_named else ""
    silent = find_silent(_runtime_directory(settings), settings.port if is_named else None)
    if silent is None:
        return f"no running server found{where}; {_START_ONE}"
    if silent.process.lives:
        return f"no running server found{where}: {silent.url} {_SILENT}"
    gone = f"that of {silent.url} (process {silent.pid}) was killed"
    return f"no running server found{where}: {gone}; {_START_ONE}"


def _env(settings: Settings, _words: Mapping[str, Any]) -> int:
    running = _running(settings)
    if running is None:
        return _give_up(_no_server(settings))
    for name in ("SSO_OIDC", "SSO", "STS"):
        print(f"export AWS_ENDPOINT_URL_{name}={shlex.quote(running.url)}")  # noqa: T201
    return outcome.OK


def _ctl(settings: Settings, words: Mapping[str, Any]) -> int:
    from oidc_sim.actions.typed_lines import read
    from oidc_sim.actions.typed_settings import WordsError
    from oidc_sim.cli.ctl import run_action

    condition = [f"filter={words['filter']}"] if words["filter"] else []
    try:
        wish = read([words["action"], *words["words"], *condition])
    except WordsError as error:
        return _give_up(str(error))
    running = _running(settings)
    return _give_up(_no_server(settings)) if running is None else run_action(running, wish)


def _exec(settings: Settings, words: Mapping[str, Any]) -> int:
    from oidc_sim.cli.exec import Exec

    work = Exec(
        words["command"],
        os.environ,
        keeps_home=bool(words["keep_home"]),
        lets_through=bool(words["let_through"]),
    )
    if not words["typed"] - set(WHERE):  # no setting that only a new server could have
        running = _running(settings)
        if running is not None:
            return work.at(running, settings)
        if "port" in words["typed"]:
            return _give_up(_no_server(settings))
    from oidc_sim.cli.runtime import run_front

    port = settings.port if "port" in words["typed"] else 0
    own = settings.model_copy(update={"port": port, "ephemeral": True})
    return run_front(own, os.environ, work.front)


def _help(_settings: Settings, words: Mapping[str, Any]) -> int:
    from oidc_sim.cli.topics import show_help

    return show_help(words["topic"])


_COMMANDS = {
    None: _screen,
    "serve": _serve,
    "env": _env,
    "ctl": _ctl,
    "exec": _exec,
    "keys": _keys,
    "help": _help,
}


def _running(settings: Settings) -> Running | None:
    """Find the server that the settings name; port 0 means any."""
    port = settings.port if "port" in settings.model_fields_set else 0
    return find_running(_runtime_directory(settings), port or None)


def _runtime_directory(settings: Settings) -> Path:
    try:
        return runtime_directory(os.environ, settings.state_dir)
    except RuntimeError as error:  # no HOME, and no entry in the password file
        raise SettingsError(f"{error} Set HOME, XDG_RUNTIME_DIR or --state-dir.") from None
