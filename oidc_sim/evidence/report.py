"""Evidence for people: what the client did, each sign-in with its timeline, and every request.

Markdown in which a stranger's text does nothing: it stands as code, without a character that moves ink.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from oidc_sim import __version__
from oidc_sim.coach.verdict import RULE
from oidc_sim.evidence.har import head_bytes, text
from oidc_sim.evidence.selection import SignIn, Taken
from oidc_sim.printable import printable
from oidc_sim.record.exchange import Exchange
from oidc_sim.redact import as_sent, redact, redact_text

MAX_REQUESTS = 2000
"""Rows of the table: what a person can scroll through. All are in the archive."""
_QUOTED = 200
"""Characters of a stranger's text."""
_FENCES = re.compile("`+")


def report(taken: Taken) -> str:
    """The whole of it; times are UTC by the simulated clock."""
    return "\n".join([*_top(taken), *_sign_ins(taken), *_requests(taken.exchanges)]) + "\n"


def _top(taken: Taken) -> Iterator[str]:
    yield f"# What the client did: {taken.title}"
    yield ""
    yield (
        f"Taken by oidc-sim {__version__} at {_day(taken.at)}, from {quoted(taken.url)}. Times are UTC "
        "by the simulated clock; secrets are cut to their ends."
    )
    yield ""
    exchanges = taken.exchanges
    yield f"- {len(exchanges):,} request{'' if len(exchanges) == 1 else 's'}"
    yield from (f"- {count:,} x {what}" for what, count in _kinds(exchanges).most_common())
    yield from (f"- user agent: {quoted(agent)}" for agent in _agents(exchanges))
    yield ""


def _kinds(exchanges: Iterable[Exchange]) -> Counter[str]:
    return Counter(
        f"{quoted(it.operation or it.method)}: {it.status} {quoted(it.outcome)}" for it in exchanges
    )


def _agents(exchanges: Iterable[Exchange]) -> list[str]:
    agents = (
        text(value)
        for it in exchanges
        for name, value in it.request_headers
        if name.lower() == b"user-agent"
    )
    return list(dict.fromkeys(agents))


def _sign_ins(taken: Taken) -> Iterator[str]:
    for sign_in in taken.sign_ins:
        yield f"## Sign-in {sign_in.user_code}"
        yield ""
        yield from _facts(sign_in)
        yield ""
        yield "| time | what | detail |"
        yield "|---|---|---|"
        for moment in sign_in.moments:
            yield f"| {_time(moment.at)} | {moment.what} | {moment.detail} |"
        yield ""


def _facts(sign_in: SignIn) -> Iterator[str]:
    yield f"- {sign_in.kind}, {sign_in.state}, {sign_in.polls:,} polls"
    yield f"- client: {quoted(sign_in.client_name)}"
    yield f"- scopes: {quoted(', '.join(sign_in.scopes))}"
    if sign_in.verdict is not None:
        yield f"- cadence, {RULE}: {sign_in.verdict.text}"
        yield f"- polls that came too early: {sign_in.early_polls:,}"
    if sign_in.waits:
        waits = ", ".join(_wait(*wait) for wait in sign_in.waits)
        yield f"- last waits, seconds waited/asked: {waits}"


def _wait(waited_s: float, asked_s: int, is_too_fast: bool) -> str:  # noqa: FBT001 - as it is kept
    return f"{waited_s:.1f}/{asked_s}{' too fast' if is_too_fast else ''}"


def _requests(exchanges: tuple[Exchange, ...]) -> Iterator[str]:
    yield "## Requests"
    yield ""
    if len(exchanges) > MAX_REQUESTS:
        yield f"The newest {MAX_REQUESTS:,} of {len(exchanges):,}; the archive has all of them."
        yield ""
    yield "| # | time | request | status | outcome | took | bytes in | bytes out |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from map(_row, exchanges[-MAX_REQUESTS:])


def _row(it: Exchange) -> str:
    target = _cell(text(redact(as_sent(it.target))))
    cells = (
        f"{it.number}",
        _time(it.at),
        f"{_cell(it.method)} {target}",
        f"{it.status or 'none'}",
        _cell(it.outcome) + (f", fault {_cell(it.fault)}" if it.fault else ""),
        f"{it.took_s * 1000:.1f} ms",
        f"{head_bytes(it) + len(it.request_body):,}",
        f"{len(it.response_head) + len(it.response_body):,}",
    )
    return f"| {' | '.join(cells)} |"


def quoted(words: str) -> str:
    """A text as code, which Markdown and a terminal show and do not obey: no link, no mention, no secret."""
    words = redact_text(words)
    shown = printable(words if len(words) <= _QUOTED else words[:_QUOTED] + "...")
    if not shown.strip():
        return "(nothing)"
    longest = max(map(len, _FENCES.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"`{shown}`"


def _cell(words: str) -> str:
    """The same in a table, where a bar would end the cell."""
    return quoted(words).replace("|", "\\|")


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[11:23]
