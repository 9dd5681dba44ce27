"""Waits for what must come, and fails loudly if it does not. Nothing waits for time to pass."""

import asyncio
import time
from collections.abc import Callable

PATIENCE_S = 20.0
"""Long, because a busy machine may take long; what a test waits for usually is there at once."""
LOOK_EVERY_S = 0.005


def wait_until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Block until the condition holds."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{condition} did not come to hold in {patience_s} s")
        time.sleep(LOOK_EVERY_S)


async def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Let the loop run until the condition holds."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{condition} did not come to hold in {patience_s} s")
        await asyncio.sleep(LOOK_EVERY_S)
