"""Opens a page in the operator's browser, without a word on the terminal that we draw on."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL

WAITS_FOR_S = 5.0
"""A browser that is still running then was started."""
_OPEN = """
import os, sys, webbrowser
os.environ.pop("TERM", None)  # or a text browser would be tried, which needs the terminal itself
sys.exit(not webbrowser.open(sys.argv[1]))
"""


async def open_page(url: str) -> bool:
    """Open a URL; returns False when there is no browser on this host.

    In a process of its own: ``webbrowser`` blocks, and some browsers write on standard error.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # or a webbrowser.py in the working directory would be run
        "-c",
        _OPEN,
        url,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    try:
        return await asyncio.wait_for(process.wait(), WAITS_FOR_S) == 0
    except TimeoutError:
        return True
