"""The real server inside a test or a script: on a free port, in a thread of its own or in the running loop.

with run_server(interval=2) as server:
    client = boto3.client("sso-oidc", region_name="us-east-1", endpoint_url=server.url)
    ...
    server.dispatch(Approve(user_code))
    assert user_code in server.state.devices

``async with`` does the same in the running loop. The server answers when the block begins. It keeps
nothing, reads no environment and catches no signal. What fails inside it fails the block at its end.
"""

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, closing
from functools import partial
from threading import Thread
from typing import Any, TypeVar

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.commands import Command, Sweep
from oidc_sim.engine.events import Event
from oidc_sim.engine.model import State
from oidc_sim.record.exchange import Exchange
from oidc_sim.server.assembly import Server
from oidc_sim.server.serving import bind_as_set, ids_as_set, serving
from oidc_sim.settings.model import Settings, SettingsError, from_keywords
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.testing.clock import HandClock
from oidc_sim.text.redact import redact_text

PATIENCE_S = 5.0
"""For a start, a stop, and an answer of the server's thread: afterwards a sentence instead of a wait."""
_SHOWN_CHARACTERS = 300

T = TypeVar("T")


class ServerRunError(Exception):
    """The server did not start, did not stop, or is not there any more; the text is one sentence."""


class ServerFailedError(Exception):
    """Something failed inside the server, which is our fault; the first failure is the cause."""


class ServerHandle:
    """A server at work; everything but ``simulator`` and ``server`` may be used from any thread.

    Attributes:
        settings: What it was started with.
        url: Where it answers, without a slash at its end.
        port: The port of that.
        control_token: Opens the control API.
        clock: Moved by hand; see ``wait``.
        notes: Sentences that it would show to a person.
        faults: What failed inside so far.
        simulator: What answers; for the server's own loop, elsewhere through ``read``.
        server: Its parts; for the server's own loop.
    """

    def __init__(
        self,
        running_server: RunningServer,
        server: Server,
        port: int,
        clock: HandClock,
        faults: list[BaseException],
    ) -> None:
        self.settings = running_server.settings
        self.url = running_server.url
        self.port = port
        self.control_token = server.control_token
        self.clock = clock
        self.notes = running_server.notes
        self.faults = faults
        self.simulator = running_server.simulator
        self.server = server
        self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()

    def read(self, look: Callable[[Simulator], T]) -> T:
        """Have something looked up in the server's own loop, where nothing changes meanwhile.

        Raises:
            ServerRunError: The server has ended, or its loop is busy for too long.
        """
        if self._loop is not None and _is_ours(self._loop):
            return look(self.simulator)
        found: Future[T] = Future()
        work = partial(_fulfil, found, partial(look, self.simulator))
        if self._loop is None or not _call(self._loop, work):
            raise ServerRunError("this oidc-sim has ended: its block is over")
        try:
            return found.result(PATIENCE_S)
        except TimeoutError:
            found.cancel()
            raise ServerRunError(_late("answer")) from None

    def dispatch(self, command: Command[T]) -> T:
        """Carry a command out as a key or a request does."""
        return self.read(lambda simulator: simulator.dispatch(command))

    def wait(self, seconds: float) -> None:
        """Let time pass at once, and what is over by then end."""
        self.clock.advance(seconds)
        self.dispatch(Sweep())

    @property
    def state(self) -> State:
        """A copy of what it knows now."""
        return self.read(lambda it: copied(it.state))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests with their answers, oldest first."""
        return self.read(lambda it: tuple(it.log.exchanges.since(0)))

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, oldest first."""
        return self.read(
            lambda it: tuple(
                entry.what
                for entry in it.log.entries.since(0)
                if not isinstance(entry.what, Exchange)
            )
        )

    def end(self) -> None:
        """Answer no further questions: the block is over."""
        self._loop = None

    def complaint(self) -> str | None:
        """What failed inside, in one sentence; None for nothing."""
        if not self.faults:
            return None
        first = redact_text(repr(self.faults[0]))[:_SHOWN_CHARACTERS]
        more = f", and {len(self.faults) - 1} more" if len(self.faults) > 1 else ""
        return f"oidc-sim failed inside, which is its own fault: {first}{more}"


