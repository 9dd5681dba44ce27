"""How long a key press takes to be seen while all connections poll."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

from tests.benchmarks.arithmetic import percentile
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.polls import Signing, requests
from tests.benchmarks.servers import BrokenError, Simulated, on_screen
from tests.benchmarks.turns import Turn, under_load

_SHOWN_BY = {"1": "┏━ 1 Clients", "2": "┏━ 2 Device codes"}
"""Keys that focus a panel, and the heavy border that says so."""
_LOAD_S = 2.0
_FIRST_KEY_AFTER_S = 0.5
_GAPS_S = (0.05, 0.071, 0.013, 0.097, 0.037)
"""Between keys: shorter than the screen's ten looks a second, and in step with nothing."""


def figures(effort: Effort) -> Iterator[Figure]:
    """Press ``1`` and ``2`` in turn, and wait each time for the border that moves."""
    waits_ms: list[float] = []
    with on_screen() as server, ThreadPoolExecutor(1) as pool:
        signing = Signing(server)
        polls = requests(signing.bodies, server)
        while len(waits_ms) < effort.keys:
            # The screen's threads, and whoever reads the terminal, need a processor too.
            load = pool.submit(under_load, server, polls, _LOAD_S, sleeps=True)
            time.sleep(_FIRST_KEY_AFTER_S)
            waits_ms += _press_during(load, server)
            signing.check(load.result().load.total)
    yield Figure(
        name="key_p95",
        what="key press to screen under load, p95",
        measured=percentile(waits_ms, 95),
        bound=Bound.AT_MOST,
        target=40,
        unit="ms",
        raw={
            "keys": len(waits_ms),
            "p50_ms": round(percentile(waits_ms, 50), 2),
            "worst_ms": round(max(waits_ms), 2),
        },
    )


def _press_during(load: "Future[Turn]", server: Simulated) -> Iterator[float]:
    while not load.done():
        for key, gap_s in zip("12" * len(_GAPS_S), _GAPS_S * 2, strict=True):
            yield _press(server, key)
            time.sleep(gap_s)


def _press(server: Simulated, key: str) -> float:
    """Press a key; returns the milliseconds until the terminal had what it leads to."""
    terminal = server.terminal
    if terminal is None:
        raise BrokenError("there is no terminal to press keys in")
    terminal.expect(_SHOWN_BY[key])
    pressed_at = perf_counter()
    os.write(terminal.master, key.encode())
    return (terminal.shown_at() - pressed_at) * 1000
