"""What a front, the screen or headless mode, works with; made by ``runtime``."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from oidc_sim.demo.demos import Demos
from oidc_sim.settings import Settings
from oidc_sim.simulator import Simulator


async def _nobody_knows(_number: int) -> bytes | None:
    return None


@dataclass(slots=True)
class Desk:
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
    foretell: Callable[[int], Awaitable[bytes | None]] = _nobody_knows
    """All bytes that a held request would be answered with now, by its number; None if nobody can say."""
    demos: Demos = field(init=False)
    """Clients of our own at this server; what fails there becomes a note."""

    def __post_init__(self) -> None:
        self.demos = Demos(self.url, self.notes.append)
