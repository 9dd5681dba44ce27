"""Requests that are held until somebody decides about a browser sign-in, and whether anybody is there.

They look ten times a second, as the screen and the event stream do: nothing is posted to anybody when
a device changes, and a look costs microseconds. So there is nobody to forget to wake.

A browser on the page has a request here nearly all the time, so its absence is known: at once when the
one that is held hangs up, and soon when the one that should come does not. The engine is told of changes
alone.
"""

import asyncio
import math
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from oidc_sim.engine.commands import FinishBrowserSignIn, NoteBrowser
from oidc_sim.engine.replies import Refused, SendBack, StillWaiting
from oidc_sim.simulator.simulator import Simulator

LOOK_EVERY_S = 0.1
MOST = 100
"""Held at once; there are 512 connections for everybody (T-33)."""

EXPECTED_S = 15.0
"""A page asks again two seconds after it was shown; a browser that has not by then, has left."""
LOOKS_FOR_MISSING_EVERY_S = 1.0
MOST_EXPECTED = 10_000
"""Remembered; of more, the first counts as missing."""

Outcome = SendBack | StillWaiting | Refused
"""What the engine says to a browser that asks where to go."""


class Presence:
    """Which sign-ins have a browser on their page, or a program that waits in its place."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._held: Counter[str] = Counter()
        self._shown: OrderedDict[str, float] = OrderedDict()
        """User codes of pages that were shown, to the tick of that; the oldest first."""
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    def close(self) -> None:
        """Tell nothing any more: the server stops, and it is not they who leave."""
        self._is_closed = True
        self._shown.clear()

    def expect(self, user_code: str) -> None:
        """A browser came for this sign-in, and is told to come again soon."""
        if self._is_closed:
            return
        self._tell(user_code, is_there=True)
        self._shown[user_code] = self._simulator.now().tick
        self._shown.move_to_end(user_code)
        if len(self._shown) > MOST_EXPECTED:
            self._miss(next(iter(self._shown)))
        self._arm()

    @contextmanager
    def held(self, user_code: str) -> Iterator[None]:
        """Its request is held for the time of the block; who is cancelled meanwhile has hung up."""
        self._shown.pop(user_code, None)
        self._held[user_code] += 1
        self._tell(user_code, is_there=True)
        try:
            yield
        except asyncio.CancelledError:
            self._let_go(user_code)
            if not self._held[user_code] and user_code not in self._shown:
                self._tell(user_code, is_there=False)
            raise
        self._let_go(user_code)
        self.expect(user_code)

    def look(self) -> None:
        """Tell of those that should have come again by now."""
        due = self._simulator.now().tick - EXPECTED_S
        while self._shown and self._shown[next(iter(self._shown))] <= due:
            self._miss(next(iter(self._shown)))

    def _let_go(self, user_code: str) -> None:
        self._held[user_code] -= 1
        self._held += Counter()  # keeps what is more than nothing

    def _miss(self, user_code: str) -> None:
        ago_s = self._simulator.now().tick - self._shown.pop(user_code)
        if not self._held[user_code]:
            self._tell(user_code, is_there=False, ago_s=ago_s)

    def _tell(self, user_code: str, *, is_there: bool, ago_s: float = 0.0) -> None:
        if not self._is_closed:
            note = NoteBrowser(user_code=user_code, is_there=is_there, ago_s=ago_s)
            self._simulator.dispatch(note)

    def _arm(self) -> None:
        if self._timer is None and self._shown:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(LOOKS_FOR_MISSING_EVERY_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self.look()
        finally:  # whatever went wrong with one, the others are looked for again
            self._arm()


class WaitingRoom:
    """Holds requests, and never too many."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.presence = Presence(simulator)
        self._held = 0

    @property
    def is_full(self) -> bool:
        """Whether one more could not be held."""
        return self._held >= MOST

    def look(self, user_code: str) -> Outcome:
        """Where this sign-in's browser goes now."""
        reply = self._simulator.dispatch(FinishBrowserSignIn(user_code))
        assert isinstance(reply, SendBack | StillWaiting | Refused)  # noqa: S101 - the engine's three
        return reply

    async def wait(self, user_code: str, at_most_s: float = math.inf) -> Outcome:
        """Where it goes as soon as that is decided; ``StillWaiting`` when the time, real time, is up.

        A caller whose client leaves is cancelled, and then nothing is looked at any more.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (0 if self.is_full else at_most_s)
        self._held += 1
        try:
            with self.presence.held(user_code):
                while isinstance(outcome := self.look(user_code), StillWaiting):
                    if loop.time() >= until:
                        break
                    await asyncio.sleep(LOOK_EVERY_S)
            return outcome
        finally:
            self._held -= 1
