"""A load generator: N keep-alive connections that send the same request again and again.

By hand so that a benchmark needs nothing but pip packages. It is an ``asyncio.Protocol`` that looks
only for the end of each answer, and it runs in a process of its own; ``ceiling`` measures how fast it
can go, against a server that does no HTTP at all.

``python tests/benchmarks/load.py PORT CONNECTIONS SECONDS < REQUEST`` prints one JSON line.
"""

import asyncio
import json
import subprocess
import sys
from array import array
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

_WARM_UP = 0.2
"""Part of the time that is run before anything is counted."""
_LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True, slots=True)
class Load:
    """What a run measured. Latencies are milliseconds."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    answers: int
    errors: int


class Tally:
    """Counts answers, from a moment on."""

    def __init__(self, counts_from: float, ends_at: float) -> None:
        self.counts_from = counts_from
        self.ends_at = ends_at
        self.latencies_s = array("d")
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
        if self._buffer or len(data) != self._answer_length or not data.startswith(b"HTTP/1.1 "):
            self._buffer += data
            end = end_of_answer(self._buffer)
            if end is None:
                return
            self._answer_length = end
            self._buffer = self._buffer[end:]
        now = perf_counter()
        tally = self._tally
        if self._sent_at >= tally.counts_from:
            tally.latencies_s.append(now - self._sent_at)
        if now < tally.ends_at:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if perf_counter() < self._tally.ends_at:
            self._tally.errors += 1
        if not self._done.done():
            self._done.set_result(None)


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


async def drive(port: int, request: bytes, connections: int, seconds: float) -> Load:
    """Run the load in this process's loop."""
    loop = asyncio.get_running_loop()
    start = perf_counter()
    tally = Tally(start + seconds * _WARM_UP, start + seconds)
    endings = [loop.create_future() for _ in range(connections)]
    for done in endings:
        await loop.create_connection(partial(Client, request, tally, done), "127.0.0.1", port)
    await asyncio.gather(*endings)
    return _summary(tally, seconds * (1 - _WARM_UP))


def _summary(tally: Tally, counted_s: float) -> Load:
    ordered = sorted(tally.latencies_s) or [0.0]
    return Load(
        requests_per_s=round(len(tally.latencies_s) / counted_s, 1),
        p50_ms=round(ordered[len(ordered) // 2] * 1000, 3),
        p99_ms=round(ordered[len(ordered) * 99 // 100] * 1000, 3),
        worst_ms=round(ordered[-1] * 1000, 3),
        answers=len(tally.latencies_s),
        errors=tally.errors,
    )


def run(port: int, request: bytes, connections: int = 64, seconds: float = 3.0) -> Load:
    """Run the load in a process of its own.

    Raises:
        subprocess.CalledProcessError: the load generator failed.
    """
    command = [sys.executable, str(Path(__file__)), str(port), str(connections), str(seconds)]
    done = subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True)
    return Load(**json.loads(done.stdout))


def post(path: str, body: bytes, port: int, headers: str = "") -> bytes:
    """The bytes of a POST as botocore sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: identity\r\n"
        "User-Agent: Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.1 md/arch#x86_64 "
        "lang/python#3.11.7 md/pyimpl#CPython m/b,Z cfg/retry-mode#legacy Botocore/1.40.0\r\n"
        f"Content-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    _port, _connections, _seconds = sys.argv[1:]
    _load = asyncio.run(
        drive(int(_port), sys.stdin.buffer.read(), int(_connections), float(_seconds))
    )
    print(json.dumps(asdict(_load)))  # noqa: T201 - the parent reads it
