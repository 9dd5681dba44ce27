"""The far end of a pty: reads what a program writes, or does not, as a stuck terminal."""

import os
import re
import select
import threading
from time import perf_counter
from types import TracebackType
from typing import Self

_SEQUENCE = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
"""What a frame is full of between one letter and the next."""
_LOOK_EVERY_S = 0.05
_TAIL_BYTES = 4000
"""Kept of what was written, for whoever asks why."""


class NeverShownError(Exception):
    """The program did not write what it should have."""


class Reader:
    """Reads a terminal in a thread of its own: the pages are not drawn, so that this costs nothing."""

    def __init__(self, master: int) -> None:
        self.master = master
        """To write keys to."""
        self._tail = b""
        self._written = b""
        self._wanted: bytes | None = None
        self._shown_at = 0.0
        self._found = threading.Event()
        self._is_reading = threading.Event()
        self._is_reading.set()
        self._is_over = False
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over = True
        self._is_reading.set()
        self._thread.join()

    def pause(self) -> None:
        """Read nothing any more: soon the program's writes block."""
        self._is_reading.clear()

    def resume(self) -> None:
        """Read again."""
        self._is_reading.set()

    def expect(self, text: str) -> None:
        """Look for a text in what comes from now on; to be called before what leads to it."""
        self._found.clear()
        self._written = b""
        self._wanted = text.encode()

    def shown_at(self, timeout_s: float = 20) -> float:
        """When the expected text was there, on ``perf_counter``'s clock.

        Raises:
            NeverShownError: it did not come in time.
        """
        if not self._found.wait(timeout_s):
            raise NeverShownError(f"{self._wanted!r} did not appear after {self.tail}")
        return self._shown_at

    @property
    def tail(self) -> str:
        """The last of what was written, without escape sequences."""
        return _SEQUENCE.sub(b" ", self._tail).decode("utf-8", "replace")

    def _work(self) -> None:
        while not self._is_over:
            self._is_reading.wait()
            if not select.select([self.master], [], [], _LOOK_EVERY_S)[0]:
                continue
            try:
                data = os.read(self.master, 65536)
            except OSError:  # nobody has the other end any more
                return
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
            if self._wanted is not None:
                self._look(data, perf_counter())

    def _look(self, data: bytes, now: float) -> None:
        self._written += data
        wanted = self._wanted
        if wanted is not None and wanted in _SEQUENCE.sub(b"", self._written):
            self._wanted = None
            self._shown_at = now
            self._found.set()
