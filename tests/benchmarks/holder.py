"""Connections that ask and then wait, thousands of them: the clients of held requests.

``python -m tests.benchmarks.holder PORT CONNECTIONS < LINES`` opens the connections and prints a line.
The first line that it reads is a JSON list of requests, which the connections take in turn. With each
further line every connection sends its own, and when all are answered a line says how many of the
answers were such as a poll gets.
"""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle

from tests.benchmarks.load import EXPECTED, end_of_answer
from tests.benchmarks.servers import ROOT, BrokenError

_ENDS_WITHIN_S = 10.0


class Waiting(asyncio.Protocol):
    """One connection, which says when its answer is whole."""

    def __init__(self, request: bytes, answered: "asyncio.Queue[bool]") -> None:
        self._request = request
        self._answered = answered
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self) -> None:
        """Send the request, and wait."""
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = end_of_answer(self._buffer)
        if end is not None:
            self._answered.put_nowait(self._buffer.startswith(EXPECTED))
            self._buffer = self._buffer[end:]

    def connection_lost(self, _error: Exception | None) -> None:
        self._answered.put_nowait(False)


class Crowd:
    """The process of its own, as its parent sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def tell(self, line: str) -> None:
        """Write it a line."""
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def ask(self) -> None:
        """Have every connection send its request; returns at once."""
        self.tell("ask")

    def answered(self) -> int:
        """Wait until all have their answer; returns how many of them a poll gets."""
        return int(self.heard())

    def heard(self) -> str:
        """The next line that it prints.

        Raises:
            BrokenError: It ended.
        """
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise BrokenError("the process whose requests are held has ended")
        return line


@contextmanager
def crowd(port: int, requests: Sequence[bytes], connections: int) -> Iterator[Crowd]:
    """So many connections to a server of this machine, open."""
    command = [sys.executable, "-m", "tests.benchmarks.holder", str(port), str(connections)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        opened = Crowd(process)
        opened.tell(json.dumps([it.decode("ascii") for it in requests]))
        try:
            opened.heard()
            yield opened
        finally:
            process.terminate()
            process.wait(_ENDS_WITHIN_S)


async def _hold(port: int, connections: int) -> None:
    requests = cycle(it.encode("ascii") for it in json.loads(await _line()))
    loop = asyncio.get_running_loop()
    answered: asyncio.Queue[bool] = asyncio.Queue()
    waiting: list[Waiting] = []
    for _ in range(connections):
        make = partial(Waiting, next(requests), answered)
        waiting.append((await loop.create_connection(make, "127.0.0.1", port))[1])
    _say("open")
    while await _line():
        for one in waiting:
            one.ask()
        _say(sum([await answered.get() for _ in waiting]))


def _say(what: object) -> None:
    print(what, flush=True)  # noqa: T201 - the parent reads it


async def _line() -> str:
    return await asyncio.to_thread(sys.stdin.readline)


def _raise_open_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    _raise_open_files()
    asyncio.run(_hold(int(sys.argv[1]), int(sys.argv[2])))
