"""An app whose loop's heart beats into a FIFO: `python -m tests.tui.beating_app FIFO [WAY]`.

It repaints a full screen twenty times a second, so a terminal that does not read is full soon.
Ways: `unwatched` does without `TerminalWatch` and with Textual's own driver, `nohup` ignores
SIGHUP, `quiet` says its last words when painting was paused, and changes nothing any more.
"""

import asyncio
import signal
import sys
from pathlib import Path
from typing import IO

from textual.app import App, ComposeResult
from textual.widgets import Static

from oidc_sim.tui.terminal import PatientDriver, TerminalWatch


class BeatingApp(App[None]):
    """Counts frames on the screen and beats."""

    CSS = "Static { height: 1fr; }"

    def __init__(self, fifo: IO[str], way: str) -> None:
        is_watched = way != "unwatched"
        super().__init__(driver_class=PatientDriver if is_watched else None)
        self._fifo = fifo
        self._is_quiet = way == "quiet"
        self._has_spoken = False
        self._watch = TerminalWatch(self) if is_watched else None
        self._frames = 0

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def on_mount(self) -> None:
        self.set_interval(0.05, self._beat)

    def on_unmount(self) -> None:
        self._fifo.write("unmounted\n")

    def _beat(self) -> None:
        self._frames += 1
        self._fifo.write(f"beat {self._frames}\n")
        if self._watch is not None:
            self._watch.look()
            self._fifo.write(f"paused {self._watch.is_paused}\n")
        if self._has_spoken:
            return
        if self._is_quiet and self._watch is not None and self._watch.is_paused:
            self._has_spoken = True
            self.query_one(Static).update("last words")
            return
        self.query_one(Static).update(f"frame {self._frames} " * 600)


async def run(fifo: IO[str], way: str) -> int:
    app = BeatingApp(fifo, way)
    loop = asyncio.get_running_loop()
    if way == "nohup":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGHUP, lambda: app.exit(return_code=129))
    loop.add_signal_handler(signal.SIGTERM, lambda: app.exit(return_code=143))
    await app.run_async()
    return app.return_code or 0


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", buffering=1, encoding="ascii") as fifo:
        sys.exit(asyncio.run(run(fifo, sys.argv[2] if sys.argv[2:] else "watched")))
