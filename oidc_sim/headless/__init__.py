"""The product without a screen: what happens comes out as lines, commands go in as lines.

A character grid cannot be made accessible; a line of text or JSON for each event can (ui.md §3.15),
and CI reads it too. ``text`` makes the lines, ``printer`` writes them, ``commands`` reads the others.

It must never import Textual, or wait for whoever reads its output.
"""

import asyncio

from oidc_sim.desk import Desk
from oidc_sim.headless.commands import Commands
from oidc_sim.headless.printer import Printer
from oidc_sim.headless.text import line_of

PULL_EVERY_S = 0.1


async def run(desk: Desk) -> int:
    """Print what happens until a signal; returns the exit code."""
    printer = Printer()
    printer.say(f"oidc-sim serves on {desk.url}")
    if desk.settings.seed is not None:
        printer.say(f"SEED {desk.settings.seed}: every id and token is repeatable, not secret")
    commands = Commands(desk, printer)
    commands.open()
    try:
        return await _print_until_the_end(desk, printer)
    finally:
        commands.close()
        printer.close()


async def _print_until_the_end(desk: Desk, printer: Printer) -> int:
    seen = 0
    while not desk.ending.done():
        for note in desk.notes:
            printer.complain(note)
        desk.notes.clear()
        for entry in desk.simulator.log.entries.since(seen):
            seen = entry.seq
            line = line_of(entry, desk.settings.output)
            if line is not None:
                printer.say(line)
        await asyncio.wait([desk.ending], timeout=PULL_EVERY_S)
    return desk.ending.result()
