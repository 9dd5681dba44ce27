"""Prints lines from a thread of its own."""

import os
import queue
import select
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter

from oidc_sim.text.printable import printable
from oidc_sim.text.redact import redact_text

STDOUT, STDERR = 1, 2
LINES_WAITING = 5000
"""More than that and nobody reads: lines are dropped and counted. An answer is one, however long."""
BYTES_WAITING = 32 * 1024 * 1024
"""The same, for long answers."""
GOODBYE_S = 0.5
"""Seconds that a reader has for what waits when the program ends."""


class Printer:
    """Writes lines from a thread: a pipe that nobody reads must not stop the server.

    It is the border to the terminal: whatever it is given, it prints no control character (T-01).
    """

    def __init__(self, stdout: int = STDOUT, stderr: int = STDERR) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._waiting: queue.Queue[tuple[int, bytes] | None] = queue.Queue(LINES_WAITING)
        self._dropped = 0
        self._bytes_waiting = 0
        self._counting = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="printer", daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        """Print on standard output."""
        self._put(self._stdout, [line])

    def answer(self, lines: Sequence[str]) -> None:
        """Print what somebody asked for on standard output: all of its lines, or none."""
        self._put(self._stdout, lines)

    def complain(self, line: str) -> None:
        """Print on standard error, without the secrets that somebody typed or an exception quotes."""
        self._put(self._stderr, [f"oidc-sim: {redact_text(line)}"])

    @property
    def room(self) -> int:
        """Lines that can still wait; 0 while nobody reads. What is not handed over yet is not dropped."""
        if self._bytes_waiting >= BYTES_WAITING:
            return 0
        return max(0, LINES_WAITING - self._waiting.qsize())

    def close(self) -> None:
        """Give what waits a moment to be read."""
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(GOODBYE_S)

    def _put(self, descriptor: int, lines: Sequence[str]) -> None:
        data = "".join(f"{printable(line)}\n" for line in lines).encode()
        if self._bytes_waiting + len(data) > BYTES_WAITING:
            self._dropped += len(lines)
            return
        if self._dropped:
            message = f"oidc-sim: {self._dropped} lines were dropped: nobody read them\n"
            if self._enqueue(self._stderr, message.encode()):
                self._dropped = 0
        if self._dropped or not self._enqueue(descriptor, data):
            self._dropped += len(lines)

    def _enqueue(self, descriptor: int, data: bytes) -> bool:
        try:
            self._waiting.put_nowait((descriptor, data))
        except queue.Full:
            return False
        self._count(len(data))
        return True

    def _count(self, size: int) -> None:
        with self._counting:
            self._bytes_waiting += size

    def _work(self) -> None:
        """Write whatever waits in one go: each write has to wait for its turn among the threads."""
        closed: set[int] = set()
        is_open = True
        while is_open:
            items = self._all_that_wait()
            is_open = items[-1] is not None
            for descriptor, same in groupby(filter(None, items), itemgetter(0)):
                data = b"".join(data for _, data in same)
                if descriptor not in closed:
                    try:
                        _write_all(descriptor, data)
                    except OSError:
                        closed.add(descriptor)  # the reader has gone; the server goes on
                self._count(-len(data))

    def _all_that_wait(self) -> list[tuple[int, bytes] | None]:
        """Wait for at least one item; None is the last that will ever come."""
        items = [self._waiting.get()]
        with suppress(queue.Empty):
            while items[-1] is not None:
                items.append(self._waiting.get_nowait())
        return items


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:  # somebody who shares the terminal made it so
            select.select([], [descriptor], [])
