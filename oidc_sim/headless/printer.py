"""Lines out, by a thread of their own."""

import os
import queue
import sys
import threading

LINES_WAITING = 1000
"""More than that and nobody reads: lines are dropped and counted."""


class Printer:
    """Writes lines from a thread of its own: a pipe that nobody reads must not stop the server."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[int, bytes] | None] = queue.Queue(LINES_WAITING)
        self._dropped = 0
        self._thread = threading.Thread(target=self._work, name="printer", daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        """Print on standard output."""
        self._put(sys.__stdout__.fileno() if sys.__stdout__ else 1, line)

    def complain(self, line: str) -> None:
        """Print on standard error."""
        self._put(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"oidc-sim: {line}")

    def close(self) -> None:
        """Give what waits a moment to be read."""
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(timeout=0.5)

    def _put(self, descriptor: int, line: str) -> None:
        if self._dropped and self._waiting.empty():
            self._waiting.put_nowait((descriptor, b"(%d lines were dropped)\n" % self._dropped))
            self._dropped = 0
        try:
            self._waiting.put_nowait((descriptor, line.encode("utf-8", "replace") + b"\n"))
        except queue.Full:
            self._dropped += 1

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            try:
                os.write(*item)
            except OSError:
                return  # the reader has gone; the server goes on
