"""A load generator: N keep-alive connections, each of which sends its request again and again.

By hand so that a benchmark needs nothing but pip packages. It is an ``asyncio.Protocol`` that looks
only at an answer's first line and for its end, and it runs in a process of its own; ``echo`` shows how
fast it can go.

``python -m tests.benchmarks.load PORT CONNECTIONS SECONDS [--sleeps] < REQUESTS`` prints one JSON line; the
requests are a JSON list of texts, which the connections take in turn.
"""

import asyncio
import json
import selectors
import subprocess
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from time import perf_counter

from tests.benchmarks.arithmetic import percentile

_WARM_UP = 0.2
"""Part of the time that is run before anything is counted."""
_GRACE_S = 5.0
"""How long an answer may be late at the end; then it counts as an error of that latency."""
_LOOKS = 20
"""In that time. A machine that stands still for a while then takes one of them, not all."""
EXPECTED = b"HTTP/1.1 400 "
"""How the answer to a poll begins while nobody has decided."""
_SLEEPS = "--sleeps"
_LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True, slots=True)
class Load:
    """What a run measured. Latencies are milliseconds."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    total: int
    """Answers, those of the warm-up included."""
    errors: int
    """Other answers than the expected one, connections that broke, and answers that never came."""


class Restless(selectors.DefaultSelector):
    """Never sleeps, so that no answer has to wake this process.

    To wake one costs the server up to 10 µs an answer, a quarter of a poll, and only a server that is
    slower than this generator would pay: the generator would be part of what is measured.
    """

    def select(self, _timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(0)


class Tally:
    """Counts answers: all of them, and from a moment on their latencies."""

    def __init__(self, counts_from: float, ends_at: float) -> None:
        self.counts_from = counts_from
        self.ends_at = ends_at
        self.latencies_s = array("d")
        self.total = 0
        self.errors = 0


class Client(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends again."""

    def __init__(self, request: bytes, tally: Tally, done: "asyncio.Future[None]") -> None:
        self._request = request
        self._tally = tally
        self._done = done
        self._buffer = b""
        self._answer_length = 0
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent_at = perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        # Answers to the same request are mostly of the same length, and come in one piece.
        if self._buffer or len(data) != self._answer_length or not data.startswith(EXPECTED):
            data = self._buffer = self._buffer + data
            end = end_of_answer(data)
            if end is None:
                return
            self._tally.errors += not data.startswith(EXPECTED)
            self._answer_length = end
            self._buffer = data[end:]
        now = perf_counter()
        tally = self._tally
        tally.total += 1
        if self._sent_at >= tally.counts_from:
            tally.latencies_s.append(now - self._sent_at)
        if now < tally.ends_at:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.errors += perf_counter() < self._tally.ends_at
        if not self._done.done():
            self._done.set_result(None)

    def give_up(self) -> None:
        """Count an answer that did not come."""
        if not self._done.done():
            self._tally.errors += 1
            self._tally.latencies_s.append(perf_counter() - self._sent_at)
            self._transport.abort()


def end_of_answer(data: bytes) -> int | None:
    """Where the first answer in ``data`` ends, or None if it is not whole. Content-Length only."""
    end_of_head = data.find(b"\r\n\r\n")
    if end_of_head < 0:
        return None
    at = data[: end_of_head + 2].lower().find(_LENGTH)
    if at < 0:
        return end_of_head + 4
    length = int(data[at + len(_LENGTH) : data.index(b"\r\n", at + 2)])
    end = end_of_head + 4 + length
    return end if len(data) >= end else None


async def drive(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Run the load in this process's loop."""
    loop = asyncio.get_running_loop()
    start = perf_counter()
    tally = Tally(start + seconds * _WARM_UP, start + seconds)
    endings = [loop.create_future() for _ in range(connections)]
    clients: list[Client] = []
    for at, done in enumerate(endings):
        make = partial(Client, requests[at % len(requests)], tally, done)
        clients.append((await loop.create_connection(make, "127.0.0.1", port))[1])
    await asyncio.wait(endings, timeout=seconds)
    for _ in range(_LOOKS):
        await asyncio.wait(endings, timeout=_GRACE_S / _LOOKS)
    for client in clients:
        client.give_up()
    return _summary(tally, seconds * (1 - _WARM_UP))


def _summary(tally: Tally, counted_s: float) -> Load:
    latencies_ms = [it * 1000 for it in tally.latencies_s] or [0.0]
    return Load(
        requests_per_s=round(len(tally.latencies_s) / counted_s, 1),
        p50_ms=round(percentile(latencies_ms, 50), 3),
        p99_ms=round(percentile(latencies_ms, 99), 3),
        worst_ms=round(max(latencies_ms), 3),
        total=tally.total,
        errors=tally.errors,
    )


def run(
    port: int,
    requests: Sequence[bytes],
    connections: int = 64,
    seconds: float = 3.0,
    *,
    sleeps: bool = False,
) -> Load:
    """Run the load in a process of its own.

    Args:
        port: of the server, on 127.0.0.1.
        requests: what the connections send, each its own again and again.
        connections: how many there are.
        seconds: how long.
        sleeps: leave the processor to others while no answer is there.

    Raises:
        subprocess.SubprocessError: the load generator failed, or took far too long.
    """
    module = "tests.benchmarks.load"
    command = [sys.executable, "-m", module, str(port), str(connections), str(seconds)]
    if sleeps:
        command.append(_SLEEPS)
    done = subprocess.run(
        command,
        input=json.dumps([it.decode("ascii") for it in requests]).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 10 * _GRACE_S,
    )
    return Load(**json.loads(done.stdout))


if __name__ == "__main__":
    _port, _connections, _seconds, *_options = sys.argv[1:]
    _requests = [it.encode("ascii") for it in json.load(sys.stdin)]
    _selector = selectors.DefaultSelector() if _SLEEPS in _options else Restless()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_selector)) as _runner:
        _load = _runner.run(drive(int(_port), _requests, int(_connections), float(_seconds)))
    print(json.dumps(asdict(_load)))  # noqa: T201 - the parent reads it
