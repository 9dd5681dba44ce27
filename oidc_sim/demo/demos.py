"""Starts demo clients, never too many, and ends them."""

import asyncio
from collections.abc import Awaitable, Callable

from oidc_sim.demo.performance import PERFORMANCES, Performance

MOST = 5
"""At once."""


class Demos:
    """Runs the demo clients of one server."""

    def __init__(
        self,
        url: str,
        tell: Callable[[str], object],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self.tell = tell
        """Takes a sentence about a client that failed; a front puts a better place for it here."""
        self._sleep = sleep
        self._running: set[asyncio.Future[None]] = set()

    @property
    def running(self) -> int:
        """Number of clients that run."""
        return len(self._running)

    @property
    def is_full(self) -> bool:
        """Whether one more would be too many."""
        return self.running >= MOST

    def start(self, name: str) -> Performance | None:
        """Start one by its name in ``PERFORMANCES``; None when so many run already."""
        if self.is_full:
            return None
        performance = PERFORMANCES[name]
        task = asyncio.ensure_future(self._perform(performance))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return performance

    def stop(self) -> int:
        """End all of them as if their programs were killed; gives their number."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        self._running.clear()
        return len(running)

    async def close(self) -> None:
        """End all of them, and be sure that they have."""
        running = tuple(self._running)
        self.stop()
        await asyncio.gather(*running, return_exceptions=True)

    async def _perform(self, performance: Performance) -> None:
        from oidc_sim.demo.clients import perform  # when one runs: starting does without it

        if (trouble := await perform(performance, self._url, self._sleep)) is not None:
            self.tell(trouble)
