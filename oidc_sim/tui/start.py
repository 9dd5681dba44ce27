"""The screen: Textual over the simulator, for the person at the keys.

It pulls. Ten times a second it asks the log what is new and repaints what is visible; nothing is
posted to it for an event, so its cost depends on the rows that can be seen and never on traffic.

::

    cells       printable text in cells: every widget takes ``Printable`` only
    glyphs      the look of a state: glyph, word, role, its colour from any theme; signs for --ascii
    textual_private  what of Textual's own attributes is used, and what is done without them
    terminal    whether it still reads what we write and is still there; and input in its order
    keymap      every key, once: bindings, footer, help, palette and ``docs/keys.md`` are made from it
    moved_keys  the same keys where the user wants them
    panels      which panels a window of some size has room for
    decisions   what keys did, and what ``u`` takes back
    bars/       the lines around the panels, and the page of text
    lists/      the live lists: row sources over the simulator, columns, order, filter
    inspector/  what is said of a row, as lines of text
    dialogs/    what a key asks before it acts
    operator/   the screen that is composed of them, its hints, and what its keys do
    app         timer, toasts, palette, and the end

By hand are the list and the page. Textual's ``DataTable`` keeps its cursor by index, so that a row
that leaves moves the cursor to another device, and one row more costs 50 to 300 ms;
a ``Static`` that grows lays the screen out again.

It must never: paint a ``str`` that is no ``Printable``, let a widget parse markup, know aiohttp,
change the simulator other than by ``dispatch``, or write while the terminal does not read.
"""

import asyncio
import gc
from importlib import import_module

from oidc_sim.actions.running_server import RunningServer

SETTLED_AFTER_S = 1.5
"""Then the screen's own objects are there, and stay: the garbage collector need not look through them,
which took 20 to 45 ms of the clients' time now and then, most often in a young process."""


async def run(running_server: RunningServer) -> int:
    """Show the screen until it is left or a signal comes; returns the exit code.

    Textual is imported here, and in a thread, so that the server answers before and meanwhile.
    """
    await asyncio.to_thread(import_module, "oidc_sim.tui.app")
    from oidc_sim.tui.app import OperatorApp

    app = OperatorApp(running_server)
    settled = asyncio.get_running_loop().call_later(SETTLED_AFTER_S, gc.freeze)
    try:
        await app.run_async()
    finally:
        settled.cancel()
    return app.return_code or 0
