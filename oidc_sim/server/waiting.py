"""Requests that are held until somebody decides about a browser sign-in.

They look ten times a second, as the screen and the event stream do: nothing is posted to anybody when
a device changes, and a look costs microseconds. So there is nobody to forget to wake.
"""

import asyncio
import math

from oidc_sim.engine.commands import FinishBrowserSignIn
from oidc_sim.engine.replies import Refused, SendBack, StillWaiting
from oidc_sim.simulator import Simulator

LOOK_EVERY_S = 0.1
MOST = 100
"""Held at once; there are 512 connections for everybody (threats.md T-33)."""

Outcome = SendBack | StillWaiting | Refused
"""What the engine says to a browser that asks where to go."""


class WaitingRoom:
    """Holds requests, and never too many."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
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
            while isinstance(outcome := self.look(user_code), StillWaiting):
                if loop.time() >= until:
                    break
                await asyncio.sleep(LOOK_EVERY_S)
            return outcome
        finally:
            self._held -= 1
