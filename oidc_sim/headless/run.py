"""Serves without a screen: what happens comes out as lines, commands go in as lines.

A character grid cannot be made accessible; a line of text or JSON for each event can, and CI reads it
too. ``text`` makes the lines, ``printer`` writes them, ``commands`` reads the others. With ``--output json``
every line on standard output is a JSON object; what is for people only goes to standard error.

It must never import Textual, or wait for whoever reads its output.
"""

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from oidc_sim.actions.running_server import Desk
from oidc_sim.headless.commands import Commands
from oidc_sim.headless.printer import GOODBYE_S, Printer
from oidc_sim.headless.text import HANDS_FREE, greeting, lines_of
from oidc_sim.record.log import Entry
from oidc_sim.settings.model import Output

PULL_EVERY_S = 0.1
ENTRIES_AT_ONCE = {Output.TEXT: 5000, Output.JSON: 200}
"""Then clients get their turn: none of these takes longer than a few milliseconds."""
LINES_AT_ONCE = 200
"""The same where nearly every entry is a line, as when thousands of held requests are released."""
LOOKS_FOR_ROOM_EVERY_S = 0.01


async def run(desk: Desk) -> int:
    """Print what happens until a signal; returns the exit code."""
    _stay_awake()
    printer = Printer()
    printer.say(greeting(desk.url, desk.settings.output))
    if desk.settings.seed is not None:
        printer.complain(f"SEED {desk.settings.seed}: every id and token can be guessed")
    if desk.settings.auto_approve:
        printer.complain(HANDS_FREE)
    commands = Commands(
        desk.simulator,
        printer,
        demos=desk.demos,
        url=desk.url,
        journal=desk.journal,
        output=desk.settings.output,
    )
    commands.open()
    try:
        return await _print_until_the_end(desk, printer)
    finally:
        commands.close()
        commands.abandon()
        printer.close()


def _stay_awake() -> None:
    """Let no terminal stop the server for being in the background (``serve &``).

    Reading then fails, which ``commands`` expects, and writing works even after ``stty tostop``.
    """
    for number in (signal.SIGTTIN, signal.SIGTTOU):
        signal.signal(number, signal.SIG_IGN)


async def _print_until_the_end(desk: Desk, printer: Printer) -> int:
    seen = 0
    while not desk.ending.done():
        seen = _print_news(desk, printer, seen)
        is_behind = seen < desk.simulator.log.seq and printer.room
        await asyncio.wait([desk.ending], timeout=0 if is_behind else PULL_EVERY_S)
    await _print_the_rest(desk, printer, seen)
    return desk.ending.result()


async def _print_the_rest(desk: Desk, printer: Printer, seen: int) -> None:
    """Print what happened until the end, unless nobody reads it for a while."""
    log, patience = desk.simulator.log, GOODBYE_S
    seen = _print_news(desk, printer, seen)
    while seen < log.seq and patience > 0:
        if not printer.room:
            await asyncio.sleep(LOOKS_FOR_ROOM_EVERY_S)
            patience -= LOOKS_FOR_ROOM_EVERY_S
        seen = _print_news(desk, printer, seen)
    if left := log.seq - seen:
        printer.complain(f"{left} events were dropped at the end: nobody read them")


def _print_news(desk: Desk, printer: Printer, seen: int) -> int:
    """Print the next lines; gives the number of the last entry that was looked at.

    No more than the printer has room for, an entry being at most a line: what a slow reader has not read
    yet waits in the log.
    """
    for note in desk.notes:
        printer.complain(note)
    desk.notes.clear()
    if desk.settings.output is Output.NONE:
        return desk.simulator.log.seq
    if not printer.room:
        return seen
    entries = desk.simulator.log.entries
    if (missed := entries.dropped - seen) > 0:
        printer.complain(f"{missed} events were dropped before they could be printed")
    output = desk.settings.output
    fitting = islice(entries.since(seen), min(ENTRIES_AT_ONCE[output], printer.room))
    news = News(fitting, seen)
    for line in lines_of(news, output):
        printer.say(line)
        news.lines += 1
    return news.read


@dataclass(slots=True)
class News:
    """Yields entries until enough lines were made of them."""

    entries: Iterator[Entry]
    read: int
    """Number of the last one that was read."""
    lines: int = 0
    """Lines so far, counted by whoever makes them."""

    def __iter__(self) -> Iterator[Entry]:
        while self.lines < LINES_AT_ONCE and (entry := next(self.entries, None)) is not None:
            self.read = entry.seq
            yield entry
