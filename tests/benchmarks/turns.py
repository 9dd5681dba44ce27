"""Servers under load in turn, A B A B …: the only comparison that a noisy machine allows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.benchmarks import load
from tests.benchmarks.effort import Effort
from tests.benchmarks.polls import CONNECTIONS
from tests.benchmarks.servers import BrokenError, Process

_GENERATOR_ROOM = 1.15
"""How much faster the load generator must be able to go than what it measures."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One server under load for a while."""

    load: load.Load
    cpu_us: float
    """Processor time of the server for each request, in microseconds."""


Turns = Mapping[str, Sequence[Turn]]
"""By the server's name, in the order in which they happened."""


def under_load(
    server: Process, polls: Sequence[bytes], seconds: float, *, sleeps: bool = False
) -> Turn:
    """Let all connections poll one server for a while; ``sleeps`` as in ``load.run``.

    Raises:
        BrokenError: an answer was wrong or did not come.
    """
    before_s = server.cpu_s()
    result = load.run(server.port, polls, CONNECTIONS, seconds, sleeps=sleeps)
    if result.errors:
        raise BrokenError(f"{result.errors} of {result.total} polls went wrong")
    return Turn(result, (server.cpu_s() - before_s) * 1e6 / result.total)


def take_turns(runs: Mapping[str, Callable[[], Turn]], effort: Effort) -> dict[str, list[Turn]]:
    """Run each in turn, as often as the effort says."""
    turns: dict[str, list[Turn]] = {name: [] for name in runs}
    for _ in range(effort.turns):
        for name, run in runs.items():
            turns[name].append(run())
    return turns


def rates(turns: Sequence[Turn]) -> list[float]:
    """Requests a second, of each turn."""
    return [turn.load.requests_per_s for turn in turns]


def p99s_ms(turns: Sequence[Turn]) -> list[float]:
    """The 99th percentile of each turn's latencies, in milliseconds."""
    return [turn.load.p99_ms for turn in turns]


def raw(turns: Turns) -> dict[str, Any]:
    """The numbers behind a figure."""
    return {
        name: {
            "requests_per_s": rates(of_one),
            "p99_ms": p99s_ms(of_one),
            "worst_ms": max(turn.load.worst_ms for turn in of_one),
            "cpu_us_per_request": round(median(turn.cpu_us for turn in of_one), 1),
        }
        for name, of_one in turns.items()
    }


def doubt(ceiling: Sequence[Turn], *measured: Sequence[Turn]) -> str:
    """Say when the load generator was what was measured."""
    fastest = max(median(rates(turns)) for turns in measured)
    if median(rates(ceiling)) < _GENERATOR_ROOM * fastest:
        return "the load generator was at its limit"
    return ""
