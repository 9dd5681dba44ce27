"""Evidence for people: what the client did, each sign-in with its timeline, and every request.

Markdown in which a stranger's text does nothing: it stands as code, without a character that moves ink.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice

from oidc_sim import __version__
from oidc_sim.conformance.cadence import RULE
from oidc_sim.evidence.allowance import Allowance, decoded
from oidc_sim.evidence.har import head_bytes
from oidc_sim.evidence.selection import SelectedSignIn, Taken
from oidc_sim.record.exchange import Exchange
from oidc_sim.text.printable import printable
from oidc_sim.text.redact import as_sent

MAX_REQUESTS = 2000
"""Rows of the table: what a person can scroll through. All are in the archive."""
_QUOTED = 200
"""Characters of a stranger's text."""
_LOOKED_AT = 1024
"""Characters in which secrets are looked for: one that begins in those that are shown ends there."""
_LISTED = 100
"""User agents, and kinds of answers."""
_FENCES = re.compile("`+")

Quote = Callable[[str], str]
"""Shows a stranger's text as code, see ``quoted``."""


def report(taken: Taken, allowance: Allowance, left_out: int = 0) -> str:
    """Write the report; times are UTC by the simulated clock.

    ``left_out`` counts the texts that the other forms show only the beginning of.
    """
    quote = partial(quoted, allowance)
    parts = (_top(taken, quote, left_out), _sign_ins(taken, quote), _requests(taken, quote))
    return "\n".join(chain.from_iterable(parts)) + "\n"


def _top(taken: Taken, quote: Quote, left_out: int) -> Iterator[str]:
    yield f"# What the client did: {taken.title}"
    yield ""
    yield (
        f"Taken by oidc-sim {__version__} at {_day(taken.at)}, from {quote(taken.url)}. Times are UTC "
        "by the simulated clock; secrets are cut to their ends."
    )
    yield ""
    exchanges = taken.exchanges
    yield f"- {len(exchanges):,} request{'' if len(exchanges) == 1 else 's'}"
    if left_out:
        yield (
            f"- {left_out:,} bodies, headers or names were too much: of them the beginning is shown, "
            "or nothing; the newest are whole"
        )
    kinds = _kinds(exchanges, quote).most_common()
    yield from _first(f"- {count:,} x {what}" for what, count in kinds)
    yield from _first(f"- user agent: {quote(agent)}" for agent in _agents(exchanges))
    yield ""


def _first(lines: Iterable[str]) -> Iterator[str]:
    rest = iter(lines)
    yield from islice(rest, _LISTED)
    if more := sum(1 for _ in rest):
        yield f"- and {more:,} more of these"


def _kinds(exchanges: Iterable[Exchange], quote: Quote) -> Counter[str]:
    return Counter(
        f"{quote(it.operation or it.method)}: {it.status} {quote(it.outcome)}" for it in exchanges
    )


def _agents(exchanges: Iterable[Exchange]) -> list[str]:
    agents = (
        decoded(value)
        for it in exchanges
        for name, value in it.request_headers
        if name.lower() == b"user-agent"
    )
    return list(dict.fromkeys(agents))


def _sign_ins(taken: Taken, quote: Quote) -> Iterator[str]:
    for sign_in in taken.sign_ins:
        yield f"## Sign-in {sign_in.user_code}"
        yield ""
        yield from _facts(sign_in, quote)
        yield ""
        yield "| time | what | detail |"
        yield "|---|---|---|"
        for moment in sign_in.moments:
            yield f"| {_time(moment.at)} | {moment.what} | {moment.detail} |"
        yield ""


def _facts(sign_in: SelectedSignIn, quote: Quote) -> Iterator[str]:
    yield f"- {sign_in.kind}, {sign_in.state}, {sign_in.polls:,} polls"
    yield f"- client: {quote(sign_in.client_name)}"
    yield f"- scopes: {quote(', '.join(sign_in.scopes))}"
    if sign_in.verdict is not None:
        yield f"- cadence, {RULE}: {sign_in.verdict.text}"
        yield f"- polls that came too early: {sign_in.early_polls:,}"
    if sign_in.waits:
        waits = ", ".join(_wait(*wait) for wait in sign_in.waits)
        yield f"- last waits, seconds waited/asked: {waits}"


def _wait(waited_s: float, asked_s: int, is_too_fast: bool) -> str:  # noqa: FBT001 - as it is kept
    return f"{waited_s:.1f}/{asked_s}{' too fast' if is_too_fast else ''}"


def _requests(taken: Taken, quote: Quote) -> Iterator[str]:
    exchanges = taken.exchanges
    yield "## Requests"
    yield ""
    if len(exchanges) > MAX_REQUESTS:
        yield f"The newest {MAX_REQUESTS:,} of {len(exchanges):,}; the archive has all of them."
        yield ""
    yield "| # | time | request | status | outcome | took | bytes in | bytes out |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from (_row(exchange, quote) for exchange in exchanges[-MAX_REQUESTS:])


def _row(it: Exchange, quote: Quote) -> str:
    def cell(words: str) -> str:
        """In a table, a bar would end the cell."""
        return quote(words).replace("|", "\\|")

    target = cell(decoded(as_sent(it.target)))
    cells = (
        f"{it.number}",
        _time(it.at),
        f"{cell(it.method)} {target}",
        f"{it.status or 'none'}",
        cell(it.outcome) + (f", fault {cell(it.fault)}" if it.fault else ""),
        f"{it.took_s * 1000:.1f} ms",
        f"{head_bytes(it) + len(it.request_body):,}",
        f"{len(it.response_head) + len(it.response_body):,}",
    )
    return f"| {' | '.join(cells)} |"


def quoted(allowance: Allowance, words: str) -> str:
    """Show a text as code, which Markdown and a terminal do not obey: no link, no mention, no secret."""
    cut = allowance.words(words[:_LOOKED_AT])
    shown = printable(cut if len(cut) <= _QUOTED else cut[:_QUOTED] + "...")
    if not shown.strip():
        return "(nothing)"
    longest = max(map(len, _FENCES.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"`{shown}`"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[11:23]
