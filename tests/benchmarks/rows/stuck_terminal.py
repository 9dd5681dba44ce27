"""Polls while the terminal does not read, as after Ctrl-S or behind a stuck ssh."""

from collections.abc import Iterator

from tests.benchmarks.arithmetic import paired_ratio
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.polls import Signing, requests
from tests.benchmarks.servers import BrokenError, Simulated, on_screen
from tests.benchmarks.turns import Turn, p99s_ms, raw, take_turns, under_load


def figures(effort: Effort) -> Iterator[Figure]:
    """Compare p99 of a terminal that reads with p99 of the same one while it does not."""
    with on_screen() as server:
        signing = Signing(server)
        polls = requests(signing.bodies, server)
        turns = take_turns(
            {
                "reading": lambda: under_load(server, polls, effort.turn_s),
                "stuck": lambda: _stuck(server, polls, effort.turn_s),
            },
            effort,
        )
        signing.check(sum(turn.load.total for of_one in turns.values() for turn in of_one))
    yield Figure(
        name="stuck_terminal",
        what="p99 of a poll while the terminal does not read, over while it does",
        measured=paired_ratio(p99s_ms(turns["stuck"]), p99s_ms(turns["reading"])),
        bound=Bound.AT_MOST,
        target=1.1,
        raw=raw(turns),
    )


def _stuck(server: Simulated, polls: list[bytes], seconds: float) -> Turn:
    """The warm-up of the load is enough frames to fill the pty and Textual's queue."""
    terminal = server.terminal
    if terminal is None:
        raise BrokenError("there is no terminal to be stuck")
    terminal.pause()
    try:
        return under_load(server, polls, seconds)
    finally:
        terminal.resume()
