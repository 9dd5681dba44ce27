"""Runs one server for as long as a block lasts, for the program and ``oidc_sim.testing``.

The caller owns the process: signals, limits of the system, journal and announcement are its own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.commands import Sweep
from oidc_sim.record.debug_log import current, watch_the_loop
from oidc_sim.record.real_secrets import RealSecrets
from oidc_sim.server.assembly import Server, assemble
from oidc_sim.server.http.limits import DEFAULT, Limits
from oidc_sim.server.http.sockets import Bound, bind
from oidc_sim.settings.model import Settings, SettingsError
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.wire.credentials import is_issued_here

SWEEP_EVERY_S = 1.0
FAULT = "answered a request with 500"
UPKEEP_FAULT = "upkeep failed"

OnFailure = Callable[[str, BaseException], object]
"""Called with our reaction to a failure of ours, in words, and the failure."""


def bind_as_set(settings: Settings) -> Bound:
    """Listen where the settings say.

    Raises:
        ListenError: That is not possible.
        SettingsError: Others could reach a server whose tokens they can guess.
    """
    bound = bind(settings.host, settings.port, is_exposure_accepted=settings.i_know)
    if bound.is_exposed and settings.seed is not None:
        bound.close()
        raise SettingsError("--seed makes tokens that others can guess: use it on loopback only")
    return bound


def ids_as_set(settings: Settings, signing_key: bytes | None = None) -> RandomIds:
    """Make the source of ids; without a key of the state directory it has a new one, or the seed's."""
    if settings.seed is None:
        return RandomIds.from_secrets(settings.region, signing_key)
    return RandomIds.seeded(settings.seed, settings.region, signing_key)


@asynccontextmanager
async def serving(
    running_server: RunningServer,
    ids: RandomIds,
    bound: Bound,
    on_failure: OnFailure,
    limits: Limits = DEFAULT,
    *,
    sweeps: bool = True,
) -> AsyncIterator[Server]:
    """Answer requests for as long as the block lasts; the running server gets the notes for a person.

    With ``sweeps`` it dispatches ``Sweep`` once a second; else the caller does.
    """
    server = assemble(
        running_server.settings,
        running_server.simulator,
        ids,
        bound,
        partial(on_failure, FAULT),
        running_server.journal,
        running_server.demos,
        limits,
        running_server.notes.append,
        running_server.seldom.note,
    )
    running_server.preview_answer = server.preview_answer
    await server.listener.open(bound.sockets)
    upkeep = [asyncio.ensure_future(_sweep(running_server, ids, on_failure))] if sweeps else []
    if current():
        upkeep.append(asyncio.ensure_future(watch_the_loop()))
    try:
        yield server
    finally:
        for task in upkeep:
            task.cancel()
        await running_server.demos.close()
        await server.stop()


async def _sweep(running_server: RunningServer, ids: RandomIds, on_failure: OnFailure) -> None:
    is_issued = partial(is_issued_here, ids.signing_key)
    real_secrets = RealSecrets(running_server.simulator.log.exchanges, is_issued)
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        try:
            running_server.simulator.dispatch(Sweep())
            if (note := real_secrets.look()) is not None:
                running_server.notes.append(note)
        except Exception as error:  # noqa: BLE001 - upkeep goes on, whatever one code does to it
            on_failure(UPKEEP_FAULT, error)
