"""Starts and stops server and screen in the right order, and turns signals into an orderly end.

What an earlier process left is read before the server answers, and the server answers before anything
heavy is imported; whatever ends the process, the ready files go, the connections close, the journal is
on the disk and the terminal is as it was. From the ready file on, a signal ends the
process with 128 plus its number.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from oidc_sim import exit_codes
from oidc_sim.desk import Desk
from oidc_sim.engine.commands import Sweep
from oidc_sim.ids import RandomIds
from oidc_sim.persistence import Kept, open_kept
from oidc_sim.private_file import write_private_file
from oidc_sim.running import Running, announce, runtime_directory
from oidc_sim.server.assembly import Server, assemble
from oidc_sim.server.limits import raise_open_files
from oidc_sim.server.sockets import Bound, ListenError, bind
from oidc_sim.settings import Settings, SettingsError
from oidc_sim.simulator import Simulator

SWEEP_EVERY_S = 1.0
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


Front = Callable[[Desk], Awaitable[int]]
"""Shows the desk until it ends; returns the exit code."""


def run_headless(settings: Settings, environment: Mapping[str, str]) -> int:
    """Serve without a screen until a signal; returns the exit code."""
    from oidc_sim.headless import run

    return _run(settings, environment, run)


def run_screen(settings: Settings, environment: Mapping[str, str]) -> int:
    """Serve with the screen until it is left or a signal comes; returns the exit code."""

    async def front(desk: Desk) -> int:
        from oidc_sim.tui import run  # after the server answers: Textual takes a while to import

        return await run(desk)

    return _run(settings, environment, front)


def _run(settings: Settings, environment: Mapping[str, str], front: Front) -> int:
    try:
        bound = _bind(settings)
        kept = open_kept(settings, environment)
    except (ListenError, SettingsError) as error:
        return _complain(error)
    raise_open_files()
    return asyncio.run(_main(settings, environment, front, bound, kept))


def _complain(error: Exception | str) -> int:
    print(f"oidc-sim: {error}", file=sys.stderr)  # noqa: T201
    return exit_codes.CANNOT_START


def _bind(settings: Settings) -> Bound:
    bound = bind(settings.host, settings.port, is_exposure_accepted=settings.i_know)
    if bound.is_exposed and settings.seed is not None:
        bound.close()
        raise SettingsError("--seed makes tokens that others can guess: use it on loopback only")
    return bound


async def _main(
    settings: Settings, environment: Mapping[str, str], front: Front, bound: Bound, kept: Kept
) -> int:
    ids = _ids(settings, kept)
    desk = Desk(
        simulator=Simulator(settings.policy(), ids, sink=kept.sink, directory=settings.directory()),
        settings=settings,
        url=bound.url,
        ending=asyncio.get_running_loop().create_future(),
        notes=list(bound.notes),
        journal=kept.view,
    )
    try:
        kept.restore(desk.simulator, desk.simulator.now())
        desk.notes += kept.notes
        async with _answering(desk, ids, bound, kept) as server:
            with _announced(desk, server, bound, environment):
                gc.freeze()
                code = await front(desk)
    except SettingsError as error:
        code = _complain(error)
    finally:
        await kept.close()
    return _last_words(desk, kept, code)


@asynccontextmanager
async def _answering(desk: Desk, ids: RandomIds, bound: Bound, kept: Kept) -> AsyncIterator[Server]:
    """Serve and keep for as long as this lasts."""
    server = assemble(
        desk.settings, desk.simulator, ids, bound, lambda error: _note(desk, error), desk.journal
    )
    await server.listener.open(bound.sockets)
    _end_on_signals(desk)
    kept.start(desk.simulator, desk.notes.append)
    upkeep = asyncio.ensure_future(_sweep(desk.simulator))
    try:
        yield server
    finally:
        upkeep.cancel()
        await server.listener.stop()


def _last_words(desk: Desk, kept: Kept, code: int) -> int:
    """Print what no front can show any more; returns the exit code."""
    for note in desk.notes:
        print(f"oidc-sim: {note}", file=sys.stderr)  # noqa: T201
    if code == exit_codes.OK and kept.is_incomplete:
        return exit_codes.INCOMPLETE
    return code


def _ids(settings: Settings, kept: Kept) -> RandomIds:
    """Ids whose signing key is the state directory's; without one, a new key or the seed's."""
    key = kept.signing_key if kept.folder else None
    if settings.seed is None:
        return RandomIds.from_secrets(settings.region, key)
    return RandomIds.seeded(settings.seed, settings.region, key)


def _note(desk: Desk, error: BaseException) -> None:
    desk.notes.append(f"answered a request with 500, our fault: {error!r}")


def _end_on_signals(desk: Desk) -> None:
    """From here on a signal resolves ``ending`` instead of killing the process (threats.md T-50)."""
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        if not desk.ending.done():
            desk.ending.set_result(exit_codes.SIGNALLED + number)

    for number in ENDING_SIGNALS:
        loop.add_signal_handler(number, end, number)


async def _sweep(simulator: Simulator) -> None:
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        simulator.dispatch(Sweep())


@contextmanager
def _announced(
    desk: Desk, server: Server, bound: Bound, environment: Mapping[str, str]
) -> Iterator[None]:
    """Keep the ready files for as long as the server answers.

    Raises:
        SettingsError: ``--ready-file`` cannot be written.
    """
    settings = desk.settings
    running = Running(url=desk.url, control_token=server.control_token, pid=os.getpid())
    files: list[Path] = []
    try:
        try:
            directory = runtime_directory(environment, settings.state_dir)
            files.append(announce(running, directory, bound.port))
        except (OSError, RuntimeError) as error:
            desk.notes.append(f"ctl and env cannot find this server: {error}")
        if settings.ready_file is not None:
            files.append(_write_ready_file(settings.ready_file, running))
        yield
    finally:
        for file in files:
            with suppress(OSError):
                file.unlink()


def _write_ready_file(path: Path, running: Running) -> Path:
    try:
        write_private_file(path, running.to_json())
    except OSError as error:
        raise SettingsError(f"--ready-file: cannot write {path}: {error.strerror}") from None
    return path
