"""Work in a thread that nobody has to wait for: between two pieces it can be abandoned.

``asyncio.to_thread`` cannot be: a program that ends waits for it, and writing evidence of a full log
takes longer than a signal may (T-50).
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

GIVEN_UP_S = 0.5
"""How long an end waits for work to leave nothing half done behind."""
MOST_AT_ONCE = 2
"""Pieces of long work that one asker may have under way: each keeps a copy of what it is about."""


class AbandonedError(Exception):
    """Nobody wants the outcome any more."""


class Aside:
    """One piece of work, in its own thread."""

    def __init__(self, work: Callable[[Callable[[], None]], object], name: str = "aside") -> None:
        """Begin; the work's argument is to be called now and then, and raises when it is abandoned."""
        self._is_over = threading.Event()
        self._work = work
        self._thread = threading.Thread(target=self._do, name=name, daemon=True)
        self._thread.start()

    @property
    def is_at_work(self) -> bool:
        """True until it has ended."""
        return self._thread.is_alive()

    def abandon(self, patience_s: float = 0.0) -> None:
        """Let the work end at its next step; wait for that as long as this at most."""
        self._is_over.set()
        self._thread.join(patience_s)

    def _do(self) -> None:
        with suppress(AbandonedError):
            self._work(self._go_on)

    def _go_on(self) -> None:
        if self._is_over.is_set():
            raise AbandonedError


def abandon_all(works: Sequence[Aside], patience_s: float) -> None:
    """Let all of them end at their next step; wait for that as long as this at most, in all."""
    for work in works:
        work.abandon()
    until = time.monotonic() + patience_s
    for work in works:
        work.abandon(max(0.0, until - time.monotonic()))


async def aside(work: Callable[[Callable[[], None]], T], patience_s: float = 0.0) -> T:
    """Give the outcome of work that a thread does; wait ``patience_s`` for its end when this is cancelled."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def give(result: T | None, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type]

    def do(go_on: Callable[[], None]) -> None:
        result, failure = None, None
        try:
            result = work(go_on)
        except AbandonedError:
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            failure = error
        with suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(give, result, failure)

    thread = Aside(do)
    try:
        return await outcome
    except asyncio.CancelledError:
        thread.abandon(patience_s)
        raise
