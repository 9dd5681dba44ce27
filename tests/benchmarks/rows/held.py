"""Ten thousand held requests, and what a bystander feels while all of them are released.

The bystander is one connection of a client that no hold means. It polls without a pause, so its longest
wait is the longest stall of the loop.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

from tests.benchmarks import load
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.holder import Crowd, crowd
from tests.benchmarks.polls import Signing, requests
from tests.benchmarks.servers import BrokenError, Simulated, headless, on_screen, wait_until

_HOLD_S = "600"
"""Longer than it takes to hold them all and to look at them."""
_QUIET_S = 2.0
_RELEASE_AFTER_S = 2.5
"""By then the bystander's warm-up is over."""
_WATCHES_S = 6.0


@dataclass(frozen=True, slots=True)
class Release:
    """All were held, and then released."""

    held: int
    """How many the server says there were."""
    quiet_ms: float
    """The bystander's longest wait while they were held."""
    worst_ms: float
    """The same while they were released."""
    p99_ms: float
    took_s: float
    """From the order to the last answer."""
    each_kb: float
    """Memory that the server took for each, in thousands of bytes."""


def figures(effort: Effort) -> Iterator[Figure]:
    """Without a screen, and with it."""
    for name, what, server in (
        ("held_stall", "", headless("--hold", _HOLD_S)),
        ("held_stall_screen", " with the screen live", on_screen("--hold", _HOLD_S)),
    ):
        releases = _releases(server, effort)
        yield Figure(
            name=name.replace("stall", "requests"),
            what=f"requests held at once{what}",
            measured=min(it.held for it in releases),
            bound=Bound.AT_LEAST,
            target=effort.held,
            raw={"kb_each": round(releases[0].each_kb, 1)},
        )
        yield Figure(
            name=name,
            what=f"longest stall while {effort.held:,} held are released{what}",
            measured=median(it.worst_ms for it in releases),
            bound=Bound.AT_MOST,
            target=20,
            unit="ms",
            raw={
                "worst_ms": [it.worst_ms for it in releases],
                "p99_ms": [it.p99_ms for it in releases],
                "worst_while_held_ms": [it.quiet_ms for it in releases],
                "released_in_s": [round(it.took_s, 2) for it in releases],
            },
        )


def _releases(server: AbstractContextManager[Simulated], effort: Effort) -> list[Release]:
    with server as it:
        meant, bystander = Signing(it), Signing(it, codes=1)
        it.control("/_sim/holds", {"client_id": meant.client_id, "times": None})
        before_mb = it.memory_mb()
        with crowd(it.port, requests(meant.bodies, it), effort.held) as waiting:
            turn = partial(_release, it, waiting, requests(bystander.bodies, it), effort.held)
            return [turn(number, before_mb) for number in range(1, effort.releases + 1)]


def _release(
    server: Simulated,
    waiting: Crowd,
    polls: list[bytes],
    many: int,
    number: int,
    before_mb: float,
) -> Release:
    waiting.ask()
    wait_until(lambda: _caught(server) == number * many, f"{many} are held")
    each_kb = (server.memory_mb() - before_mb) * 1000 / many
    quiet = load.run(server.port, polls, 1, _QUIET_S, sleeps=True)
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(load.run, server.port, polls, 1, _WATCHES_S, sleeps=True)
        time.sleep(_RELEASE_AFTER_S)
        began = perf_counter()
        released = server.control("/_sim/requests/release-all", {})["released"]
        answered = waiting.answered()
        took_s = perf_counter() - began
        is_watched = not watching.done()
        watched = watching.result()
    if (answered, watched.errors, is_watched) != (many, 0, True):
        raise BrokenError(f"{answered=}, {watched.errors=}, {is_watched=}")
    return Release(released, quiet.worst_ms, watched.worst_ms, watched.p99_ms, took_s, each_kb)


def _caught(server: Simulated) -> int:
    done: int = server.control("/_sim/holds")["holds"][0]["done"]
    return done
