"""Polls a second and their latency, over bare aiohttp's: without a screen and with it."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from tests.benchmarks.arithmetic import paired_ratio
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.polls import Signing, requests
from tests.benchmarks.servers import headless, on_screen, yardstick
from tests.benchmarks.turns import doubt, p99s_ms, rates, raw, take_turns, under_load


def figures(effort: Effort) -> Iterator[Figure]:
    """Measure everything in one interleaved run, so that all figures share their yardstick."""
    with ExitStack() as stack:
        simulated = {
            "headless": stack.enter_context(headless()),
            "screen": stack.enter_context(on_screen()),
        }
        signings = {name: Signing(server) for name, server in simulated.items()}
        bodies = signings["headless"].bodies
        yardsticks = {name: stack.enter_context(yardstick(name)) for name in ("echo", "bare")}
        polls = {
            **{name: (it, requests(bodies, it)) for name, it in yardsticks.items()},
            **{name: (it, requests(signings[name].bodies, it)) for name, it in simulated.items()},
        }
        turns = take_turns(
            {name: partial(under_load, *it, effort.turn_s) for name, it in polls.items()}, effort
        )
        for name, signing in signings.items():
            signing.check(sum(turn.load.total for turn in turns[name]))
    limit = doubt(turns["echo"], turns["bare"], turns["headless"], turns["screen"])
    bare_rates = rates(turns["bare"])
    yield Figure(
        name="polls_headless",
        what="polls a second without a screen, over bare aiohttp",
        measured=paired_ratio(rates(turns["headless"]), bare_rates),
        bound=Bound.AT_LEAST,
        target=0.85,
        doubt=limit,
        raw=raw(turns),
    )
    yield Figure(
        name="polls_screen",
        what="polls a second with the screen live, over bare aiohttp",
        measured=paired_ratio(rates(turns["screen"]), bare_rates),
        bound=Bound.AT_LEAST,
        target=0.75,
        doubt=limit,
    )
    yield Figure(
        name="p99_screen",
        what="p99 of a poll with the screen live, over bare aiohttp",
        measured=paired_ratio(p99s_ms(turns["screen"]), p99s_ms(turns["bare"])),
        bound=Bound.AT_MOST,
        target=3,
        doubt=limit,
    )
