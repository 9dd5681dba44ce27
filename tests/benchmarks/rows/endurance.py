"""What a million requests leave behind: throughput and memory, with the screen live."""

from collections.abc import Iterator

from tests.benchmarks.arithmetic import paired_ratio
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.polls import Signing, requests
from tests.benchmarks.servers import Simulated, headless, on_screen
from tests.benchmarks.turns import Turn, rates, raw, take_turns, under_load

_CHUNK_S = 2.0
_YOUNG_S = 1.0
"""About ten thousand requests."""


def figures(effort: Effort) -> Iterator[Figure]:
    """Let one server grow old, then let it take turns with new ones."""
    with headless() as server:
        headless_mb = server.memory_mb()
    with on_screen() as server:
        at_start_mb = server.memory_mb()
        old = Signing(server)
        polls = requests(old.bodies, server)
        settled_mb = _grow(server, old, polls, effort.settled)
        end_mb = _grow(server, old, polls, effort.requests)
        turns = take_turns(
            {"old": lambda: under_load(server, polls, _YOUNG_S), "new": _young}, effort
        )
    yield Figure(
        name="throughput_at_end",
        what=f"polls a second after {effort.requests:,} requests, over the first 10,000",
        measured=paired_ratio(rates(turns["old"]), rates(turns["new"])),
        bound=Bound.AT_LEAST,
        target=0.95,
        raw=raw(turns),
    )
    yield Figure(
        name="memory_start",
        what="memory at the first frame",
        measured=at_start_mb,
        bound=Bound.AT_MOST,
        target=90,
        unit="MB",
        raw={"headless_mb": round(headless_mb, 1)},
    )
    yield Figure(
        name="memory_growth",
        what=f"memory from {effort.settled:,} to {effort.requests:,} requests",
        measured=end_mb - settled_mb,
        bound=Bound.AT_MOST,
        target=5,
        unit="MB",
        raw={"settled_mb": round(settled_mb, 1), "end_mb": round(end_mb, 1)},
    )


def _grow(server: Simulated, signing: Signing, polls: list[bytes], until: int) -> float:
    """Poll until the server has seen that many; returns its memory."""
    while signing.answered < until:
        signing.check(under_load(server, polls, _CHUNK_S).load.total)
    return server.memory_mb()


def _young() -> Turn:
    with on_screen() as server:
        signing = Signing(server)
        turn = under_load(server, requests(signing.bodies, server), _YOUNG_S)
        signing.check(turn.load.total)
    return turn