class ServerRun:
    """Starts a server when its block begins and stops it when it ends: ``with`` or ``async with``."""

    def __init__(self, settings: Settings, clock: HandClock) -> None:
        self._settings = settings
        self._clock = clock
        self._stack = AsyncExitStack()
        self._stop: Callable[[], object] = lambda: None
        self._ended: Future[None] = Future()
        """Of the thread, where there is one."""

    async def __aenter__(self) -> ServerHandle:
        """Start in the running loop.

        Raises:
            ServerRunError: It does not answer within five seconds.
        """
        running = _running(self._settings, self._clock)
        async with _in_time("start"):
            return await self._stack.enter_async_context(running)

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: object
    ) -> None:
        """Stop, and raise what failed inside; as a note of the block's own error, if it has one."""
        try:
            async with _in_time("stop"):
                await self._stack.aclose()
        except (ServerRunError, ServerFailedError) as trouble:
            _raise_or_note(trouble, error)

    def __enter__(self) -> ServerHandle:
        """Start in a thread with a loop of its own.

        Raises:
            ServerRunError: It does not answer within five seconds.
        """
        started: Future[ServerHandle] = Future()
        Thread(target=self._live, args=[started], name="oidc-sim", daemon=True).start()
        try:
            return started.result(PATIENCE_S)
        except TimeoutError:
            started.cancel()
            raise ServerRunError(_late("start")) from None

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: object
    ) -> None:
        """Stop, and raise what failed inside; as a note of the block's own error, if it has one."""
        self._stop()
        try:
            self._ended.result(PATIENCE_S)
        except TimeoutError:
            _raise_or_note(ServerRunError(_late("stop")), error)
        except (ServerRunError, ServerFailedError) as trouble:
            _raise_or_note(trouble, error)

    def _live(self, started: "Future[ServerHandle]") -> None:
        """Be the thread."""
        try:
            asyncio.run(self._until_stopped(started))
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits
            (self._ended if started.done() else started).set_exception(error)
        else:
            self._ended.set_result(None)

    async def _until_stopped(self, started: "Future[ServerHandle]") -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        self._stop = partial(_call, loop, stop.set)
        async with self as server:
            loop.set_exception_handler(lambda _, said: server.faults.append(_failure(said)))
            if started.set_running_or_notify_cancel():
                started.set_result(server)
                await stop.wait()


def run_server(*, clock: HandClock | None = None, **settings: Any) -> ServerRun:
    """Make the real server for a block, which begins with ``with`` or ``async with``.

    Args:
        clock: What time it is; without one, real time, which can be moved on.
        settings: Each by the name that it has in the configuration file; ``port`` is 0 unless given.

    Raises:
        SettingsError: There is no such setting, or it has no such value.
    """
    chosen = from_keywords({"port": 0, "ephemeral": True, **settings})
    if chosen.keeps_state or chosen.state_dir or chosen.ready_file:
        raise SettingsError("run_server writes no file: leave out state_dir and ready_file")
    return ServerRun(chosen, clock or HandClock())


@asynccontextmanager
async def _running(settings: Settings, clock: HandClock) -> AsyncIterator[ServerHandle]:
    """Serve for as long as the block lasts.

    Raises:
        ServerFailedError: At the end: something failed inside.
    """
    loop, faults = asyncio.get_running_loop(), list[BaseException]()
    with closing(bind_as_set(settings)) as bound:
        ids = ids_as_set(settings)
        simulator = Simulator(
            settings.policy(),
            ids,
            clock.of_simulator(),
            directory=settings.directory(),
            auto_approves=settings.auto_approve,
        )
        running_server = RunningServer(
            simulator, settings, bound.url, loop.create_future(), notes=[*bound.notes]
        )
        sweeps = not clock.stands_still
        async with serving(
            running_server, ids, bound, lambda _, error: faults.append(error), sweeps=sweeps
        ) as server:
            running = ServerHandle(running_server, server, bound.port, clock, faults)
            try:
                yield running
            finally:
                running.end()
    if (trouble := running.complaint()) is not None:
        raise ServerFailedError(trouble) from faults[0]


@asynccontextmanager
async def _in_time(what: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except TimeoutError:
        raise ServerRunError(_late(what)) from None


def _late(what: str) -> str:
    return f"oidc-sim did not {what} within {PATIENCE_S:g} s"


def _raise_or_note(trouble: Exception, error: BaseException | None) -> None:
    """The block's own error comes first: it may be why."""
    if error is None:
        raise trouble
    error.add_note(str(trouble))


def _failure(said: dict[str, Any]) -> BaseException:
    """What asyncio has to say about a callback or a task that nobody waited for."""
    return said.get("exception") or RuntimeError(said.get("message"))


def _call(loop: asyncio.AbstractEventLoop, work: Callable[[], object]) -> bool:
    """Have a function called by a loop of another thread; False if it has ended."""
    try:
        loop.call_soon_threadsafe(work)
    except RuntimeError:
        return False
    return True


def _is_ours(loop: asyncio.AbstractEventLoop) -> bool:
    """Say whether this is called in that loop."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _fulfil(promise: "Future[T]", work: Callable[[], T]) -> None:
    """Do what is promised, unless nobody waits any more."""
    if promise.set_running_or_notify_cancel():
        try:
            promise.set_result(work())
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits
            promise.set_exception(error)


def copied(state: State) -> State:
    """A copy that nothing done to the state shows in; the directory, which cannot change, is shared."""
    return copy.deepcopy(state, {id(state.directory): state.directory})
