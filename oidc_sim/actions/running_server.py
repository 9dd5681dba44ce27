"""What a front, the screen or headless mode, works with; made by ``runtime``."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from oidc_sim.demo.demos import Demos
from oidc_sim.settings.model import Settings
from oidc_sim.simulator.simulator import Simulator

SELDOM_S = 60.0
SENTENCES_KEPT = 100


async def _nobody_knows(_number: int) -> bytes | None:
    return None


class Seldom:
    """Passes each sentence on once a minute, then with how often it was kept back meanwhile.

    A flood of failures that are all alike is one line, not a hundred a second (T-33).
    """

    def __init__(
        self, note: Callable[[str], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._note = note
        self._clock = clock
        self._kept_back: dict[str, tuple[float, int]] = {}
        """When each was passed on, and how often it was said since; oldest first."""

    @property
    def kept_back(self) -> int:
        """The number of sentences that are still to be accounted for."""
        return sum(times for _, times in self._kept_back.values())

    def note(self, sentence: str) -> None:
        """Say it, if it was not said in the last minute."""
        now = self._clock()
        since, times = self._kept_back.pop(sentence, (now - SELDOM_S, 0))
        if now - since < SELDOM_S:
            self._kept_back[sentence] = (since, times + 1)
            return
        self._kept_back[sentence] = (now, 0)
        if len(self._kept_back) > SENTENCES_KEPT:
            del self._kept_back[next(iter(self._kept_back))]
        self._note(
            f"{sentence} ({times:,} times more since it was last said)" if times else sentence
        )


@dataclass(slots=True)
class RunningServer:
    """One running simulator and how it ends."""

    simulator: Simulator
    settings: Settings
    url: str
    """Base URL, without a slash at its end."""
    ending: "asyncio.Future[int]"
    """Resolved with the exit code when a signal came: end then."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the person who started it; the front shows them as they come and clears them."""
    journal: Callable[[], dict[str, Any] | None] = lambda: None
    """Path, rows and why it stopped, as the control API shows them; None when nothing is kept."""
    preview_answer: Callable[[int], Awaitable[bytes | None]] = _nobody_knows
    """All bytes that a held request would be answered with now, by its number; None if nobody can say."""
    demos: Demos = field(init=False)
    """Clients of our own at this server; what fails there becomes a note."""

    seldom: "Seldom" = field(init=False)
    """Takes notes of what may go on and on."""

    def __post_init__(self) -> None:
        self.seldom = Seldom(self.notes.append)
        self.demos = Demos(self.url, self.notes.append)
