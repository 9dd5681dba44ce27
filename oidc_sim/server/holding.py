"""Where held requests wait, each in its own coroutine, until it is decided what becomes of them.

Nobody is told of a decision: while anything is held, a look twenty times a second finds what is
decided and what nobody decided about in time. Many are let go a few at a time, so that releasing ten
thousand leaves the loop its turns.
"""

import asyncio
from collections.abc import Iterator
from itertools import islice

from oidc_sim.engine.arrival import Decision
from oidc_sim.engine.commands import DecideHeld, ReleaseAll
from oidc_sim.engine.held import BY_ITSELF, RELEASE
from oidc_sim.simulator import Simulator

LOOK_EVERY_S = 0.05
AT_ONCE = 10
"""Let go together; answering them takes about 2 ms."""
QUIT_S = 1.0
"""How long all may take when the server stops (threats.md T-50: 2 s for everything)."""


class HoldingRoom:
    """Parks coroutines by their requests' numbers."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._parked: dict[int, asyncio.Future[Decision]] = {}
        self._timer: asyncio.Handle | None = None

    @property
    def is_looking(self) -> bool:
        """Whether a next look is planned; not so while nothing is held."""
        return self._timer is not None

    async def decision(self, number: int) -> Decision:
        """What becomes of this request, as soon as that is decided.

        A caller whose client leaves is cancelled, and is not looked for any more.
        """
        loop = asyncio.get_running_loop()
        self._parked[number] = loop.create_future()
        if self._timer is None:
            self._timer = loop.call_later(LOOK_EVERY_S, self._look)
        try:
            return await self._parked[number]
        finally:
            del self._parked[number]

    async def let_all_go(self) -> None:
        """Release everything, quickly: the server stops."""
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
        """Let some go; come back at once for more of them, or later for what is decided then."""
        loop = asyncio.get_running_loop()
        self._timer = None
        if self._let_go() == AT_ONCE:
            self._timer = loop.call_soon(self._go_on)
        elif self._parked:
            self._timer = loop.call_later(LOOK_EVERY_S, self._look)

    def _decide_overdue(self) -> None:
        tick = self._simulator.now().tick
        overdue = [
            held.number
            for held in self._simulator.state.held.values()
            if held.decision is None and held.left_s(tick) <= 0
        ]
        for number in overdue:
            self._simulator.dispatch(DecideHeld(number=number, decision=Decision(how=BY_ITSELF)))

    def _let_go(self) -> int:
        """Wake the first few that are decided; returns how many."""
        due = list(islice(self._due(), AT_ONCE))
        for future, decision in due:
            future.set_result(decision)
        return len(due)

    def _due(self) -> Iterator[tuple[asyncio.Future[Decision], Decision]]:
        known = self._simulator.state.held
        for number, future in self._parked.items():
            held = known.get(number)
            decision = held.decision if held else Decision(how=RELEASE)
            if decision is not None and not future.done():
                yield future, decision
