"""Starts and stops server and screen in the right order, and turns signals into an orderly end.

An earlier process's state is read before the server answers, and the server answers before anything
heavy is imported; whatever ends the process, the ready files go, the connections close, the journal is
on the disk and the terminal is as it was. From the ready file on, a signal ends the process with 128
plus its number.
"""

import asyncio
import errno
import gc
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.cli import outcome
from oidc_sim.cli.event_loop import MOST_SOCKETS_A_TURN, new_loop, on_ending_signals
from oidc_sim.cli.outcome import complain
from oidc_sim.cli.running import Process, Running, announced, ready_file
from oidc_sim.engine.events import Event
from oidc_sim.files.directories import runtime_directory
from oidc_sim.record.debug_log import FollowedLog, current, report_failure
from oidc_sim.server.assembly import Server
from oidc_sim.server.http.aiohttp_private import notes as unknown_aiohttp
from oidc_sim.server.http.limits import (
    DEFAULT,
    FEWEST_FILES,
    Limits,
    files_in_use,
    limits_for,
    raise_open_files,
)
from oidc_sim.server.http.listener import require_compiled_parser
from oidc_sim.server.http.sockets import Bound, ListenError, is_loopback, is_unspecified
from oidc_sim.server.serving import bind_as_set, ids_as_set, serving
from oidc_sim.settings.environment import unknown_variables
from oidc_sim.settings.model import Settings, SettingsError
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.persistence import Kept, open_kept
from oidc_sim.simulator.simulator import Simulator

GARBAGE_OBJECTS = 50_000
"""More objects made than freed before the collector looks; some 10 MB."""
ALWAYS_CAUGHT = (signal.SIGINT, signal.SIGTERM)
"""Even where a shell has them ignored, as in the background."""
_MORE_FILES = "'ulimit -n 4096' before it allows more"
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

Front = Callable[[RunningServer], Awaitable[int]]
"""Shows the running server until it ends; returns the exit code."""


def run_headless(settings: Settings, environment: Mapping[str, str]) -> int:
    """Serve without a screen until a signal; returns the exit code."""
    from oidc_sim.headless.run import run

    return run_front(settings, environment, run, partial(new_loop, MOST_SOCKETS_A_TURN))


def run_screen(settings: Settings, environment: Mapping[str, str]) -> int:
    """Serve with the screen until it is left or a signal comes; returns the exit code."""

    async def front(running_server: RunningServer) -> int:
        from oidc_sim.tui.start import run

        return await run(running_server)

    return run_front(settings, environment, front, new_loop)


