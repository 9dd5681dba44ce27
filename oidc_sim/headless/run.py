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

from oidc_sim.actions.running_server import RunningServer
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


async def run(running_server: RunningServer) -> int:
    """Print what happens until a signal; returns the exit code."""
    _stay_awake()
    printer = Printer()
    printer.say(greeting(running_server.url, running_server.settings.output))
    if running_server.settings.seed is not None:
        printer.complain(f"SEED {running_server.settings.seed}: every id and token can be guessed")
    if running_server.settings.auto_approve:
        printer.complain(HANDS_FREE)
    commands = Commands(
        running_server.simulator,
        printer,
        demos=running_server.demos,
        url=running_server.url,
        journal=running_server.journal,
        output=running_server.settings.output,
    )
    commands.open()
    try:
        return await _print_until_the_end(running_server, printer)
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


async def _print_until_the_end(running_server: RunningServer, printer: Printer) -> int:
    seen = 0
    while not running_server.ending.done():
        seen = _print_news(running_server, printer, seen)
        is_behind = seen < running_server.simulator.log.seq and printer.room
        await asyncio.wait([running_server.ending], timeout=0 if is_behind else PULL_EVERY_S)
    await _print_the_rest(running_server, printer, seen)
    return running_server.ending.result()


async def _print_the_rest(running_server: RunningServer, printer: Printer, seen: int) -> None:
    """Print what happened until the end, unless nobody reads it for a while."""
    log, patience = running_server.simulator.log, GOODBYE_S
    seen = _print_news(running_server, printer, seen)
    while seen < log.seq and patience > 0:
        if not printer.room:
            await asyncio.sleep(LOOKS_FOR_ROOM_EVERY_S)
            patience -= LOOKS_FOR_ROOM_EVERY_S
        seen = _print_news(running_server, printer, seen)
    if left := log.seq - seen:
        printer.complain(f"{left} events were dropped at the end: nobody read them")


def _print_news(running_server: RunningServer, printer: Printer, seen: int) -> int:
    """Print the next lines; gives the number of the last entry that was looked at.

    No more than the printer has room for, an entry being at most a line: what a slow reader has not read
    yet waits in the log.
    """
    for note in running_server.notes:
        printer.complain(note)
    running_server.notes.clear()
    if running_server.settings.output is Output.NONE:
        return running_server.simulator.log.seq
    if not printer.room:
        return seen
    entries = running_server.simulator.log.entries
    if (missed := entries.dropped - seen) > 0:
        printer.complain(f"{missed} events were dropped before they could be printed")
    output = running_server.settings.output
    fitting = islice(entries.since(seen), min(ENTRIES_AT_ONCE[output], printer.room))
    news = PrintedNews(fitting, seen)
    for line in lines_of(news, output):
        printer.say(line)
        news.lines += 1
    return news.read


@dataclass(slots=True)
class PrintedNews:
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
