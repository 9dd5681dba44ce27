"""Keeps held requests, each in its own coroutine, until a decision about them.

A decision is posted to nobody: while anything is held, a look twenty times a second finds the requests
that are decided or overdue. Many are released a few at a time, so that ten thousand leave the loop its
turns; a look goes through all held requests only when one's time is over.
"""

import asyncio
from collections.abc import Iterator
from itertools import islice

from oidc_sim.engine.arrival import HeldDecision
from oidc_sim.engine.commands import DecideHeld, ReleaseAll
from oidc_sim.engine.held import BY_ITSELF, OVERDUE_AT_ONCE
from oidc_sim.simulator.simulator import Simulator

LOOK_EVERY_S = 0.05
AT_ONCE = 10
"""Requests released together; answering them takes about 2 ms."""
_LOOK_AGAIN_S = 1.0
"""Until all are looked at again: by then a countdown may go on that stood still, and nothing that
is held meanwhile is over sooner."""
QUIT_S = 1.0
"""For all of them when the server stops (T-50: 2 s for everything)."""


class HoldingRoom:
    """Parks coroutines by their requests' numbers."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._parked: dict[int, asyncio.Future[HeldDecision]] = {}
        self._timer: asyncio.Handle | None = None
        self._none_overdue_until = 0.0
        """On the simulator's ticks."""

    @property
    def is_looking(self) -> bool:
        """True while a next look is planned, so as long as anything is held."""
        return self._timer is not None

    async def decision(self, number: int) -> HeldDecision:
        """Wait for the decision about a request; a caller whose client leaves is cancelled."""
        loop = asyncio.get_running_loop()
        self._parked[number] = loop.create_future()
        if self._timer is None:
            self._timer = loop.call_later(LOOK_EVERY_S, self._look)
        try:
            return await self._parked[number]
        finally:
            del self._parked[number]

    async def let_all_go(self) -> None:
        """Release every held request, quickly: the server stops."""
        if self._parked:
            self._simulator.dispatch(ReleaseAll())
        loop = asyncio.get_running_loop()
        until = loop.time() + QUIT_S
        while self._parked and loop.time() < until:
            self._let_go()
            await asyncio.sleep(0)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._decide_overdue()
        self._go_on()

    def _go_on(self) -> None:
        """Release some; come back at once for more of them, or later for those that are decided then."""
        loop = asyncio.get_running_loop()
        self._timer = None
        if self._let_go() == AT_ONCE:
            self._timer = loop.call_soon(self._go_on)
        elif self._parked:
            self._timer = loop.call_later(LOOK_EVERY_S, self._look)

    def _decide_overdue(self) -> None:
        tick = self._simulator.now().tick
        if tick < self._none_overdue_until:
            return
        overdue, ends_tick = self._overdue(tick)
        for number in overdue[:OVERDUE_AT_ONCE]:
            self._simulator.dispatch(
                DecideHeld(number=number, decision=HeldDecision(how=BY_ITSELF))
            )
        self._none_overdue_until = tick if len(overdue) > OVERDUE_AT_ONCE else ends_tick

    def _overdue(self, tick: float) -> tuple[list[int], float]:
        """Find the overdue, and the tick before which no other is. A plain loop: ten thousand take 1 ms."""
        overdue: list[int] = []
        until = tick + _LOOK_AGAIN_S
        for number, held in self._simulator.state.held.items():
            if held.decision is not None or held.paused_tick is not None:
                continue
            if held.ends_tick <= tick:
                overdue.append(number)
            elif held.ends_tick < until:
                until = held.ends_tick
        return overdue, until

    def _let_go(self) -> int:
        """Wake the first few that are decided; returns how many."""
        due = list(islice(self._due(), AT_ONCE))
        for future, decision in due:
            future.set_result(decision)
        return len(due)

    def _due(self) -> Iterator[tuple[asyncio.Future[HeldDecision], HeldDecision]]:
        state = self._simulator.state
        for number in state.decided:
            decision, future = state.held[number].decision, self._parked.get(number)
            if decision is not None and future is not None and not future.done():
                yield future, decision