def run_front(
    settings: Settings,
    environment: Mapping[str, str],
    front: Front,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> int:
    """Serve for as long as the front lasts; returns the exit code."""
    try:
        require_compiled_parser()
        limits = _limits()
        bound = bind_as_set(settings)
    except (RuntimeError, ListenError, SettingsError) as error:
        return _give_up(error)
    with closing(bound):
        try:
            kept = open_kept(settings, environment)
        except SettingsError as error:
            return _give_up(error)
        debugs = True if current() else None
        with asyncio.Runner(debug=debugs, loop_factory=loop_factory) as runner:
            return runner.run(_main(settings, environment, front, bound, kept, limits))


def _give_up(error: Exception) -> int:
    complain(str(error))
    return outcome.CANNOT_START


def _limits() -> Limits:
    """Return bounds that the system has room for; a ``SettingsError`` if nothing would work."""
    open_files = raise_open_files()
    if open_files is not None and open_files < FEWEST_FILES:
        raise SettingsError(f"only {open_files} files may be open, too few: {_MORE_FILES}")
    return limits_for(open_files, files_in_use())


def _few_files(limits: Limits) -> list[str]:
    """Return a note for the person whose system allows fewer files than usually are enough."""
    most = limits.max_connections
    if most >= DEFAULT.max_connections:
        return []
    held = f"of whose requests {limits.max_waiting} can be held"
    return [f"few files may be open: at most {most} clients are connected, {held}; {_MORE_FILES}"]


async def _main(
    settings: Settings,
    environment: Mapping[str, str],
    front: Front,
    bound: Bound,
    kept: Kept,
    limits: Limits,
) -> int:
    ids = ids_as_set(settings, kept.signing_key)
    running_server = RunningServer(
        simulator=_simulator(settings, ids, kept),
        settings=settings,
        url=bound.url,
        ending=asyncio.get_running_loop().create_future(),
        notes=[
            *bound.notes,
            *unknown_aiohttp(),
            *_few_files(limits),
            *_exposure(bound),
            *unknown_variables(environment),
        ],
        journal=kept.view,
    )
    if log := current():
        log.tell = running_server.notes.append
    try:
        kept.restore(running_server.simulator, running_server.simulator.now())
        running_server.notes += kept.notes
        with _loop_failures_noted(running_server):
            async with serving(
                running_server, ids, bound, partial(_note, running_server), limits
            ) as server:
                _end_on_signals(running_server)
                kept.start(running_server.simulator, running_server.notes.append)
                with ExitStack() as files:
                    _announce(files, running_server, server, bound, environment)
                    _collect_seldom()
                    code = await front(running_server)
    except SettingsError as error:
        code = _give_up(error)
    finally:
        await kept.close()
    return _last_words(running_server, kept, code)


def _simulator(settings: Settings, ids: RandomIds, kept: Kept) -> Simulator:
    """Make the simulator, whose requests are followed if there is a debug log."""
    of_settings = partial(
        Simulator,
        settings.policy(),
        ids,
        directory=settings.directory(),
        auto_approves=settings.auto_approve,
    )
    if current() is None:
        return of_settings(sink=kept.sink)
    log = FollowedLog()

    def sink(events: Sequence[Event]) -> None:
        log.follow(events)
        if kept.sink is not None:
            kept.sink(events)

    return of_settings(sink=sink, log=log)


def _last_words(running_server: RunningServer, kept: Kept, code: int) -> int:
    """Print the notes that no front can show any more; returns the exit code."""
    for note in running_server.notes:
        complain(note)
    if code == outcome.OK and kept.is_incomplete:
        return outcome.INCOMPLETE
    return code


def _collect_seldom() -> None:
    """Let the garbage collector look only when there may be garbage.

    Objects of polls have no cycles, yet under load they were looked through four times a second, 7 ms
    each. Imported objects stay, and are not looked through at all.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)


def _exposure(bound: Bound) -> list[str]:
    """Return a note for the person who listens where others can reach the server (T-51)."""
    exposed = [address for address in bound.addresses if not is_loopback(address)]
    if not exposed:
        return []
    note = f"other machines can reach {' and '.join(exposed)}; the control API is off for them"
    if not any(is_loopback(it) or is_unspecified(it) for it in bound.addresses):
        note += ", and for ctl and env on this one: listen on 0.0.0.0 to have it here"
    return [note]


def _note(running_server: RunningServer, what: str, error: object) -> None:
    running_server.seldom.note(report_failure(what, error))


@contextmanager
def _loop_failures_noted(running_server: RunningServer) -> Iterator[None]:
    """Note failures of asyncio and threads instead of letting them print tracebacks on the screen."""

    def note(_loop: asyncio.AbstractEventLoop, said: dict[str, Any]) -> None:
        error = said.get("exception")
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            running_server.seldom.note(f"clients have to wait: {error.strerror}")
        else:
            _note(running_server, "something failed", error or said.get("message"))

    loop, usual = asyncio.get_running_loop(), threading.excepthook

    def note_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_type is not SystemExit:
            with suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(
                    _note, running_server, "a thread failed", failed.exc_value
                )

    loop.set_exception_handler(note)
    threading.excepthook = note_thread
    try:
        yield
    finally:
        threading.excepthook = usual


def _end_on_signals(running_server: RunningServer) -> None:
    """Let signals resolve ``ending`` instead of killing the process (T-50)."""

    def end(number: int) -> None:
        if not running_server.ending.done():
            running_server.ending.set_result(outcome.SIGNALLED + number)

    on_ending_signals(end, ALWAYS_CAUGHT)


def _announce(
    files: ExitStack,
    running_server: RunningServer,
    server: Server,
    bound: Bound,
    environment: Mapping[str, str],
) -> None:
    """Write the files that say where the server answers, for as long as ``files`` is open.

    Raises:
        SettingsError: ``--ready-file`` cannot be written.
    """
    settings = running_server.settings
    running = Running(running_server.url, server.control_token, os.getpid())
    try:
        directory = runtime_directory(environment, settings.state_dir)
        sure = replace(running, began=Process.of(running.pid).began)
        files.enter_context(announced(sure, directory, bound.port))
    except (OSError, RuntimeError) as error:  # a read-only home, or none at all
        running_server.notes.append(f"ctl and env cannot find this server: {error}")
    if settings.ready_file is None:
        return
    try:
        files.enter_context(ready_file(running, settings.ready_file))
    except OSError as error:
        why = f"cannot write {settings.ready_file}: {error.strerror}"
        raise SettingsError(f"--ready-file: {why}") from None
