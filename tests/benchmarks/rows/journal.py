"""What the journal costs those who poll: the same server with it and without, in turn.

Polls are not kept, so the journal must not be felt; whatever else clients do happens seldom.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from tests.benchmarks.arithmetic import paired_ratio
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.polls import Signing, requests
from tests.benchmarks.servers import headless
from tests.benchmarks.turns import rates, raw, take_turns, under_load

_OPTIONS = {"on": "--no-ephemeral", "off": "--ephemeral"}


def figures(effort: Effort) -> Iterator[Figure]:
    """Let two servers take turns."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(headless(it)) for name, it in _OPTIONS.items()}
        signings = {name: Signing(server) for name, server in servers.items()}
        turns = take_turns(
            {
                name: partial(
                    under_load, server, requests(signings[name].bodies, server), effort.turn_s
                )
                for name, server in servers.items()
            },
            effort,
        )
        for name, signing in signings.items():
            signing.check(sum(turn.load.total for turn in turns[name]))
        kept = servers["on"].state()["journal"]
    yield Figure(
        name="polls_journal",
        what="polls a second with the journal, over without",
        measured=paired_ratio(rates(turns["on"]), rates(turns["off"])),
        bound=Bound.AT_LEAST,
        target=0.95,
        raw={**raw(turns), "rows": kept["rows"]},
    )
